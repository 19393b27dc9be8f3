using System.Net.Http.Json;
using System.Text.Json;
using CanPay.Gateway.Storage;
using CanPay.Tests.EndToEnd;
using Microsoft.AspNetCore.Http;

namespace CanPay.Tests.Webhooks;

/// <summary>What operators and developers do, with the program itself, on both engines.</summary>
public abstract class WebhookCommandTests : IAsyncDisposable
{
    private readonly Processes _processes = new();
    private readonly Dictionary<string, string> _settings;
    private readonly HttpClient _http;

    private protected WebhookCommandTests(EngineKind engine)
    {
        var (gateway, iso, web) = (FreePorts.Next(), FreePorts.Next(), FreePorts.Next());
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{gateway}"), Timeout = TimeSpan.FromSeconds(30) };
        _settings = new(StringComparer.Ordinal)
        {
            ["CANPAY_DATA"] = _processes.Folder,
            ["Simulator__IsoPort"] = $"{iso}",
            ["Simulator__WebPort"] = $"{web}",
            ["Http__Urls"] = _http.BaseAddress.OriginalString,
            ["Acquiring__SwitchPort"] = $"{iso}",
            ["Webhooks__PollMs"] = "50",
            ["Webhooks__RetrySeconds"] = "1",
        };
        if (engine is EngineKind.Postgres)
        {
            _settings["Storage__Postgres"] = PostgresServer.Instance.ConnectionString(PostgresServer.Instance.NewDatabase(migrated: false));
        }
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _http.Dispose();
        await _processes.DisposeAsync();
    }

