using System.Text.Json;
using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Operations;

/// <summary>GET /health/live and /health/ready, for load balancers and supervisors.</summary>
internal static class Health
{
    public static void AddHealth(this IServiceCollection services) => services.AddSingleton(provider =>
    {
        var (store, clock) = (provider.GetRequiredService<IPaymentStore>(), provider.GetRequiredService<TimeProvider>());
        return new WriteCheck(() => store.Beat("health", Environment.MachineName, clock.Now(), CancellationToken.None), clock);
    });

    /// <summary>Live: the process answers. Ready: this node can do what its roles promise.</summary>
    public static void MapHealth(this WebApplication app, Roles roles)
    {
        app.MapGet("/health/live", () => Results.Text("live")).WithMetadata(new AccessAttribute(Caller.Supervisor));
        foreach (var path in (string[])["/health", "/health/ready"])
        {
            MapReady(app, path, roles);
        }
    }

    private static void MapReady(WebApplication app, string path, Roles roles) =>
        app.MapGet(path, async (HttpContext context, CancellationToken ct) =>
        {
            var checks = await Checks(context.RequestServices, roles, ct);
            var isReady = checks.All(check => check.IsFine);
            context.Response.Headers.CacheControl = "no-store";
            return Results.Json(
                new
                {
                    ready = isReady,
                    checks = checks.Select(check => new { name = check.Name, fine = check.IsFine, note = check.Note }),
                },
                JsonSerializerOptions.Web,
                statusCode: isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        }).WithMetadata(new AccessAttribute(Caller.Supervisor));

    private static async Task<List<Check>> Checks(IServiceProvider services, Roles roles, CancellationToken ct)
    {
        var storage = await Storage(services, ct);
        var checks = new List<Check> { Node(services), storage };
        if (roles.HasFlag(Roles.Checkout) || roles.HasFlag(Roles.Jobs))
        {
            var isReady = services.GetRequiredService<IAcquirer>().IsReady(forTests: false);
            checks.Add(new Check("card_network", isReady, isReady ? "signed on" : "the line to the switch is not signed on"));
        }

        if (roles.HasFlag(Roles.Jobs))
        {
            checks.Add(Jobs(services));
        }

        if (storage.IsFine && await services.GetRequiredService<HoldGate>().Current(ct) is { } hold)
        {
            // Fine all the same: whatever was paid before must go on being verified and returned.
            checks.Add(new Check("hold", true, $"no new payments since {hold.PlacedAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}: {hold.Reason}"));
        }

        return checks;
    }

    private static Check Node(IServiceProvider services) => services.GetRequiredService<Drain>().HasBegun
        ? new Check("node", false, "leaving: send it nothing new")
        : new Check("node", true, "serving");

    /// <summary>A write that is on disk: a database that only reads is of no use.</summary>
    private static async Task<Check> Storage(IServiceProvider services, CancellationToken ct)
    {
        if (!services.GetRequiredService<StorageEngine>().IsPrepared)
        {
            return new Check("storage", false, "waiting for the database");
        }

        try
        {
            await services.GetRequiredService<WriteCheck>().Succeed(ct);
            return new Check("storage", true, "writable");
        }
        catch (StoreUnavailableException e)
        {
            return new Check("storage", false, e.Message);
        }
    }

    private static Check Jobs(IServiceProvider services)
    {
        var patience = TimeSpan.FromSeconds(services.GetRequiredService<IOptions<JobOptions>>().Value.StaleSeconds);
        var age = services.GetRequiredService<TimeProvider>().Now() - services.GetRequiredService<PaymentJobs>().LastRound;
        return age <= patience
            ? new Check("jobs", true, "running")
            : new Check("jobs", false, "the loop that looks after payments has not come round in time");
    }

    private sealed record Check(string Name, bool IsFine, string Note);
}
