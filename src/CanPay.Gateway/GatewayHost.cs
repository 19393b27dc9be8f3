using System.Data.Common;
using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Acquiring.Keys;
using CanPay.Gateway.Api;
using CanPay.Gateway.Cards;
using CanPay.Gateway.Checkout;
using CanPay.Gateway.Guide;
using CanPay.Gateway.Http;
using CanPay.Gateway.Operations;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Refunds;
using CanPay.Gateway.Risk;
using CanPay.Gateway.Sandbox;
using CanPay.Gateway.Storage;
using CanPay.Gateway.Webhooks;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway;

/// <summary>Puts the slices together into one host.</summary>
internal static class GatewayHost
{
    /// <summary>Longest body of a request that is read, in bytes. Nobody sends us more; the API's own limit is lower.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    private static readonly TimeSpan WaitForDatabase = TimeSpan.FromSeconds(1);

    /// <summary>The host of <c>canpay serve</c>, not started.</summary>
    /// <param name="args">Settings as <c>--Section:Key=value</c>; they win over the environment.</param>
    /// <param name="roles">Any of <see cref="Roles"/>.</param>
    /// <param name="customize">For tests: a clock, a port.</param>
    public static WebApplication Build(string[] args, Roles roles, Action<WebApplicationBuilder>? customize = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = typeof(GatewayHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        AddSettingsOfDataFolder(builder.Configuration);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None); // CommandLine says it in one line
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None); // our own middleware catches; a scope a request costs
        builder.Logging.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.Error);

        // What they meet they throw as well: a database that is away would be told in pages, at every try.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None);
        builder.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.None); // addresses may hold a provider's key; we say what failed
        builder.Services.AddGatewayOptions(builder.Configuration);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<Kernel.InstallationSecret>();
        builder.Services.AddStorage(builder.Configuration);
        builder.Services.AddAcquiring();
        builder.Services.AddHostedService<KeyWatch>();
        builder.Services.AddCards();
        if (roles.HasFlag(Roles.Checkout))
        {
            builder.Services.AddRisk();
        }

        builder.Services.AddHttp();
        builder.Services.AddSingleton<Drain>();
        builder.Services.AddHealth();
        builder.Services.AddSingleton<IHostLifetime, NodeLifetime>();
        builder.Services.AddMerchantApi();
        builder.Services.AddSandbox();
        builder.Services.AddCheckout();
        builder.Services.AddGuide();
        builder.Services.AddPayments(withJobs: roles.HasFlag(Roles.Jobs));
        builder.Services.AddRefunds(withJobs: roles.HasFlag(Roles.Jobs));
        if (roles.HasFlag(Roles.Jobs))
        {
            builder.Services.AddHostedService<Housekeeping>();
            builder.Services.AddHostedService<Retention>();
            builder.Services.AddWebhooks();
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        });
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<AcquiringOptions>>((host, acquiring) =>
            host.ShutdownTimeout = TimeSpan.FromSeconds(acquiring.Value.AnswerTimeoutSeconds + 15));
        customize?.Invoke(builder);

        var app = builder.Build();
        app.Urls.Clear();
        foreach (var url in app.Services.GetRequiredService<IOptions<HttpOptions>>().Value.Urls.Split(';'))
        {
            app.Urls.Add(url.Trim());
        }

        app.UseAnswerHeaders();
        app.UseDrain();
        app.UseTrustedProxies();
        app.UsePageCompression();
        app.UsePageErrors();
        app.UseApiErrors();
        app.UseGuideHeaders();
        app.UseRouting();
        app.MapHealth(roles);
        if (roles.HasFlag(Roles.Api))
        {
            app.MapMerchantApi();
            app.MapSandbox();
        }

        if (roles.HasFlag(Roles.Checkout))
        {
            app.MapCheckout();
            app.MapGuide();
        }

        return app;
    }

    /// <summary>The data folder's canpay.json, if there is one; the environment and the command line win over it.</summary>
    public static void AddSettingsOfDataFolder(ConfigurationManager configuration)
    {
        var storage = configuration.GetSection(StorageOptions.Section).Get<StorageOptions>() ?? new StorageOptions();
        configuration.Sources.Insert(0, new JsonConfigurationSource
        {
            FileProvider = new PhysicalFileProvider(DataFolder.Open(storage).Path),
            Path = "canpay.json",
            Optional = true,
        });
    }

    /// <summary>Opens the books, makes what is missing, and starts. While they cannot be reached it waits, and is not ready.</summary>
    public static async Task Start(WebApplication app, CancellationToken ct)
    {
        // Routes, settings and keys first: what is wrong with them is said before anything is opened.
        _ = RouteList.Of(app);
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        app.Services.GetRequiredService<IHsm>();
        app.Services.GetRequiredService<Keks>();
        var isOpen = await TryOpenBooks(app, ct);
        await app.StartAsync(ct);

        // A stop ends the waiting, too.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, app.Lifetime.ApplicationStopping);
        while (!isOpen && !stop.IsCancellationRequested)
        {
            await Task.Delay(WaitForDatabase, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            isOpen = !stop.IsCancellationRequested && await TryOpenBooks(app, stop.Token);
        }
    }

    private static async Task<bool> TryOpenBooks(WebApplication app, CancellationToken ct)
    {
        var engine = app.Services.GetRequiredService<StorageEngine>();
        var news = app.Services.GetRequiredService<StoreNews>();
        try
        {
            await engine.Prepare(ct);
            await app.Services.GetRequiredService<CardVault>().Load(ct);
            await SharedSecret.Open(app.Services, ct);
            if (app.Services.GetRequiredService<IOptions<SandboxOptions>>().Value.Enabled)
            {
                await DemoMerchant.Ensure(app.Services, ct);
                app.Logger.ThisIsTheSandbox();
            }

            return true;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception e) when (engine.Kind is EngineKind.Postgres && IsDatabaseAway(e))
        {
            news.Failed($"waiting for the database {engine.Name}: {e.GetBaseException().Message}");
            return false;
        }
    }

    /// <summary>EF Core and the keeper of the page keys wrap what the driver said.</summary>
    private static bool IsDatabaseAway(Exception? e) =>
        e is not (null or Kernel.StartException) && (e is DbException or TimeoutException or IOException or StoreUnavailableException || IsDatabaseAway(e.InnerException));
}

/// <summary>What a node does; one node may do all.</summary>
[Flags]
internal enum Roles
{
    None = 0,

    /// <summary>The merchants' API.</summary>
    Api = 1,

    /// <summary>The payer's page and the line to the card network.</summary>
    Checkout = 2,

    /// <summary>Looking after payments whose time has come, over the line to the card network.</summary>
    Jobs = 4,

    All = Api | Checkout | Jobs,
}
