using System.Data.Common;
using System.Globalization;
using System.Net.Http.Json;
using CanPay.Faults.Books;
using CanPay.Gateway.Operations;
using CanPay.Gateway.Storage;
using CanPay.Simulator;

namespace CanPay.Faults.Site;

/// <summary>Card network, database, gateways, shops and payers: real processes on free ports, with short deadlines.</summary>
internal sealed class Town : IAsyncDisposable
{
    /// <summary>Starts that die before the first that does not, where a plan wants that.</summary>
    public const int FirstStarts = 3;

    private static readonly TimeSpan PatienceWithTheEnd = TimeSpan.FromSeconds(120);

    private readonly Processes _processes = new();
    private readonly Dictionary<string, string> _settings;
    private readonly IReadOnlyDictionary<string, string> _others;
    private readonly HttpClient _simulator;
    private readonly Hook _hook;
    private readonly OurBooks _books;
    private Running _network = null!;

    private Town(TownPlan plan)
    {
        var isoPort = FreePorts.Next();
        var webPort = FreePorts.Next();
        _simulator = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{webPort}"), Timeout = TimeSpan.FromSeconds(10) };
        Merchant = new MerchantLog(Path.Combine(_processes.Folder, "merchant.jsonl"));
        _hook = new Hook(Merchant);
        Switch = plan.HasProxies ? new TcpProxy(isoPort) : null;
        DataFolder = Path.Combine(plan is { Disk: { } disk, Engine: EngineKind.Sqlite } ? disk : _processes.Folder, "data");
        _settings = new(Deadlines, StringComparer.Ordinal)
        {
            ["CANPAY_DATA"] = DataFolder,
            ["Simulator__DataFolder"] = Path.Combine(_processes.Folder, "simulator"),
            ["Simulator__IsoPort"] = Text(isoPort),
            ["Simulator__WebPort"] = Text(webPort),
            ["Acquiring__SwitchPort"] = Text(Switch?.Port ?? isoPort),
        };
        if (plan.Engine is EngineKind.Postgres)
        {
            Server = plan.Disk is { } folder
                ? new PostgresServer(Directory.CreateDirectory(Path.Combine(folder, "server")).FullName, [.. plan.Postgres])
                : new PostgresServer([.. plan.Postgres]);
            var direct = Server.ConnectionString(Server.NewDatabase(plan.IsMigrated));
            Database = plan.HasProxies ? new TcpProxy(Server.Port) : null;
            _settings["Storage__Postgres"] = direct.Replace($"Port={Text(Server.Port)}", $"Port={Text(Database?.Port ?? Server.Port)}", StringComparison.Ordinal);
            _books = new OurBooks(direct, isPostgres: true);
        }
        else
        {
            _books = new OurBooks(Path.Combine(DataFolder, "canpay.db"), isPostgres: false);
        }

        _others = new Dictionary<string, string>(_settings, StringComparer.Ordinal);
        foreach (var (key, value) in plan.Settings)
        {
            _settings[key] = value;
        }

        var (program, argument) = plan is { IsCareless: true, Engine: EngineKind.Sqlite }
            ? (Environment.ProcessPath!, Careless.Command)
            : (Programs.Gateway, "serve");
        Nodes = [.. Enumerable.Range(0, plan.Nodes).Select(_ => new GatewayNode(_processes, _settings, program, argument))];
        Load = new Load(Nodes, Merchant, plan.Payers);
    }

    public IReadOnlyList<GatewayNode> Nodes { get; }

    public MerchantLog Merchant { get; }

    public Load Load { get; }

    /// <summary>None where the books are embedded.</summary>
    public PostgresServer? Server { get; }

    /// <summary>The line between gateways and switch, where it can be disturbed.</summary>
    public TcpProxy? Switch { get; }

    /// <summary>The line between gateways and database, where it can be disturbed.</summary>
    public TcpProxy? Database { get; }

    public string DataFolder { get; }

