using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CanPay.Gateway;
using CanPay.Gateway.Operations;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage;
using CanPay.Simulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CanPay.Tests.EndToEnd;

/// <summary>A gateway and the simulated card network on free ports, with ISO 8583 over a real socket between them.</summary>
internal sealed class World : IAsyncDisposable
{
    public const string Merchant = "111-222-333-444";
    public const string Callback = "http://127.0.0.1:5090/payment/callback";
    public const string ApprovedCard = Browser.ApprovedCard;

    private readonly string _folder;
    private readonly WebApplication _simulator;

    private World(string folder, WebApplication simulator, WebApplication gateway)
    {
        _folder = folder;
        _simulator = simulator;
        Gateway = gateway;
        Http = new HttpClient { BaseAddress = new Uri(gateway.Urls.First()) };
    }

    public WebApplication Gateway { get; private set; }

    public HttpClient Http { get; private set; }

    public CanPay.Simulator.Faults Faults => _simulator.Services.GetRequiredService<CanPay.Simulator.Faults>();

    public string DatabaseFile => Path.Combine(_folder, "canpay.db");

    public IPaymentStore Store => Gateway.Services.GetRequiredService<IPaymentStore>();

    public static Task<World> Start(params string[] settings) => Start(EngineKind.Sqlite, log: null, settings);

    public static Task<World> Start(EngineKind engine, params string[] settings) => Start(engine, log: null, settings);

    /// <param name="log">Hears what the gateway says, if somebody wants to.</param>
    public static Task<World> Start(EngineKind engine, ILoggerProvider? log, params string[] settings) => Start(engine, log, customize: null, settings);

    /// <param name="customize">Changes the gateway before it is built.</param>
    public static async Task<World> Start(EngineKind engine, ILoggerProvider? log, Action<WebApplicationBuilder>? customize, string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("canpay-world-").FullName;
        var simulator = SimulatorHost.Build(
            ["--Simulator:IsoPort=0", "--Simulator:WebPort=0", $"--Simulator:DataFolder={folder}/simulator", "--Simulator:SlowApprovalSeconds=0.3"], Quiet);
        await simulator.StartAsync();
        var port = simulator.Services.GetRequiredService<SwitchServer>().Port;
        var web = simulator.Urls.First();
        var gateway = Build(
            folder, port, log, customize, [.. OnEngine(engine), $"--Sms:Url={web}/sms", $"--Peyvand:Url={web}/peyvand", .. settings]);
        await GatewayHost.Start(gateway, CancellationToken.None);
        var world = new World(folder, simulator, gateway);
        await world.Until(async () => (await world.Http.GetAsync("/health/ready")).IsSuccessStatusCode);
        return world;
    }

    /// <summary>Stops the gateway, lets something happen, and starts another on the same data folder and card network.</summary>
    public async Task Restart(Func<Task> meanwhile, params string[] settings)
    {
        Http.Dispose();
        await Gateway.StopAsync();
        await Gateway.DisposeAsync();
        await meanwhile();
        Gateway = Build(_folder, _simulator.Services.GetRequiredService<SwitchServer>().Port, log: null, customize: null, settings);
        Http = new HttpClient { BaseAddress = new Uri(Gateway.Urls.First()) };
        await GatewayHost.Start(Gateway, CancellationToken.None);
        await Until(async () => (await Http.GetAsync("/health/ready")).IsSuccessStatusCode);
    }

    public async Task<(HttpStatusCode Status, JsonElement Body)> Call(string operation, object body)
    {
        using var response = await Http.PostAsJsonAsync($"/api/ipg/{operation}", body);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    public async Task<string> Token(string? invoice = null, long amount = 10_000, string? mobile = null)
    {
        var request = new Dictionary<string, object>
        {
            ["merchant"] = Merchant,
            ["amount"] = amount,
            ["callback_url"] = Callback,
            ["invoice_id"] = invoice ?? Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)),
        };
        if (mobile is not null)
        {
            request["mobile"] = mobile;
        }

        var (status, body) = await Call("token", request);
        Assert.Equal(HttpStatusCode.OK, status);
        return body.GetProperty("data").GetProperty("token").GetString()!;
    }

    public Task<(HttpStatusCode Status, JsonElement Body)> Verify(string token) => Call("verify", new { merchant = Merchant, token });

    public Browser NewBrowser() => new(Http.BaseAddress!);

    public async Task<Payment> Payment(string token) => (await Store.Find(token, CancellationToken.None))!;

    public IReadOnlyList<Entry> Books => _simulator.Services.GetRequiredService<Books>().Entries;

    /// <summary>All SMS that were sent, oldest first.</summary>
    public IReadOnlyList<Sms> Messages => _simulator.Services.GetRequiredService<Books>().Messages;

    public Task<CanPayContext> NewBooks() => Gateway.Services
        .GetRequiredService<Microsoft.EntityFrameworkCore.IDbContextFactory<CanPayContext>>().CreateDbContextAsync();

    public void DropLines() => _simulator.Services.GetRequiredService<SwitchServer>().DropLines();

    /// <summary>Waits for what must come about; fails when it does not within a minute.</summary>
    public async Task Until(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 2_400; i++)
        {
            if (await condition())
            {
                return;
            }

            await Task.Delay(25);
        }

        Assert.Fail("What must come about did not.");
    }

    public Task UntilStatus(string token, PaymentStatus status) => Until(async () => (await Payment(token)).Status == status);

    /// <summary>Every invariant holds, and the network's books say the same as ours.</summary>
    public async Task AssertHealthy()
    {
        Assert.Empty(await Doctor.Examine(
            Gateway.Services.GetRequiredService<StorageEngine>(), atRest: false, DateTimeOffset.UtcNow, CancellationToken.None));
        Assert.Null(await CompareWith(Books));
    }

    /// <summary>What our books and a journal of the network do not agree on.</summary>
    public async Task<Finding?> CompareWith(IReadOnlyList<Entry> journal)
    {
        var file = Path.Combine(_folder, "journal.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(journal, BooksJson.Default.IReadOnlyListEntry));
        await using var books = await NewBooks();
        return await NetworkJournal.Compare(books, file, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        // What only is disposed of does not wait for its jobs, and they would write into the folder while it is deleted.
        await Gateway.StopAsync();
        await Gateway.DisposeAsync();
        await _simulator.StopAsync();
        await _simulator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The settings by which a gateway keeps its books in a new database of the engine.</summary>
    public static string[] OnEngine(EngineKind engine) => engine is EngineKind.Postgres
        ? [$"--Storage:Postgres={PostgresServer.Instance.ConnectionString(PostgresServer.Instance.NewDatabase())}"]
        : [];

    private static WebApplication Build(string folder, int port, ILoggerProvider? log, Action<WebApplicationBuilder>? customize, string[] settings) => GatewayHost.Build(
        [
            $"--Storage:DataFolder={folder}", $"--Acquiring:SwitchPort={port}", $"--Http:Urls=http://127.0.0.1:{FreePorts.Next()}",
            "--Acquiring:AnswerTimeoutSeconds=1", "--Jobs:PollMs=50", "--Jobs:RetrySeconds=1", "--Checkout:QuickAnswerMs=300", .. settings,
        ],
        Roles.All,
        builder =>
        {
            Quiet(builder);
            customize?.Invoke(builder);
            if (log is not null)
            {
                builder.Logging.AddProvider(log).AddFilter(null, LogLevel.Trace);
            }
        });

    private static void Quiet(WebApplicationBuilder builder) => builder.Logging.ClearProviders();
}
