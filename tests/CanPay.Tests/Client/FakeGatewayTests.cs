using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using CanPay.Client.Testing;
using CanPay.Gateway.Api;
using CanPay.Tests.EndToEnd;

namespace CanPay.Tests.Client;

/// <summary>The gateway in memory says what the real one says: the same script is played to both, and their answers are compared.</summary>
public sealed class FakeGatewayTests
{
    [Fact]
    public async Task It_answers_as_the_real_gateway()
    {
        await using var world = await World.Start();
        using var fake = new FakeGateway(World.Merchant);
        using var http = new HttpClient(fake) { BaseAddress = fake.Options.BaseUrl };

        using var realSide = new RealSide(world);
        var real = await Play(realSide);
        var imitated = await Play(new FakeSide(fake, http));

        Assert.Equal(real, imitated);
        Assert.True(real.Count > 30, "the script was not played");
    }

    [Fact]
    public void Its_errors_have_the_numbers_of_the_catalogue()
    {
        var catalogue = ErrorCatalogue.All.ToDictionary(refusal => refusal.Name, refusal => (refusal.HttpStatus, refusal.Code), StringComparer.Ordinal);
        var errors = typeof(FakeGateway).Assembly.GetType("CanPay.Client.Testing.FakeError")!.GetFields().Select(field => field.GetValue(null)!);
        var shared = 0;
        foreach (var error in errors)
        {
            var name = Of<string>(error, "Name");
            if (catalogue.TryGetValue(name, out var numbers))
            {
                Assert.Equal((name, numbers.HttpStatus, numbers.Code), (name, Of<int>(error, "Status"), Of<int>(error, "Code")));
                shared++;
            }
        }

        Assert.True(shared > 15);

        static T Of<T>(object error, string property) => (T)error.GetType().GetProperty(property)!.GetValue(error)!;
    }

    private static async Task<List<string>> Play(Side side)
    {
        // What is asked for, and how it may be wrong.
        var paid = await side.Begin("1");
        await side.Begin("1");
        await side.Call("token", side.Request("1", amount: 20_000));
        await side.Call("token", side.Request("1", callback: World.Callback + "?x"));
        await side.Call("token", side.Request("1", mobile: "09123456789"));
        foreach (var amount in new object[] { 999, 2_000_000_001, "10000", "1e4", -5, "ten" })
        {
            await side.Call("token", side.Request($"amount {amount}", amount));
        }

        await side.Call("token", side.Request("", 10_000));
        await side.Call("token", side.Request(new string('x', 65), 10_000));
        await side.Call("token", side.Request("mobile", 10_000, mobile: "0912"));
        await side.Call("token", side.Request("callback", 10_000, callback: "shop"));
        await side.Call("token", new() { ["merchant"] = World.Merchant, ["invoice_id"] = "2" });
        await side.Call("token", new() { ["merchant"] = "999-999-999-999", ["amount"] = 10_000, ["callback_url"] = World.Callback, ["invoice_id"] = "2" });
        await side.Call("token", side.Request("keyed"), key: "k1");
        await side.Call("token", side.Request("keyed"), key: "k1");
        await side.Call("token", side.Request("keyed", 20_000), key: "k1");

        // A payment that is paid.
        await side.Verify(paid);
        await side.Pay(paid);
        await side.Begin("1");
        await side.Verify(paid, 9_999);
        await side.Call("inquiry", side.Of(paid));
        await side.Call("unverified", side.Of());
        await side.Verify(paid, 10_000);
        await side.Verify(paid, "10000");
        await side.Verify(paid, key: "k2");
        await side.Verify(paid, key: "k2");
        await side.Verify(paid, 10_000, key: "k2");
        await side.Call("reverse", side.Of(paid));

        // Ends without money.
        var cancelled = await side.Begin("cancelled");
        await side.Decline(cancelled);
        await side.Begin("cancelled");
        await side.Verify(cancelled);
        await side.Cancel(cancelled);
        await side.Verify(cancelled);
        await side.Verify(cancelled);
        var failed = await side.Begin("failed");
        for (var i = 0; i < 5; i++)
        {
            await side.Decline(failed);
        }

        await side.Verify(failed);
        await side.Verify(new string('A', 30));
        await side.Verify("short");
        await side.Call("verify", side.Of());

        // Sent back, and refunded.
        var reversed = await side.Begin("reversed");
        await side.Call("reverse", side.Of(reversed));
        await side.Pay(reversed);
        await side.Call("reverse", side.Of(reversed));
        await side.Call("reverse", side.Of(reversed));
        await side.Call("refund", side.Refund(cancelled, "r0"));
        await side.Call("refund", side.Refund(paid, "r1", 4_000));
        await side.Call("refund", side.Refund(paid, "r1", 4_000));
        await side.Call("refund", side.Refund(paid, "r1", 5_000));
        await side.Call("refund", side.Refund(paid, "r2", 6_001));
        await side.Call("refund", side.Refund(paid, new string('r', 65), 1));
        await side.Call("refund", side.Of(paid));
        await side.Call("refund/status", new() { ["merchant"] = World.Merchant, ["refund_id"] = "none" });
        await side.Call("inquiry", new() { ["merchant"] = World.Merchant, ["invoice_id"] = "none" });
        await side.Call("transactions", side.Of());
        await side.Call("ping", side.Of());
        return side.Heard;
    }

