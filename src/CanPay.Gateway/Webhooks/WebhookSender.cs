using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Webhooks;

/// <summary>Sends an event once and says what came of it. Of the answer nothing but its status is told: it may be somebody else's page.</summary>
internal sealed class WebhookSender(HttpClient http, IOptions<WebhookOptions> options, TimeProvider clock)
{
    public const string IdHeader = "webhook-id";
    public const string TimeHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    /// <summary>Bytes of an answer that are read, so that the connection can be used again; where there are more it is closed.</summary>
    private const int MaxAnswer = 64 * 1024;

    private static readonly ProductInfoHeaderValue Agent = new("CanPay-Webhooks", "1");

    /// <param name="secrets">Each makes a signature; the present one first.</param>
    public async Task<SendOutcome> Send(Uri url, string id, byte[] body, IReadOnlyList<WebhookSecret> secrets, CancellationToken ct)
    {
        var at = clock.GetUtcNow();
        var begun = clock.GetTimestamp();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.TimeoutSeconds), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ct);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
            request.Headers.UserAgent.Add(Agent);
            request.Headers.Add(IdHeader, id);
            request.Headers.Add(TimeHeader, at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
            request.Headers.Add(SignatureHeader, string.Join(' ', secrets.Select(secret => secret.Sign(id, at, body))));
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            await Drain(answer, either.Token);
            return Ended(answer.StatusCode);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Failed($"no answer in {options.Value.TimeoutSeconds} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            return Failed(Reason(e));
        }

        SendOutcome Ended(HttpStatusCode status) => (int)status is >= 200 and < 300
            ? new(AttemptOutcome.Delivered, (int)status, null, at, Elapsed())
            : new(status is HttpStatusCode.Gone ? AttemptOutcome.Gone : AttemptOutcome.Failed, (int)status,
                (int)status is >= 300 and < 400 ? "redirects are not followed" : null, at, Elapsed());

        SendOutcome Failed(string reason) => new(AttemptOutcome.Failed, null, reason, at, Elapsed());

        int Elapsed() => (int)clock.GetElapsedTime(begun).TotalMilliseconds;
    }

    /// <summary>The status counts, whatever becomes of the rest of the answer.</summary>
    private static async Task Drain(HttpResponseMessage answer, CancellationToken ct)
    {
        try
        {
            await using var stream = await answer.Content.ReadAsStreamAsync(ct);
            var buffer = new byte[8 * 1024];
            var total = 0;
            while (total < MaxAnswer && await stream.ReadAsync(buffer, ct) is > 0 and var read)
            {
                total += read;
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // It was said: 2xx is taken, whoever breaks off afterwards.
        }
    }

    /// <summary>What kind of failure, and no word of what a stranger's server said.</summary>
    private static string Reason(Exception e) => e switch
    {
        HttpRequestException { InnerException: RefusedAddressException refused } => "not connected to: " + refused.Message,
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "the name is not known",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "no secure connection: certificate or TLS",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "no connection",
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ResponseEnded } => "no lawful answer",
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => "the answer's headers are too long",
        _ => "the connection broke",
    };
}

/// <param name="HttpStatus">None: there was no answer.</param>
/// <param name="Note">What an operator should know beside the status.</param>
internal sealed record SendOutcome(AttemptOutcome Outcome, int? HttpStatus, string? Note, DateTimeOffset At, int DurationMs)
{
    public override string ToString() => HttpStatus is { } status ? $"{status}{(Note is null ? "" : ", " + Note)}" : Note ?? "";
}

/// <summary>What came of a try. Stored by name.</summary>
internal enum AttemptOutcome
{
    /// <summary>2xx.</summary>
    Delivered,
    Failed,

    /// <summary>410: the endpoint wants no more.</summary>
    Gone,
}
