using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CanPay.Gateway;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Acquiring.Keys;
using CanPay.Gateway.Storage;
using CanPay.Simulator;
using CanPay.Tests.EndToEnd;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;

namespace CanPay.Tests.Nodes;

/// <summary>One PostgreSQL database, one simulated card network, and gateway processes that share both.</summary>
internal sealed class Installation : IAsyncDisposable
{
    public const string SlowCard = "6273530000010002";
    public const string LostAnswerCard = "6396070000090003";

    private readonly Processes _processes = new();
    private readonly Dictionary<string, string> _settings;
    private readonly int _isoPort = FreePorts.Next();
    private readonly List<Node> _nodes = [];

    /// <param name="migrated">The database has its tables already.</param>
    /// <param name="settings">For all nodes and the simulator, as <c>Section__Key</c>.</param>
    public Installation(bool migrated = true, params (string Key, string Value)[] settings)
    {
        // A busy machine may take longer to let somebody in than a node in production would wait.
        ConnectionString = PostgresServer.Instance.ConnectionString(PostgresServer.Instance.NewDatabase(migrated)) + ";Timeout=30;Command Timeout=60";
        var webPort = FreePorts.Next();
        Simulator = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{webPort}") };
        _settings = new(StringComparer.Ordinal)
        {
            ["CANPAY_DATA"] = _processes.Folder,
            ["Simulator__IsoPort"] = $"{_isoPort}",
            ["Simulator__WebPort"] = $"{webPort}",
            ["Acquiring__SwitchPort"] = $"{_isoPort}",
            ["Storage__Postgres"] = ConnectionString,
            ["Http__AddressRequestsPerSecond"] = "100000",
            ["Http__MerchantRequestsPerSecond"] = "100000",
            ["Jobs__RetrySeconds"] = "1",
            ["Jobs__PollMs"] = "50",
        };
        foreach (var (key, value) in settings)
        {
            _settings[key] = value;
        }
    }

    /// <summary>The data folder of the nodes, with their card keys.</summary>
    public string Folder => _processes.Folder;

    public string ConnectionString { get; }

    /// <summary>The card network.</summary>
    public Running Network { get; private set; } = null!;

    /// <summary>The page of the card network.</summary>
    public HttpClient Simulator { get; }

    /// <summary>The vault as one more node has it.</summary>
    public async Task<CardVault> OpenVault()
    {
        var folder = DataFolder.Open(new StorageOptions { DataFolder = _processes.Folder });
        var contexts = new PooledDbContextFactory<CanPayContext>(
            new DbContextOptionsBuilder<CanPayContext>().UseNpgsql(ConnectionString).UseSnakeCaseNamingConvention().Options);
        var vault = new CardVault(new CardKeyStore(contexts), Keks.Open(new KeyOptions(), folder, mayMake: true), folder, TimeProvider.System);
        await vault.Load(CancellationToken.None);
        return vault;
    }

    /// <summary>A command beside the nodes, with their settings; it is not waited for.</summary>
    public Running Launch(params string[] arguments) => _processes.Start(Programs.Gateway, _settings, arguments);

    public static async Task<Installation> Start(int nodes = 2, params (string Key, string Value)[] settings)
    {
        var installation = new Installation(migrated: true, settings);
        await installation.StartSimulator();
        await Task.WhenAll(Enumerable.Range(0, nodes).Select(_ => installation.StartNode()));
        return installation;
    }

    public async Task StartSimulator()
    {
        Network = _processes.Start(Programs.Simulator, _settings);
        await Processes.Until("the simulator answers", () => Processes.Answers(Simulator, "/health"));
    }

    public Node this[int index] => _nodes[index];

    public async Task<Node> StartNode(params (string Key, string Value)[] settings)
    {
        var node = LaunchNode(settings);
        await Processes.Until($"node {_nodes.IndexOf(node)} is ready", async () =>
        {
            Assert.False(node.Process.HasExited, node.Process.Said);
            return await Processes.IsReady(node.Http);
        });
        return node;
    }

