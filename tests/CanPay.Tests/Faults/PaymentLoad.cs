using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CanPay.Tests.EndToEnd;

namespace CanPay.Tests.Faults;

/// <summary>Shops and payers at work, who remember everything that the gateway told them.</summary>
internal sealed class PaymentLoad(HttpClient http)
{
    private static readonly string[] Cards =
        [World.ApprovedCard, World.ApprovedCard, World.ApprovedCard, "6037990000000006", "6396070000090003", "6219860000070004"];

    /// <summary>Between two payments of a payer: what else is tested meanwhile needs the machine, too.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);

    private long _lastVerified;
    private long _longestGapMs;

    /// <summary>Every token that was given out.</summary>
    public ConcurrentBag<string> Tokens { get; } = [];

    /// <summary>Every payment that a shop was told is its own, with its reference.</summary>
    public ConcurrentDictionary<string, string> Verified { get; } = new();

    /// <summary>Answers of the API that are neither success nor a lawful no, nor "try again" as it should be.</summary>
    public ConcurrentBag<string> WrongAnswers { get; } = [];

    /// <summary>How often the API said "try again".</summary>
    public int TryAgain => _tryAgain;

    private int _tryAgain;

    /// <summary>The longest time between two successes.</summary>
    public TimeSpan LongestGap => TimeSpan.FromMilliseconds(Volatile.Read(ref _longestGapMs));

    /// <summary>Pays on and on until it is told to stop.</summary>
    public Task Run(int payers, CancellationToken ct) => Task.WhenAll(Enumerable.Range(0, payers).Select(payer => Pay(payer, ct)));

    public async Task<(HttpStatusCode Status, JsonElement Body)> Call(string operation, object body)
    {
        using var answer = await http.PostAsJsonAsync($"/api/ipg/{operation}", body);
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        if (answer.StatusCode is not HttpStatusCode.OK)
        {
            Judge(operation, answer, json);
        }

        return (answer.StatusCode, json);
    }

    public async Task<string?> Token()
    {
        var (status, body) = await Call("token", new
        {
            merchant = World.Merchant,
            amount = 10_000,
            callback_url = World.Callback,
            invoice_id = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)),
        });
        if (status is not HttpStatusCode.OK)
        {
            return null;
        }

        var token = body.GetProperty("data").GetProperty("token").GetString()!;
        Tokens.Add(token);
        return token;
    }

    /// <returns>The reference, if the payment is the shop's.</returns>
    public async Task<string?> Verify(string token)
    {
        var (status, body) = await Call("verify", new { merchant = World.Merchant, token });
        return status is HttpStatusCode.OK ? body.GetProperty("data").GetProperty("reference").GetString() : null;
    }

    /// <summary>A payment from its token to the shop's money; none where something stood in its way.</summary>
    public async Task<string?> PayAndVerify(string card)
    {
        if (await Token() is not { } token)
        {
            return null;
        }

        using var browser = new Browser(http.BaseAddress!);
        var page = await browser.Pay(token, card);
        if (!page.Contains("پرداخت انجام شد", StringComparison.Ordinal) || await Verify(token) is not { } reference)
        {
            return null;
        }

        Verified[token] = reference;
        Measure();
        return token;
    }

    /// <summary>What was acknowledged and is not there any more.</summary>
    public async Task<List<string>> Lost(string connectionString)
    {
        await using var connection = await Sql.OpenAny(connectionString);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT token, status, coalesce(rrn, '') FROM payments";
        await using var row = await command.ExecuteReaderAsync();
        var there = new Dictionary<string, (string Status, string Rrn)>(StringComparer.Ordinal);
        while (await row.ReadAsync())
        {
            there[row.GetString(0)] = (row.GetString(1), row.GetString(2));
        }

        return
        [
            .. Tokens.Where(token => !there.ContainsKey(token)).Select(token => $"the token {token}"),
            .. Verified.Where(told => there.GetValueOrDefault(told.Key) != ("Verified", told.Value)).Select(told => $"the money of {told.Key}"),
        ];
    }

    /// <summary>No payment is between two ends any more.</summary>
    public static Task Quiet(string connectionString) => Wait.Until("every payment has ended", async () =>
        (await Sql.Texts(connectionString, "SELECT token FROM payments WHERE status IN ('Authorizing', 'Reversing') LIMIT 1")).Count == 0);

    private async Task Pay(int payer, CancellationToken ct)
    {
        for (var i = payer; !ct.IsCancellationRequested; i++)
        {
            try
            {
                await PayAndVerify(Cards[i % Cards.Length]);
            }
            catch (InvalidOperationException)
            {
                // The page had no form: it said that it is not available.
            }

            await Task.Delay(Breath, CancellationToken.None);
        }
    }

    /// <summary>Anything but success has the five keys; where the gateway cannot work it says when to come again.</summary>
    private void Judge(string operation, HttpResponseMessage answer, JsonElement body)
    {
        var isEnvelope = body.ValueKind is JsonValueKind.Object
            && body.EnumerateObject().Select(key => key.Name).SequenceEqual(["status", "error", "code", "message", "description"]);
        var isTryAgain = answer.StatusCode is HttpStatusCode.ServiceUnavailable && answer.Headers.RetryAfter is not null;
        if (isTryAgain)
        {
            Interlocked.Increment(ref _tryAgain);
        }

        if (!isEnvelope || ((int)answer.StatusCode >= 500 && !isTryAgain))
        {
            WrongAnswers.Add($"{operation}: {(int)answer.StatusCode} {body}");
        }
    }

    private void Measure()
    {
        var now = Stopwatch.GetTimestamp();
        var before = Interlocked.Exchange(ref _lastVerified, now);
        var gap = before == 0 ? 0 : (long)Stopwatch.GetElapsedTime(before, now).TotalMilliseconds;
        if (gap > Volatile.Read(ref _longestGapMs))
        {
            Volatile.Write(ref _longestGapMs, gap);
        }
    }
}