    /// <summary>The settings by which payments come to their end within seconds.</summary>
    private static Dictionary<string, string> Deadlines { get; } = new(StringComparer.Ordinal)
    {
        ["Payments__PageLifetimeSeconds"] = "4",
        ["Payments__VerifyWindowSeconds"] = "3",
        ["Acquiring__AnswerTimeoutSeconds"] = "2",
        ["Acquiring__ResolveGraceSeconds"] = "1",
        ["Acquiring__QuarantineSeconds"] = "4",
        ["Acquiring__EchoSeconds"] = "2",
        ["Checkout__QuickAnswerMs"] = "2500",
        ["Storage__AnswerTimeoutSeconds"] = "3",
        ["Jobs__RetrySeconds"] = "1",
        ["Jobs__MaxRetrySeconds"] = "2",
        ["Jobs__LeaseSeconds"] = "4",
        ["Jobs__PollMs"] = "100",
        ["Webhooks__PollMs"] = "100",
        ["Webhooks__LeaseSeconds"] = "4",
        ["Webhooks__TimeoutSeconds"] = "2",
        ["Webhooks__RetrySeconds"] = "1",
        ["Webhooks__MaxRetrySeconds"] = "2",
        ["Webhooks__PauseSeconds"] = "1",
        ["Webhooks__MaxPauseSeconds"] = "2",
        ["Simulator__SlowApprovalSeconds"] = "1",
        ["Http__MerchantRequestsPerSecond"] = "100000",
        ["Http__AddressRequestsPerSecond"] = "100000",
        ["Http__AddressRefusalsPerMinute"] = "100000",
        ["Logging__LogLevel__Default"] = "Warning",

        // Programs that live for seconds only do not pay back what is measured to make them faster.
        ["DOTNET_TieredPGO"] = "0",
    };

    /// <summary>Builds it and waits until payments can be made.</summary>
    public static async Task<Town> Open(TownPlan plan)
    {
        var town = new Town(plan);
        try
        {
            await town.StartNetwork();
            for (var i = 0; i < FirstStarts && plan.FirstStartDiesAt is { } point; i++)
            {
                town.Nodes[0].OrderToDieAt(point);
                town.Nodes[0].Start();
                await Processes.Until($"the first start dies at {point}", () => Task.FromResult(town.Nodes[0].HasDiedAsOrdered()));
            }

            foreach (var node in town.Nodes)
            {
                node.Start();
                await node.Ready();
            }

            await Processes.Run(Programs.Gateway, town._others, "webhook", "add", "--merchant", DemoMerchant.Code, "--url", town._hook.Url.AbsoluteUri);
            if (plan is { IsCareless: true, Engine: EngineKind.Postgres })
            {
                town.Server!.Set("fsync", "off"); // after the start: the gateway refuses such a server
            }

            return town;
        }
        catch
        {
            await town.DisposeAsync();
            throw;
        }
    }

    public async Task StartNetwork()
    {
        _network = _processes.Start(Programs.Simulator, _others);
        await Processes.Until("the card network answers", () => Processes.Answers(_simulator, "/health"));
    }

    public Task KillNetwork() => _network.Kill();

    public GatewayNode SomeNode() => Nodes[Random.Shared.Next(Nodes.Count)];

    /// <summary>Waits until nothing is under way: payments, refunds, webhooks.</summary>
    /// <exception cref="TimeoutException">After two minutes something still is.</exception>
    public async Task UntilAllIsFinal()
    {
        using var patience = new CancellationTokenSource(PatienceWithTheEnd);
        while (await _books.UnderWay() is { Count: > 0 } open)
        {
            if (patience.IsCancellationRequested)
            {
                throw new TimeoutException($"after {PatienceWithTheEnd.TotalSeconds} s there still is: {string.Join(", ", open)}");
            }

            await Task.Delay(100);
        }
    }

    public async Task<ThreeBooks> Books()
    {
        var network = await _simulator.GetFromJsonAsync("/books.json", BooksJson.Default.IReadOnlyListEntry);
        await using DbConnection ours = await _books.Open();
        return await ThreeBooks.Read(ours, network!, Merchant.Read());
    }

    /// <summary>What the doctor finds at rest, with the network's journal beside the books.</summary>
    public Task<IReadOnlyList<string>> Doctor() => _books.Examine(new Uri(_simulator.BaseAddress!, "/books.json").AbsoluteUri);

    /// <summary>The same by the command that operators use.</summary>
    /// <returns>Nothing, or what it said.</returns>
    public async Task<string?> DoctorCommand()
    {
        var said = await Processes.Run(
            Programs.Gateway, _others, "doctor", "--quiesced", "--network-journal", new Uri(_simulator.BaseAddress!, "/books.json").AbsoluteUri);
        return said.Contains("Everything is true", StringComparison.Ordinal) ? null : said;
    }

    public async ValueTask DisposeAsync()
    {
        Switch?.Flow();
        Database?.Flow();
        await Load.Abandon();
        await _books.DisposeAsync();
        foreach (var node in Nodes)
        {
            node.Dispose();
        }

        Merchant.Dispose();
        await _processes.DisposeAsync();
        await (Switch?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (Database?.DisposeAsync() ?? ValueTask.CompletedTask);
        Server?.Dispose();
        _hook.Dispose();
        _simulator.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