    [Fact]
    public async Task An_endpoint_is_added_tested_rotated_listed_disabled_and_removed()
    {
        await using var receiver = await Receiver.Start();
        await Serve();

        var (endpoint, secret) = await Add(receiver.Url);
        Assert.Contains($"already: {endpoint}", await Canpay("webhook", "add", "--merchant", World.Merchant, "--url", receiver.Url.AbsoluteUri), StringComparison.Ordinal);
        Assert.Contains("Delivered: HTTP 204", await Canpay("webhook", "test", endpoint), StringComparison.Ordinal);
        var second = JsonDocument.Parse(await Canpay("webhook", "rotate", endpoint, "--json")).RootElement.GetProperty("secret").GetString()!;
        await Canpay("webhook", "test", endpoint);

        Assert.Equal(["webhook.ping", "webhook.ping"], receiver.Types());
        var (one, two) = (receiver.Got.First(), receiver.Got.Last());
        Assert.Equal([true, false, true, true], WebhookJudge.Takes(one.With(secret), one.With(second), two.With(secret), two.With(second)));
        var list = await Canpay("webhook", "list", "--json");
        Assert.DoesNotContain("whsec_", list, StringComparison.Ordinal);
        Assert.Contains("\"status\": \"Active\"", list, StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(_processes.Folder, "canpay.db*"))
        {
            var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            Assert.Equal(-1, bytes.AsSpan().IndexOf(Convert.FromBase64String(secret["whsec_".Length..])));
        }

        await Canpay("webhook", "disable", endpoint);
        Assert.Contains("is not active", await Canpay("webhook", "test", endpoint), StringComparison.Ordinal);
        await Canpay("webhook", "enable", endpoint);
        Assert.Contains("Delivered", await Canpay("webhook", "test", endpoint), StringComparison.Ordinal);
        await Canpay("webhook", "remove", endpoint);
        Assert.Equal("[]", (await Canpay("webhook", "list", "--json")).Trim());
        Assert.Contains("There is no endpoint", await Canpay("webhook", "rotate", endpoint), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_failed_is_seen_and_goes_again_when_an_operator_says_so()
    {
        await using var receiver = await Receiver.Start();
        _settings["Webhooks__RetrySeconds"] = "3600";
        await Serve();
        await Add(receiver.Url, "--events", "payment.paid");
        receiver.Answer = (_, context) =>
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return context.Response.WriteAsync("<html>a stranger's page</html>");
        };

        var token = await Paid();
        await Processes.Until("it was tried", () => Task.FromResult(receiver.Got.Count == 1));
        var failed = "";
        await Processes.Until("the failure is in the log", async () =>
            (failed = await Canpay("webhook", "deliveries", "--failed", "--payment", token, "--json")).Contains("\"http_status\": 500", StringComparison.Ordinal));
        Assert.DoesNotContain("stranger", failed, StringComparison.Ordinal);
        receiver.Answer = (_, _) => Task.CompletedTask;
        Assert.Contains("It is due now, for 1", await Canpay("webhook", "redeliver", receiver.Got.First().Id), StringComparison.Ordinal);

        await Processes.Until("it came again", () => Task.FromResult(receiver.Got.Count == 2));
        await Processes.Until("nothing has failed any more", async () => (await Canpay("webhook", "deliveries", "--failed", "--json")).Trim() == "[]");
        Assert.Single(receiver.Got.Select(got => got.Body).Distinct());
        Assert.Contains("200", await Canpay("webhook", "deliveries", "--merchant", World.Merchant), StringComparison.Ordinal);

        // One that was taken goes again, too: the receiver's orders were lost, say.
        await Canpay("webhook", "redeliver", receiver.Got.First().Id);
        await Processes.Until("it came a third time", () => Task.FromResult(receiver.Got.Count == 3));
    }

    [Fact]
    public async Task A_developer_listens_and_is_handed_what_comes_signed()
    {
        await using var receiver = await Receiver.Start();
        await Serve();
        var listening = _processes.Start(Programs.Gateway, _settings, "listen", "--merchant", World.Merchant, "--forward-to", receiver.Url.AbsoluteUri);
        await Processes.Until("it listens", () => Task.FromResult(listening.Said.Contains("Secret: whsec_", StringComparison.Ordinal)));

        var token = await Paid();

        await Processes.Until("it was shown", () => Task.FromResult(listening.Said.Contains(token + " [204 in ", StringComparison.Ordinal)));
        var secret = listening.Said.Split("Secret: ")[1].Split('\n')[0].Trim();
        var got = Assert.Single(receiver.Got);
        Assert.Equal((token, "payment.paid"), (got.Token, got.Type));
        Assert.Equal([true], WebhookJudge.Takes(got.With(secret)));
        await listening.Signal("INT");
        Assert.Equal(0, await listening.Exited());
        Assert.Equal("[]", (await Canpay("webhook", "list", "--json")).Trim());
    }

    [Theory]
    [InlineData("there is no merchant", "webhook", "add", "--merchant", "nobody", "--url", "https://site.com/hook")]
    [InlineData("may not be an endpoint", "webhook", "add", "--merchant", World.Merchant, "--url", "https://169.254.169.254/")]
    [InlineData("There are no events of the type 'payment.payed'", "webhook", "add", "--merchant", World.Merchant, "--url", "https://site.com/hook", "--events", "payment.payed")]
    [InlineData("There is no event", "webhook", "redeliver", "evt_x")]
    [InlineData("There is no endpoint", "webhook", "remove", "whe_x")]
    public async Task What_cannot_be_done_is_said_in_one_line(string text, params string[] arguments)
    {
        if (arguments.Contains(World.Merchant))
        {
            await Canpay("merchant", "add", "--name", "shop", "--code", World.Merchant);
        }

        var said = await Canpay(arguments);

        Assert.StartsWith("canpay: ", said, StringComparison.Ordinal);
        Assert.Contains(text, said, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\n", said.Trim(), StringComparison.Ordinal);
    }

    private async Task Serve()
    {
        _processes.Start(Programs.Simulator, _settings);
        _processes.Start(Programs.Gateway, _settings, "serve");
        await Processes.Until("the gateway is ready", () => Processes.IsReady(_http));
    }

    private async Task<(string Endpoint, string Secret)> Add(Uri url, params string[] more)
    {
        var said = JsonDocument.Parse(await Canpay(["webhook", "add", "--merchant", World.Merchant, "--url", url.AbsoluteUri, "--json", .. more])).RootElement;
        return (said.GetProperty("endpoint").GetString()!, said.GetProperty("secret").GetString()!);
    }

    private async Task<string> Paid()
    {
        using var answer = await _http.PostAsJsonAsync(
            "/api/ipg/token", new { merchant = World.Merchant, amount = 10_000, callback_url = World.Callback, invoice_id = Guid.NewGuid().ToString() });
        var token = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("data").GetProperty("token").GetString()!;
        using var browser = new Browser(_http.BaseAddress!);
        await browser.Pay(token);
        return token;
    }

    private Task<string> Canpay(params string[] arguments) => Processes.Run(Programs.Gateway, _settings, arguments);
}

public sealed class SqliteWebhookCommandTests() : WebhookCommandTests(EngineKind.Sqlite);

public sealed class PostgresWebhookCommandTests() : WebhookCommandTests(EngineKind.Postgres);