    /// <summary>Starts it and does not wait.</summary>
    public Node LaunchNode(params (string Key, string Value)[] settings)
    {
        var url = new Uri($"http://127.0.0.1:{FreePorts.Next()}");
        var own = new Dictionary<string, string>(_settings, StringComparer.Ordinal) { ["Http__Urls"] = url.OriginalString };
        foreach (var (key, value) in settings)
        {
            own[key] = value;
        }

        var node = new Node(_processes.Start(Programs.Gateway, own, "serve"), url);
        lock (_nodes)
        {
            _nodes.Add(node);
        }

        return node;
    }

    /// <summary>What the card network has booked.</summary>
    public async Task<IReadOnlyList<Entry>> Books() =>
        (await Simulator.GetFromJsonAsync("/books.json", BooksJson.Default.IReadOnlyListEntry))!;

    /// <summary>The first column of what the database says.</summary>
    public async Task<List<string>> Ask(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        return await StorageEngine.Texts(connection, sql, CancellationToken.None);
    }

    public async Task<int> Count(string what) =>
        int.Parse((await Ask($"SELECT count(*)::text FROM {what}"))[0], System.Globalization.CultureInfo.InvariantCulture);

    public Task UntilNothingIsUnderWay() => Processes.Until(
        "every payment has ended", async () => await Count("payments WHERE status IN ('Authorizing', 'Reversing')") == 0);

    /// <summary>Nothing is under way, every invariant holds, and the network's books say the same as ours.</summary>
    public async Task AssertClean(bool withNetwork = true)
    {
        var said = await Processes.Run(
            Programs.Gateway,
            _settings,
            withNetwork ? ["doctor", "--quiesced", "--network-journal", $"{Simulator.BaseAddress}books.json"] : ["doctor", "--quiesced"]);
        Assert.True(said.Contains("Everything is true", StringComparison.Ordinal), said);
    }

    public async ValueTask DisposeAsync()
    {
        await _processes.DisposeAsync();
        _nodes.ForEach(node => node.Dispose());
        Simulator.Dispose();
    }
}

/// <summary>One <c>canpay serve</c>.</summary>
internal sealed class Node(Running process, Uri url) : IDisposable
{
    public Running Process => process;

    public Task<bool> Answers(string path) => Processes.Answers(Http, path);

    public Uri Url => url;

    public HttpClient Http { get; } = new() { BaseAddress = url, Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>A payer's browser that comes to this node; one that shares its cookies with tabs at other nodes, if given.</summary>
    public Browser NewBrowser(CookieContainer? cookies = null) => new(url, cookies);

    public async Task<string> Token(long amount = 10_000)
    {
        var (status, body) = await Call("token", new
        {
            merchant = World.Merchant,
            amount,
            callback_url = World.Callback,
            invoice_id = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)),
        });
        Assert.Equal(HttpStatusCode.OK, status);
        return body.GetProperty("data").GetProperty("token").GetString()!;
    }

    public async Task<string> PaidToken()
    {
        var token = await Token();
        using var browser = NewBrowser();
        await browser.Pay(token);
        await UntilPaid(browser, token);
        return token;
    }

    /// <summary>The page in this browser says that the payment was made.</summary>
    public static Task UntilPaid(Browser browser, string token) => Processes.Until("the page shows that it is paid", async () =>
        (await (await browser.Open(token)).Content.ReadAsStringAsync()).Contains("""name="success" value="1" """.Trim(), StringComparison.Ordinal));

    public async Task<Verification> Verify(string token)
    {
        var (status, body) = await Call("verify", new { merchant = World.Merchant, token });
        return status is HttpStatusCode.OK
            ? new Verification(body.GetProperty("data").GetProperty("reference").GetString(), body.GetProperty("data").GetProperty("already_verified").GetBoolean(), null)
            : new Verification(null, false, body.GetProperty("error").GetString());
    }

    public void Dispose() => Http.Dispose();

    private async Task<(HttpStatusCode Status, JsonElement Body)> Call(string operation, object body)
    {
        using var answer = await Http.PostAsJsonAsync($"/api/ipg/{operation}", body);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }
}

/// <summary>What a merchant was told.</summary>
/// <param name="Error">The refusal's name, where it was refused.</param>
internal readonly record struct Verification(string? Reference, bool AlreadyVerified, string? Error)
{
    public bool IsVerified => Reference is not null;
}
