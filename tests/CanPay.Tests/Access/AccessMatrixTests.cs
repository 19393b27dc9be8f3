using CanPay.Gateway.Http;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace CanPay.Tests.Access;

/// <summary>A running gateway does what its routes declare: every route, every caller, own and foreign objects.</summary>
public abstract class AccessMatrixTests
{
    private protected abstract EngineKind Engine { get; }

    [Fact]
    public async Task Every_merchants_call_admits_whom_it_declares_and_tells_nobody_of_anothers()
    {
        await using var town = await Town.Start(Engine);

        None(await new MerchantMatrix(town).Faults(town.Routes));
        await town.World.AssertHealthy();
    }

    [Fact]
    public async Task Every_page_and_form_serves_whom_it_declares()
    {
        await using var town = await Town.Start(Engine);

        None(await new PayerMatrix(town).Faults(town.Routes));
        await town.World.AssertHealthy();
    }

    /// <summary>The matrix can fail: routes that do not do what they declare are found.</summary>
    [Fact]
    public async Task A_route_that_does_not_do_what_it_declares_is_found()
    {
        await using var town = await Town.Start(Engine, builder => builder.Services.AddSingleton<IStartupFilter, Careless>());
        Declare(town, Careless.Call, new AccessAttribute(Caller.Merchant) { Scope = ApiScope.Read });
        Declare(town, Careless.Form + "/{token}", new AccessAttribute(Caller.PayersBrowser));

        var ofMerchants = await new MerchantMatrix(town).Faults(town.Routes.Where(route => route.Path.EndsWith("/planted", StringComparison.Ordinal)));
        var ofPayers = await new PayerMatrix(town).Faults(town.Routes.Where(route => route.Path.StartsWith("/planted", StringComparison.Ordinal)));
        var misdeclared = await new MerchantMatrix(town).Faults(town.Routes.Where(route => route.Path == "/api/ipg/verify")
            .Select(route => route with { Access = new AccessAttribute(Caller.Merchant) { Scope = ApiScope.Read } }));

        Found(ofMerchants, "wrong address must be told access_denied");
        Found(ofMerchants, "another's token is not like an unknown one");
        Found(ofPayers, "another browser with the payer's form must hear 400");
        Found(misdeclared, "key for Payments must be told scope_missing");
    }

    private static void None(List<string> faults) => Assert.True(faults.Count == 0, string.Join('\n', faults));

    private static void Found(List<string> faults, string fault) =>
        Assert.True(faults.Exists(found => found.Contains(fault, StringComparison.Ordinal)), $"Not found: {fault}\nBut: {string.Join('\n', faults)}");

    private static void Declare(Town town, string path, AccessAttribute access)
    {
        var endpoint = new RouteEndpointBuilder(_ => Task.CompletedTask, RoutePatternFactory.Parse(path), order: 0);
        endpoint.Metadata.Add(access);
        endpoint.Metadata.Add(new HttpMethodMetadata(["POST"]));
        ((IEndpointRouteBuilder)town.World.Gateway).DataSources.Add(new DefaultEndpointDataSource(endpoint.Build()));
    }

    /// <summary>Answers without looking who asks.</summary>
    private sealed class Careless(IPaymentStore store) : IStartupFilter
    {
        public const string Call = "/api/ipg/planted";
        public const string Form = "/planted";

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(Answer);
            next(app);
        };

        private async Task Answer(HttpContext context, RequestDelegate next)
        {
            var path = context.Request.Path.Value!;
            if (path == Call)
            {
                var fields = await RequestFields.Read(context.Request, default);
                var token = fields.Refused(out _, out var read) ? null : read.Find("token")?.Plain;
                var payment = token is null ? null : await store.Find(token, default);
                await context.Response.WriteSuccess(payment is null ? "{}" : $$"""{"status":"{{payment.Status}}"}""");
            }
            else if (path.StartsWith(Form, StringComparison.Ordinal))
            {
                context.Response.Redirect("/ipg" + path[Form.Length..]);
                context.Response.StatusCode = StatusCodes.Status303SeeOther;
            }
            else
            {
                await next(context);
            }
        }
    }
}

public sealed class SqliteAccessMatrixTests : AccessMatrixTests
{
    private protected override EngineKind Engine => EngineKind.Sqlite;
}

public sealed class PostgresAccessMatrixTests : AccessMatrixTests
{
    private protected override EngineKind Engine => EngineKind.Postgres;
}