    /// <summary>A gateway, and a payer at it.</summary>
    private abstract class Side
    {
        private readonly List<string> _tokens = [];

        public List<string> Heard { get; } = [];

        public abstract Task Pay(string token);

        public abstract Task Decline(string token);

        public abstract Task Cancel(string token);

        public Dictionary<string, object> Request(string invoice, object? amount = null, string callback = World.Callback, string? mobile = null)
        {
            var body = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["merchant"] = World.Merchant,
                ["amount"] = amount ?? 10_000,
                ["callback_url"] = callback,
                ["invoice_id"] = invoice,
            };
            if (mobile is not null)
            {
                body["mobile"] = mobile;
            }

            return body;
        }

        public Dictionary<string, object> Of(string? token = null) => token is null
            ? new(StringComparer.Ordinal) { ["merchant"] = World.Merchant }
            : new(StringComparer.Ordinal) { ["merchant"] = World.Merchant, ["token"] = token };

        public Dictionary<string, object> Refund(string token, string id, long? amount = null)
        {
            var body = Of(token);
            body["refund_id"] = id;
            if (amount is not null)
            {
                body["amount"] = amount;
            }

            return body;
        }

        public async Task<string> Begin(string invoice) =>
            await Call("token", Request(invoice)) is { ValueKind: JsonValueKind.Object } data ? data.GetProperty("token").GetString()! : "";

        public Task<JsonElement> Verify(string token, object? amount = null, string? key = null)
        {
            var body = Of(token);
            if (amount is not null)
            {
                body["amount"] = amount;
            }

            return Call("verify", body, key);
        }

        public async Task<JsonElement> Call(string operation, Dictionary<string, object> body, string? key = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/ipg/" + operation) { Content = JsonContent.Create(body) };
            if (key is not null)
            {
                request.Headers.Add("Idempotency-Key", key);
            }

            using var response = operation is "refund" ? await Ended(request, body) : await Send(request);
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
            var isSuccess = answer.GetProperty("status").GetBoolean();
            Heard.Add(isSuccess
                ? $"{operation} {(int)response.StatusCode} {Told(answer.GetProperty("data"))}"
                : $"{operation} {(int)response.StatusCode} {answer.GetProperty("code")} {answer.GetProperty("error")}");
            return isSuccess ? answer.GetProperty("data") : default;
        }

