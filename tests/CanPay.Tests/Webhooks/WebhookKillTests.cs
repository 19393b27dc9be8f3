using System.Collections.Concurrent;
using System.Data.Common;
using System.Net.Http.Json;
using System.Text.Json;
using CanPay.Gateway.Storage;
using CanPay.Tests.EndToEnd;
using Microsoft.AspNetCore.Http;

namespace CanPay.Tests.Webhooks;

/// <summary>Nodes are killed (SIGKILL) while they take payments and send events: each event arrives, at least once and in order.</summary>
public abstract class WebhookKillTests : IAsyncDisposable
{
    private const int Cycles = 3;
    private const int Payers = 6;

    private readonly Processes _processes = new();
    private readonly Dictionary<string, string> _settings;
    private readonly List<HttpClient> _nodes = [];
    private readonly List<Running> _running = [];
    private readonly string? _postgres;

    private protected WebhookKillTests(EngineKind engine, int nodes)
    {
        var (iso, web) = (FreePorts.Next(), FreePorts.Next());
        _settings = new(StringComparer.Ordinal)
        {
            ["CANPAY_DATA"] = _processes.Folder,
            ["Simulator__IsoPort"] = $"{iso}",
            ["Simulator__WebPort"] = $"{web}",
            ["Acquiring__SwitchPort"] = $"{iso}",
            ["Acquiring__AnswerTimeoutSeconds"] = "1",
            ["Acquiring__ResolveGraceSeconds"] = "1",
            ["Checkout__QuickAnswerMs"] = "300",
            ["Jobs__LeaseSeconds"] = "3",
            ["Webhooks__PollMs"] = "50",
            ["Webhooks__LeaseSeconds"] = "3",
            ["Webhooks__TimeoutSeconds"] = "2",
            ["Webhooks__RetrySeconds"] = "1",
            ["Webhooks__MaxPauseSeconds"] = "1",
            ["Webhooks__PauseSeconds"] = "1",
        };
        if (engine is EngineKind.Postgres)
        {
            _postgres = PostgresServer.Instance.ConnectionString(PostgresServer.Instance.NewDatabase(migrated: false));
            _settings["Storage__Postgres"] = _postgres;
        }

        for (var i = 0; i < nodes; i++)
        {
            _nodes.Add(new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{FreePorts.Next()}"), Timeout = TimeSpan.FromSeconds(10) });
        }
    }

    [Fact]
    public async Task Killed_under_load_no_event_is_lost()
    {
        await using var receiver = await Receiver.Start();
        var requests = 0;
        receiver.Answer = (_, context) =>
        {
            context.Response.StatusCode = Interlocked.Increment(ref requests) % 7 == 0 ? 500 : 204;
            return Task.CompletedTask;
        };
        _processes.Start(Programs.Simulator, _settings);
        for (var node = 0; node < _nodes.Count; node++)
        {
            _running.Add(Start(node));
            await Ready(node);
        }

        var said = JsonDocument.Parse(await Canpay("webhook", "add", "--merchant", World.Merchant, "--url", receiver.Url.AbsoluteUri, "--json")).RootElement;
        var verified = new ConcurrentDictionary<string, bool>();
        using var stop = new CancellationTokenSource();
        var load = Task.WhenAll(Enumerable.Range(0, Payers).Select(payer => Load(payer, verified, stop.Token)));
        for (var cycle = 0; cycle < Cycles; cycle++)
        {
            var (before, arrived) = (verified.Count, receiver.Got.Count);
            await Processes.Until("payments are verified and told", () => Task.FromResult(verified.Count > before + 2 && receiver.Got.Count > arrived + 4));
            var victim = cycle % _nodes.Count;
            await _running[victim].Kill();
            _running[victim] = Start(victim);
            await Ready(victim);
        }

        await stop.CancelAsync();
        await load;
        await Processes.Until("nothing is under way", async () => (await Ask("SELECT 'x' FROM payments WHERE status IN ('Authorizing', 'Reversing')")).Count == 0);
        await Processes.Until("every event has arrived", async () => (await Ask("SELECT 'x' FROM webhook_deliveries WHERE status = 'Pending'")).Count == 0);

        // The books, not the events, say what must have been told.
        var moves = await Ask(
            """
            SELECT p.token || ' ' || CASE t.to_status WHEN 'Authorized' THEN 'payment.paid' ELSE 'payment.' || lower(t.to_status) END
            FROM transitions t JOIN payments p ON p.id = t.payment_id
            WHERE t.to_status IN ('Authorized', 'Verified', 'Reversed', 'Failed', 'Expired', 'Cancelled')
                AND t.at_ms > (SELECT min(active_since_ms) FROM webhook_endpoints)
            """);
        var told = receiver.Got.Select(got => $"{got.Token} {got.Type}").ToHashSet(StringComparer.Ordinal);
        Assert.True(moves.Count > 20, $"only {moves.Count} moves");
        Assert.DoesNotContain(moves, move => !told.Contains(move));
        Assert.Empty(await Ask("SELECT 'x' FROM webhook_deliveries WHERE status <> 'Delivered'"));
        foreach (var payment in receiver.Got.GroupBy(got => got.Token))
        {
            var order = payment.Select(got => got.Type).Distinct().ToList();
            Assert.True(order.Count == 1 || order[0] == "payment.paid", string.Join(' ', order));
            Assert.Equal(order.Count, payment.Select(got => got.Id).Distinct().Count());
        }

        Assert.All(WebhookJudge.Takes([.. receiver.Got.Select(got => got.With(said.GetProperty("secret").GetString()!))]), Assert.True);
        var report = await Canpay("doctor");
        Assert.True(report.Contains("Everything is true", StringComparison.Ordinal), report);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _nodes.ForEach(node => node.Dispose());
        await _processes.DisposeAsync();
    }

    private async Task Load(int payer, ConcurrentDictionary<string, bool> verified, CancellationToken ct)
    {
        for (var i = payer; !ct.IsCancellationRequested; i++)
        {
            var node = _nodes[i % _nodes.Count];
            try
            {
                using var answer = await node.PostAsJsonAsync(
                    "/api/ipg/token", new { merchant = World.Merchant, amount = 1_000 + payer, callback_url = World.Callback, invoice_id = Guid.NewGuid().ToString() }, ct);
                var token = (await answer.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("data").GetProperty("token").GetString()!;
                using var browser = new Browser(node.BaseAddress!);
                if ((await browser.Pay(token)).Contains("پرداخت انجام شد", StringComparison.Ordinal))
                {
                    using var verify = await node.PostAsJsonAsync("/api/ipg/verify", new { merchant = World.Merchant, token }, ct);
                    verified[token] = verify.IsSuccessStatusCode;
                }
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException or JsonException or InvalidOperationException or KeyNotFoundException)
            {
                // The node was killed: what became of this one, the books will say.
                await Task.Delay(20, CancellationToken.None);
            }
        }
    }

    private Running Start(int node) => _processes.Start(
        Programs.Gateway,
        new Dictionary<string, string>(_settings, StringComparer.Ordinal) { ["Http__Urls"] = _nodes[node].BaseAddress!.OriginalString },
        "serve");

    private Task Ready(int node) => Processes.Until($"node {node} is ready", () => Processes.IsReady(_nodes[node]));

    private async Task<List<string>> Ask(string sql)
    {
        await using DbConnection connection = _postgres is { } server
            ? new Npgsql.NpgsqlConnection(server)
            : new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_processes.Folder}/canpay.db;Pooling=false");
        await connection.OpenAsync();
        return await StorageEngine.Texts(connection, sql, CancellationToken.None);
    }

    private Task<string> Canpay(params string[] arguments) => Processes.Run(Programs.Gateway, _settings, arguments);
}

public sealed class SqliteWebhookKillTests() : WebhookKillTests(EngineKind.Sqlite, nodes: 1);

/// <summary>Two nodes: what the one that is killed had claimed the other sends, and both send beside each other.</summary>
public sealed class PostgresWebhookKillTests() : WebhookKillTests(EngineKind.Postgres, nodes: 2);
