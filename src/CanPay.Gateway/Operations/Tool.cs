using System.Text.Encodings.Web;
using System.Text.Json;
using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Acquiring.Keys;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Storage;
using CanPay.Gateway.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Spectre.Console;

namespace CanPay.Gateway.Operations;

/// <summary>What the commands beside <c>serve</c> have in common: the books, without listening to anything.</summary>
internal sealed class Tool : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly ServiceProvider _services;

    private Tool(ServiceProvider services) => _services = services;

    public StorageEngine Engine => _services.GetRequiredService<StorageEngine>();

    public Refunds.IRefundStore Refunds => _services.GetRequiredService<Refunds.IRefundStore>();

    public Payments.IPaymentStore Store => _services.GetRequiredService<Payments.IPaymentStore>();

    /// <summary>The card vault, its keys not read yet.</summary>
    /// <exception cref="StartException">There is no key-encryption key.</exception>
    public CardVault Vault => _services.GetRequiredService<CardVault>();

    /// <exception cref="StartException">There is none.</exception>
    public Keks Keks => _services.GetRequiredService<Keks>();

    public SealedSecrets Secrets => _services.GetRequiredService<SealedSecrets>();

    public AddressRules AddressRules => _services.GetRequiredService<AddressRules>();

    public IWebhookStore Webhooks => _services.GetRequiredService<IWebhookStore>();

    public Delivery Delivery => _services.GetRequiredService<Delivery>();

    public DataFolder Folder => _services.GetRequiredService<DataFolder>();

    public TimeProvider Clock => _services.GetRequiredService<TimeProvider>();

    /// <summary>Opens the books of the data folder; makes them where there are none.</summary>
    /// <exception cref="StartException">They cannot be used.</exception>
    public static async Task<Tool> Open(CancellationToken ct)
    {
        var tool = OpenNothing();
        await tool.Engine.Prepare(ct);
        return tool;
    }

    /// <summary>Knows where the books are, and has not looked at them.</summary>
    public static Tool OpenNothing()
    {
        var configuration = new ConfigurationManager();
        configuration.AddEnvironmentVariables();
        GatewayHost.AddSettingsOfDataFolder(configuration);
        var services = new ServiceCollection()
            .AddGatewayOptions(configuration)
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddStorage(configuration)
            .AddCardKeys()
            .AddWebhookDelivery()
            .BuildServiceProvider();
        return new Tool(services);
    }

    public T Options<T>()
        where T : class => _services.GetRequiredService<IOptions<T>>().Value;

    public IDbContextFactory<CanPayContext> Contexts => _services.GetRequiredService<IDbContextFactory<CanPayContext>>();

    public Task<CanPayContext> Books(CancellationToken ct) => Contexts.CreateDbContextAsync(ct);

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    public static void PrintJson(object value) => Console.WriteLine(JsonSerializer.Serialize(value, Json));

    public static void Print(Table table)
    {
        // A pipe has no width: a table that is cut off at 80 columns helps nobody.
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = 240;
        }

        AnsiConsole.Write(table.Border(TableBorder.Rounded));
    }

    public static string Time(long? ms) =>
        ms is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture) : "";
}
