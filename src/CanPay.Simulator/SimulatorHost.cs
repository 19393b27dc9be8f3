using System.Net.Sockets;
using CanPay.Iso8583;
using Microsoft.Extensions.Options;

namespace CanPay.Simulator;

/// <summary>The other side of the sandbox, in one process: switch, issuers, SMS, and a page that shows them.</summary>
internal static class SimulatorHost
{
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? customize = null)
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None); // Explain says it in one line
        builder.Services.AddOptions<SimulatorOptions>().Bind(builder.Configuration.GetSection(SimulatorOptions.Section)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SimulatorOptions>, SimulatorOptionsCheck>();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services => new Books(Options(services).Folder()));
        builder.Services.AddSingleton(services =>
            Pins.Open(Options(services).Folder(), Options(services).DynamicPinSeconds, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton(services => new ZonePinKey(Options(services).ZonePinKey));
        builder.Services.AddSingleton<IMessageAuthenticator>(
            services => new RetailMac(Convert.FromHexString(Options(services).MacKey)));
        builder.Services.AddSingleton<Faults>();
        builder.Services.AddSingleton<Issuer>();
        builder.Services.AddSingleton<Harim>();
        builder.Services.AddSingleton<SwitchDesk>();
        builder.Services.AddSingleton<SwitchServer>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SwitchServer>());
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024;
        });
        customize?.Invoke(builder);

        var app = builder.Build();
        app.Urls.Clear();
        app.Urls.Add($"http://127.0.0.1:{Options(app.Services).WebPort}");
        SimulatorWeb.Map(app);
        SimulatorControl.Map(app);
        return app;

        static SimulatorOptions Options(IServiceProvider services) => services.GetRequiredService<IOptions<SimulatorOptions>>().Value;
    }

    /// <summary>One line that says what to do.</summary>
    public static string Explain(Exception e) => "canpay-simulator: " + e switch
    {
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } =>
            "the port of the card network is taken. Stop what uses it, or set Simulator__IsoPort to another.",
        SocketException { SocketErrorCode: SocketError.AccessDenied } =>
            "the port of the card network may not be used. Set Simulator__IsoPort to one above 1023.",
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } =>
            "the port of the page is taken. Stop what uses it, or set Simulator__WebPort to another.",
        UnauthorizedAccessException => Line(e) + " Make the folder writable, or set Simulator__DataFolder to another.",
        OptionsValidationException { Failures: var failures } => string.Join(' ', failures),
        _ => Line(e),
    };

    private static string Line(Exception e) => e.Message.ReplaceLineEndings(" ");
}
