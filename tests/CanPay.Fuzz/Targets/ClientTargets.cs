using System.Net;
using System.Text;
using CanPay.Client;
using CanPay.Fuzz.Engine;
using CanPay.Gateway.Webhooks;

namespace CanPay.Fuzz.Targets;

/// <summary>A message to a shop's webhook endpoint. The first byte says whether it is signed; then lines of id, time and signature; then the body.</summary>
internal sealed class WebhookReadTarget() : Target(
    "webhook-read", "what we did not sign is never believed; what we signed is read, or called unreadable",
    "{", "}", "\"", ":", ",", "\"type\":", "\"created_at\":", "\"data\":", "\"refund\":", "payment.verified", "webhook.ping", "v1,", "null", "[]", "\\ud800", "\"token\":", "\"invoice_id\":", "\"amount\":", "\"status\":", "2026-11-28T10:00:00.000Z")
{
    public override int QuickMillions => 1;

    private const string Secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_795_000_000);
    private static readonly WebhookSecret Ours = WebhookSecret.Parse(Secret);
    private readonly Client.Webhooks _webhooks = new([Secret], clock: new StoppedClock(Now));

    public override bool Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return false;
        }

        var isSigned = (input[0] & 1) == 1;
        input = input[1..];
        var (id, time, signature) = (Text(TakeLine(ref input)), Text(TakeLine(ref input)), Text(TakeLine(ref input)));
        if (isSigned)
        {
            (id, time) = (id.Length > 0 ? id : "evt_1", "1795000000");
            signature = $"{signature} {Ours.Sign(id, Now, input)}";
        }

        Callback(id, time, signature);
        var read = _webhooks.Read(id, time, signature, input, out var problem);
        Must(read is null == problem is not WebhookProblem.None, "there is an event, or a problem");
        Must(isSigned ? problem is WebhookProblem.None or WebhookProblem.Ping or WebhookProblem.Unreadable
            : problem is WebhookProblem.HeadersMissing or WebhookProblem.SignatureWrong, "what is signed is believed and nothing else");
        Must(read is null || (read.Id == id && read.Type is not null && read.Payment is not null), "an event has an id, a type and a payment");
        return read is not null;
    }

    /// <summary>What a browser brings to a shop's callback address, of the same lines.</summary>
    private static void Callback(string token, string amount, string invoice)
    {
        var callback = PaymentCallback.Parse(name => name switch { "token" => token, "amount" => amount, "invoice_id" => invoice, _ => "1" });
        Must(callback is null || (callback.Token.Length == 30 && callback.AmountRials >= 0 && callback.InvoiceId.Length is >= 1 and <= 64), "a callback has a token and an amount");
    }
}

/// <summary>A gateway's answer to the SDK. The first byte chooses the status, the second the call, a line is the Retry-After; then the body.</summary>
internal sealed class SdkAnswerTarget() : Target(
    "sdk-answer", "whatever a gateway answers, a call gives what the answer says, or one of the two exceptions that the SDK names",
    "{\"status\":true,\"data\":{", "{\"status\":false,\"error\":\"", "}}", "\"", ":", ",", "\"token\":", "\"url\":", "\"amount\":", "\"invoice_id\":", "\"payments\":[", "\"next_cursor\":", "\"refund_id\":",
    "\"already_verified\":true", "\"verified_at\":", "2026-11-28T10:00:00.000Z", "\\ud800", "null", "[]", "{}", "\"code\":", "\"card\":", "\"reference\":", "\"merchant\":", "\"address\":", "120")
{
    public override int QuickMillions => 1;

    private static readonly int[] Statuses = [200, 200, 200, 400, 401, 409, 422, 429, 500, 503, 302];

    private readonly Answering _gateway = new();
    private CanPayClient? _client;

    public override bool Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < 2)
        {
            return false;
        }

        _client ??= new CanPayClient(
            new HttpClient(_gateway), new CanPayOptions { BaseUrl = new Uri("https://pay.example"), Merchant = "111", MaxRetries = 0 });
        var call = input[1];
        _gateway.Status = (HttpStatusCode)Statuses[input[0] % Statuses.Length];
        input = input[2..];
        _gateway.RetryAfter = Encoding.Latin1.GetString(TakeLine(ref input));
        _gateway.Body = input.ToArray();
        try
        {
            return (call % 6) switch
            {
                0 => Done(_client.VerifyAsync("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 1000)) is not null,
                1 => Done(_client.InquireAsync("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")).Token is not null,
                2 => Done(_client.GetRefundAsync("1")) is { RefundId: not null, Token: not null },
                3 => Done(_client.PingAsync()) is not null,
                4 => Listed(),
                _ => Done(_client.RequestTokenAsync(new TokenRequest(1000, new Uri("https://site.com/"), "1"))) is not null,
            };
        }
        catch (Exception e) when (e is CanPayRefusedException or CanPayUnavailableException)
        {
            return false;
        }
    }

    private bool Listed()
    {
        var page = _client!.ListUnverifiedAsync().GetAsyncEnumerator();
        return Done(page.MoveNextAsync().AsTask()) && page.Current is not null;
    }

    private static T Done<T>(Task<T> task)
    {
        Must(task.IsCompleted, "there is nothing to wait for");
        return task.GetAwaiter().GetResult();
    }

    private sealed class Answering : HttpMessageHandler
    {
        public HttpStatusCode Status { get; set; }

        public string RetryAfter { get; set; } = "";

        public byte[] Body { get; set; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = new HttpResponseMessage(Status) { Content = new ByteArrayContent(Body) };
            if (RetryAfter.Length > 0)
            {
                response.Headers.TryAddWithoutValidation("Retry-After", RetryAfter);
            }

            return Task.FromResult(response);
        }
    }
}

/// <summary>It is always the same moment.</summary>
internal sealed class StoppedClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
