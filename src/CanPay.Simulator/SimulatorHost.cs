using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace CanPay.Simulator;

/// <summary>The other side of the sandbox, in one process: switch, issuers, SMS, and a page that shows them.</summary>
internal static class SimulatorHost
{
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? customize = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None); // Explain says it in one line
        builder.Services.AddOptions<SimulatorOptions>()
            .Bind(builder.Configuration.GetSection(SimulatorOptions.Section))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services => new Books(Options(services).Folder()));
        builder.Services.AddSingleton(services =>
        {
            Directory.CreateDirectory(Options(services).Folder());
            return Pins.Open(Options(services).Folder(), Options(services).DynamicPinSeconds, services.GetRequiredService<TimeProvider>());
        });
        builder.Services.AddSingleton<Issuer>();
        builder.Services.AddSingleton<SwitchServer>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SwitchServer>());
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        customize?.Invoke(builder);

        var app = builder.Build();
        app.Urls.Clear();
        app.Urls.Add($"http://127.0.0.1:{Options(app.Services).WebPort}");
        SimulatorWeb.Map(app);
        return app;

        static SimulatorOptions Options(IServiceProvider services) => services.GetRequiredService<IOptions<SimulatorOptions>>().Value;
    }

    /// <summary>One line that says what to do.</summary>
    public static string Explain(Exception e) => e switch
    {
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } =>
            "canpay-simulator: the port of the card network is taken. Stop what uses it, or set Simulator__IsoPort to another.",
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } =>
            "canpay-simulator: the port of the page is taken. Stop what uses it, or set Simulator__WebPort to another.",
        _ => "canpay-simulator: " + e.Message.ReplaceLineEndings(" "),
    };
}
