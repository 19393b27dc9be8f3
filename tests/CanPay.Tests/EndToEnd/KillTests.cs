using System.Collections.Concurrent;
using System.Data.Common;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CanPay.Gateway.Storage;

namespace CanPay.Tests.EndToEnd;

/// <summary>Real processes: the gateway is killed under load again and again, and no rial is lost or made.</summary>
public abstract class KillTests : IAsyncDisposable
{
    private const int Cycles = 5;
    private const int Payers = 8;

    private static readonly string[] Cards =
        ["5022290000087122", "5022290000087122", "5022290000087122", "6037990000000006", "6396070000090003", "6219860000070004"];

    private readonly int _gatewayPort = FreePorts.Next();
    private readonly int _isoPort = FreePorts.Next();
    private readonly int _webPort = FreePorts.Next();
    private readonly Processes _processes = new();
    private readonly Dictionary<string, string> _settings;
    private readonly HttpClient _http;
    private readonly string? _postgres;

    private protected KillTests(EngineKind engine)
    {
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_gatewayPort}"), Timeout = TimeSpan.FromSeconds(10) };
        _settings = new(StringComparer.Ordinal)
        {
            ["CANPAY_DATA"] = _processes.Folder,
            ["Simulator__IsoPort"] = $"{_isoPort}",
            ["Simulator__WebPort"] = $"{_webPort}",
            ["Http__Urls"] = $"http://127.0.0.1:{_gatewayPort}",
            ["Acquiring__SwitchPort"] = $"{_isoPort}",
            ["Acquiring__AnswerTimeoutSeconds"] = "1",
            ["Acquiring__ResolveGraceSeconds"] = "1",
            ["Checkout__QuickAnswerMs"] = "300",
            ["Jobs__RetrySeconds"] = "1",
            ["Jobs__LeaseSeconds"] = "3",
            ["Jobs__PollMs"] = "100",
        };
        if (engine is EngineKind.Postgres)
        {
            _postgres = PostgresServer.Instance.ConnectionString(PostgresServer.Instance.NewDatabase(migrated: false));
            _settings["Storage__Postgres"] = _postgres;
        }
    }

    [Fact]
    public async Task Killed_under_load_every_payment_ends_and_both_books_agree()
    {
        Start(Programs.Simulator);
        var gateway = Start(Programs.Gateway, "serve");
        await Ready();
        var verified = new ConcurrentDictionary<string, string>();
        var tokens = new ConcurrentBag<string>();

        for (var cycle = 0; cycle < Cycles; cycle++)
        {
            using var stop = new CancellationTokenSource();
            var load = Task.WhenAll(Enumerable.Range(0, Payers).Select(payer => Load(payer, tokens, verified, stop.Token)));

            // The blow falls in the midst of work, however slow the machine: first some payments get through, then any moment.
            var before = verified.Count;
            await Processes.Until("some payments are verified under load", () => Task.FromResult(verified.Count > before));
            await Task.Delay(100 + (cycle * 130));
            await gateway.Kill();
            await stop.CancelAsync();
            await load;
            gateway = Start(Programs.Gateway, "serve");
            await Ready();
        }

        // What was told "verified" stays so, with the same reference.
        foreach (var (token, reference) in verified)
        {
            Assert.Equal(reference, await Verify(token));
        }

        await Processes.Until("every payment has ended", async () => !await AnyUnderWay());
        var report = await Canpay("doctor", "--quiesced", "--network-journal", $"http://127.0.0.1:{_webPort}/books.json");
        Assert.True(report.Contains("Everything is true", StringComparison.Ordinal), report);
        Assert.True(tokens.Count > verified.Count);
    }

    /// <summary>The network has credited the payer, its answer is lost, and the node that asked is killed before it asks again.</summary>
    [Fact]
    public async Task A_refund_whose_node_is_killed_between_said_and_answered_is_credited_once()
    {
        _settings["Acquiring__AnswerTimeoutSeconds"] = "20";
        Start(Programs.Simulator);
        var gateway = Start(Programs.Gateway, "serve");
        await Ready();
        var token = await Verified();
        using var network = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_webPort}") };
        (await network.PostAsync("/control/next-answer?fault=lost", null)).EnsureSuccessStatusCode();

        Assert.Equal("sending", (await Refund(token, "r1", 4_000, "card")).GetProperty("status").GetString());
        await Processes.Until("the network has credited it", async () => (await Credits(network)).Count == 1);
        await gateway.Kill();
        Start(Programs.Gateway, "serve");
        await Ready();
        await Processes.Until("it is over", async () => (await Refund(token, "r1", 4_000, "card")).GetProperty("status").GetString() is "succeeded");

        var credit = Assert.Single(await Credits(network));
        Assert.Equal((4_000, 1), (credit.Amount, credit.Repeats));
        await OperatorEndsBankRefunds(token);
        var report = await Canpay("doctor", "--quiesced", "--network-journal", $"http://127.0.0.1:{_webPort}/books.json");
        Assert.True(report.Contains("Everything is true", StringComparison.Ordinal), report);
    }

    [Fact]
    public async Task A_graceful_stop_finishes_what_is_under_way()
    {
        _settings["Acquiring__AnswerTimeoutSeconds"] = "10";
        _settings["Simulator__SlowApprovalSeconds"] = "3.5";
        Start(Programs.Simulator);
        var gateway = Start(Programs.Gateway, "serve");
        await Ready();
        var answer = await _http.PostAsJsonAsync(
            "/api/ipg/token", new { merchant = World.Merchant, amount = 10_000, callback_url = World.Callback, invoice_id = "47" });
        var token = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data").GetProperty("token").GetString()!;
        using var browser = new Browser(_http.BaseAddress!);
        Assert.Contains("در حال پرداخت", await browser.Pay(token, "6273530000010002"), StringComparison.Ordinal);

        await gateway.Signal("TERM");

        Assert.Equal(0, await gateway.Exited());
        Assert.Contains("\"status\": \"Authorized\"", await Canpay("payment", "show", token, "--json"), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _http.Dispose();
        await _processes.DisposeAsync();
    }

    private async Task Load(
        int payer,
        ConcurrentBag<string> tokens,
        ConcurrentDictionary<string, string> verified,
        CancellationToken ct)
    {
        for (var i = 0; !ct.IsCancellationRequested; i++)
        {
            try
            {
                var invoice = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));
                var answer = await _http.PostAsJsonAsync(
                    "/api/ipg/token",
                    new { merchant = World.Merchant, amount = 1_000 + payer, callback_url = World.Callback, invoice_id = invoice }, ct);
                var token = (await answer.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("data").GetProperty("token").GetString()!;
                tokens.Add(token);
                using var browser = new Browser(_http.BaseAddress!);
                var page = await browser.Pay(token, Cards[(payer + i) % Cards.Length]);
                if (page.Contains("پرداخت انجام شد", StringComparison.Ordinal) && await Verify(token) is { } reference)
                {
                    verified[token] = reference;
                }
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException or JsonException or InvalidOperationException or KeyNotFoundException)
            {
                // The gateway was killed: what became of this one, the books will say.
                await Task.Delay(20, CancellationToken.None);
            }
        }
    }

    private async Task OperatorEndsBankRefunds(string token)
    {
        await Refund(token, "r2", 1_000, "bank");
        await Refund(token, "r3", 1_000, "bank");
        using var list = JsonDocument.Parse(await Canpay("refund", "list", "--json"));
        var ids = list.RootElement.EnumerateArray().Select(line => line.GetProperty("id").GetRawText()).ToArray();
        Assert.Equal(2, ids.Length);

        Assert.Contains("\"status\": \"Succeeded\"", await Canpay("refund", "paid", ids[0], "--reference", "paya-17", "--json"), StringComparison.Ordinal);
        Assert.Contains("\"status\": \"Failed\"", await Canpay("refund", "failed", ids[1], "--reason", "account closed", "--json"), StringComparison.Ordinal);
        Assert.Contains("does not wait for an operator", await Canpay("refund", "paid", ids[1], "--reference", "paya-18"), StringComparison.Ordinal);
        Assert.Contains("no refund 999", await Canpay("refund", "show", "999"), StringComparison.Ordinal);

        var paid = await Refund(token, "r2", 1_000, "bank");
        var failed = await Refund(token, "r3", 1_000, "bank");
        Assert.Equal(("succeeded", "paya-17", 5_000), (paid.GetProperty("status").GetString(), paid.GetProperty("reference").GetString(), paid.GetProperty("refunded").GetInt64()));
        Assert.Equal(("failed", "account closed"), (failed.GetProperty("status").GetString(), failed.GetProperty("failure").GetString()));
        Assert.Contains("refund_card", await Canpay("payment", "show", token, "--json"), StringComparison.Ordinal);
        Assert.Contains("paya-17", await Canpay("payment", "show", token), StringComparison.Ordinal);
    }

    private async Task<string> Verified()
    {
        var answer = await _http.PostAsJsonAsync(
            "/api/ipg/token", new { merchant = World.Merchant, amount = 10_000, callback_url = World.Callback, invoice_id = "refunded" });
        var token = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data").GetProperty("token").GetString()!;
        using var browser = new Browser(_http.BaseAddress!);
        await browser.Pay(token);
        await Processes.Until("it is verified", async () => await Verify(token) is not null);
        return token;
    }

    private async Task<JsonElement> Refund(string token, string id, long amount, string method)
    {
        using var answer = await _http.PostAsJsonAsync("/api/ipg/refund", new { merchant = World.Merchant, token, refund_id = id, amount, method });
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return body.TryGetProperty("data", out var data) ? data : throw new InvalidOperationException(body.GetRawText());
    }

    private static async Task<List<CanPay.Simulator.Entry>> Credits(HttpClient network) =>
    [
        .. (await network.GetFromJsonAsync("/books.json", CanPay.Simulator.BooksJson.Default.IReadOnlyListEntry))!
            .Where(entry => entry.Kind == CanPay.Simulator.Entry.Refund),
    ];

    private async Task<string?> Verify(string token)
    {
        using var answer = await _http.PostAsJsonAsync("/api/ipg/verify", new { merchant = World.Merchant, token });
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return answer.StatusCode is HttpStatusCode.OK ? body.GetProperty("data").GetProperty("reference").GetString() : null;
    }

    private async Task<bool> AnyUnderWay()
    {
        await using DbConnection connection = _postgres is { } server
            ? new Npgsql.NpgsqlConnection(server)
            : new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_processes.Folder}/canpay.db;Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM payments WHERE status IN ('Authorizing', 'Reversing')";
        return (long)(await command.ExecuteScalarAsync())! != 0;
    }

    private Running Start(string program, params string[] arguments) => _processes.Start(program, _settings, arguments);

    private Task<string> Canpay(params string[] arguments) => Processes.Run(Programs.Gateway, _settings, arguments);

    private Task Ready() => Processes.Until("the gateway is ready", () => Processes.IsReady(_http));
}

public sealed class SqliteKillTests() : KillTests(EngineKind.Sqlite);

public sealed class PostgresKillTests() : KillTests(EngineKind.Postgres);