        /// <summary>A refund that the network is being asked about is not at the same point in two gateways: compared is its end.</summary>
        private async Task<HttpResponseMessage> Ended(HttpRequestMessage request, Dictionary<string, object> body)
        {
            var response = await Send(request);
            await Processes.Until("the refund ends", async () =>
            {
                if (!response.IsSuccessStatusCode || await IsOver(response))
                {
                    return true;
                }

                response.Dispose();
                using var status = new HttpRequestMessage(HttpMethod.Post, "/api/ipg/refund/status")
                {
                    Content = JsonContent.Create(new { merchant = World.Merchant, refund_id = body["refund_id"] }),
                };
                response = await Send(status);
                return false;
            });
            return response;

            // As a text: what was read as a stream cannot be read again.
            static async Task<bool> IsOver(HttpResponseMessage answer) => JsonDocument.Parse(await answer.Content.ReadAsStringAsync())
                .RootElement.GetProperty("data").GetProperty("status").GetString() is "succeeded" or "failed";
        }

        protected abstract Task<HttpResponseMessage> Send(HttpRequestMessage request);

        /// <summary>What two gateways must have in common: names, order, kinds, and values that are not by chance.</summary>
        private string Told(JsonElement value, string name = "") => value.ValueKind switch
        {
            JsonValueKind.Object => "{" + string.Join(",", value.EnumerateObject().Select(p => $"{p.Name}:{Told(p.Value, p.Name)}")) + "}",
            JsonValueKind.Array => name is "domains" ? "some" : "[" + string.Join(",", value.EnumerateArray().Select(item => Told(item))) + "]",
            JsonValueKind.String => name switch
            {
                "token" => "token " + Known(value.GetString()!).ToString(CultureInfo.InvariantCulture),
                "url" => "token " + Known(value.GetString()!.Split('/')[^1]).ToString(CultureInfo.InvariantCulture),
                "reference" or "address" or "name" or "version" => "some",
                "status" => value.GetString()!.Replace("reversing", "reversed", StringComparison.Ordinal),
                _ when name.EndsWith("_at", StringComparison.Ordinal) || name is "verify_until" or "time" => "instant " + value.GetString()!.Length,
                _ => value.GetString()!,
            },
            _ => name is "test" ? "bool" : value.GetRawText(),
        };

        private int Known(string token)
        {
            if (!_tokens.Contains(token, StringComparer.Ordinal))
            {
                _tokens.Add(token);
            }

            return _tokens.IndexOf(token);
        }
    }

    private sealed class RealSide(World world) : Side, IDisposable
    {
        private const string NoMoney = "6037990000000006";

        /// <summary>A payment goes on in the browser in which it was begun.</summary>
        private readonly Dictionary<string, Browser> _browsers = new(StringComparer.Ordinal);

        public override Task Pay(string token) => At(token).Pay(token);

        public override Task Decline(string token) => At(token).Pay(token, NoMoney);

        public override async Task Cancel(string token) => await At(token).Submit(
            token, "cancel", Browser.FormToken(await (await At(token).Open(token)).Content.ReadAsStringAsync()));

        public void Dispose()
        {
            foreach (var browser in _browsers.Values)
            {
                browser.Dispose();
            }
        }

        protected override Task<HttpResponseMessage> Send(HttpRequestMessage request) => world.Http.SendAsync(request);

        private Browser At(string token)
        {
            if (!_browsers.TryGetValue(token, out var browser))
            {
                _browsers[token] = browser = world.NewBrowser();
            }

            return browser;
        }
    }

    private sealed class FakeSide(FakeGateway gateway, HttpClient http) : Side
    {
        public override Task Pay(string token)
        {
            gateway.Pay(token);
            return Task.CompletedTask;
        }

        public override Task Decline(string token)
        {
            gateway.Decline(token);
            return Task.CompletedTask;
        }

        public override Task Cancel(string token)
        {
            gateway.Cancel(token);
            return Task.CompletedTask;
        }

        protected override Task<HttpResponseMessage> Send(HttpRequestMessage request) => http.SendAsync(request);
    }
}
