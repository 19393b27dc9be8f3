using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CanPay.Client.Testing;

/// <summary>
/// A gateway in memory, for the tests of your shop: <c>new HttpClient(new FakeGateway())</c>, or with ASP.NET Core
/// <c>AddCanPay(…).ConfigurePrimaryHttpMessageHandler(() =&gt; gateway)</c>. It takes the API's calls as the real one does; the payer and the
/// troubles of the network are its methods. Safe for several threads.
/// </summary>
public sealed partial class FakeGateway : HttpMessageHandler
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

#if NET9_0_OR_GREATER
    private readonly Lock _lock = new();
#else
    private readonly object _lock = new();
#endif
    private readonly string _merchant;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, FakePayment> _payments = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Body, Reply Reply)> _keys = new(StringComparer.Ordinal);
    private readonly Queue<Trouble> _troubles = new();
    private readonly List<string> _calls = [];

    /// <summary>Makes a gateway without payments.</summary>
    /// <param name="merchant">The one merchant that it knows.</param>
    /// <param name="clock">For the 15 minutes; give a <c>FakeTimeProvider</c> to let them pass.</param>
    public FakeGateway(string merchant = "111-222-333-444", TimeProvider? clock = null)
    {
        _merchant = merchant;
        _clock = clock ?? TimeProvider.System;
    }

    private enum Trouble
    {
        CallLost,
        AnswerLost,
        Overloaded,
    }

    /// <summary>Options for a client of this gateway; it repeats without waiting.</summary>
    public CanPayOptions Options => new() { BaseUrl = new Uri("http://canpay.test/"), Merchant = _merchant, RetryDelay = TimeSpan.Zero };

    /// <summary>How refunds go, or null where the merchant may not refund. By card they succeed at once; by bank you say when.</summary>
    public RefundMethod? Refunds { get; set; } = RefundMethod.Card;

    /// <summary>The calls that arrived, oldest first, for example <c>verify</c>.</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_lock)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>The payer pays.</summary>
    /// <param name="token">The payment.</param>
    /// <param name="maskedCard">As verify will show it.</param>
    /// <returns>What the browser brings back to the shop.</returns>
    /// <exception cref="InvalidOperationException">There is no such payment, or it cannot be paid any more.</exception>
    public PaymentCallback Pay(string token, string maskedCard = "5022-29**-****-7122") => Act(token, (payment, now) =>
    {
        payment.Status = PaymentStatus.Authorized;
        payment.Card = maskedCard;
        payment.Reference = RandomNumberGenerator.GetString("0123456789", 12);
        payment.PaidAt = now;
    });

    /// <summary>A card is declined. The payer may try again; the fifth time the payment has failed.</summary>
    /// <param name="token">The payment.</param>
    /// <returns>What the browser brings back, or would; after the fifth it does.</returns>
    /// <exception cref="InvalidOperationException">There is no such payment, or it cannot be paid any more.</exception>
    public PaymentCallback Decline(string token) => Act(token, (payment, now) =>
    {
        if (++payment.Declines == FakePayment.MaxDeclines)
        {
            payment.End(PaymentStatus.Failed, now);
        }
    });

    /// <summary>The payer gives up.</summary>
    /// <param name="token">The payment.</param>
    /// <returns>What the browser brings back to the shop.</returns>
    /// <exception cref="InvalidOperationException">There is no such payment, or it is over.</exception>
    public PaymentCallback Cancel(string token) => Act(token, (payment, now) => payment.End(PaymentStatus.Cancelled, now));

    /// <summary>The card network does not say what became of the purchase: the money goes back, whatever it was.</summary>
    /// <param name="token">The payment.</param>
    /// <returns>What the browser brings back to the shop.</returns>
    /// <exception cref="InvalidOperationException">There is no such payment, or it is over.</exception>
    public PaymentCallback LoseNetworkAnswer(string token) => Act(token, (payment, now) =>
    {
        payment.ReturnCause = "outcome_unknown";
        payment.End(PaymentStatus.Reversed, now);
    });

    /// <summary>The bank has paid a refund out, or refused it.</summary>
    /// <param name="refundId">A refund that is pending.</param>
    /// <param name="failure">Why it failed; null where it succeeded.</param>
    /// <exception cref="InvalidOperationException">There is no such refund, or it is over.</exception>
    public void EndRefund(string refundId, string? failure = null)
    {
        lock (_lock)
        {
            var refund = _payments.Values.SelectMany(payment => payment.Refunds)
                .SingleOrDefault(refund => refund.Id == refundId && refund.Status is RefundStatus.Pending)
                ?? throw new InvalidOperationException($"There is no pending refund {refundId}.");
            End(refund, failure);
        }
    }

    /// <summary>The next call never arrives: nothing happens, and the caller gets no answer.</summary>
    public void LoseNextCall() => Add(Trouble.CallLost);

    /// <summary>The next call does what it does, but its answer never arrives.</summary>
    public void LoseNextAnswer() => Add(Trouble.AnswerLost);

    /// <summary>The next call is refused with 503 and <c>Retry-After: 0</c>.</summary>
    public void RefuseNextCall() => Add(Trouble.Overloaded);

    /// <summary>A webhook as the gateway sends it, signed, for your own endpoint.</summary>
    /// <param name="endpoint">Your endpoint.</param>
    /// <param name="secret">One of its secrets, <c>whsec_…</c>.</param>
    /// <param name="type">One of <see cref="WebhookTypes"/>.</param>
    /// <param name="token">The payment that it is about, as it stands now.</param>
    /// <exception cref="InvalidOperationException">There is no such payment.</exception>
    public HttpRequestMessage Webhook(Uri endpoint, string secret, string type, string token)
    {
        lock (_lock)
        {
            var payment = Find(token) ?? throw new InvalidOperationException($"There is no payment {token}.");
            var id = "evt_" + RandomNumberGenerator.GetString(Letters, 26);
            var now = _clock.GetUtcNow();
            var body = Json(json =>
            {
                json.WriteString("type", type);
                json.WriteString("id", id);
                json.WriteString("created_at", FakePayment.Instant(now));
                json.WriteBoolean("test", true);
                json.WriteStartObject("data");
                payment.Write(json, withRefunds: false);
                if (type == WebhookTypes.PaymentRefunded && payment.Refunds is [.., var refund])
                {
                    json.WriteStartObject("refund");
                    refund.Write(json, payment);
                    json.WriteEndObject();
                }

                json.WriteEndObject();
            });
            var request = new HttpRequestMessage(HttpMethod.Post, endpoint)
            {
                Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
            };
            request.Headers.Add(Webhooks.IdHeader, id);
            request.Headers.Add(Webhooks.TimestampHeader, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
            request.Headers.Add(Webhooks.SignatureHeader, Webhooks.Sign(secret, id, now, body));
            return request;
        }
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            Trouble? trouble = _troubles.TryDequeue(out var next) ? next : null;
            if (trouble is Trouble.CallLost)
            {
                throw new HttpRequestException("The call was lost.");
            }

            var reply = trouble is Trouble.Overloaded ? Reply.Of(new FakeError(503, 902, CanPayErrors.TemporarilyUnavailable)) : Answer(request, body);
            if (trouble is Trouble.AnswerLost)
            {
                throw new HttpRequestException("The answer was lost.");
            }

            var response = new HttpResponseMessage((HttpStatusCode)reply.Status)
            {
                Content = new StringContent(reply.Body, Encoding.UTF8, "application/json"),
                RequestMessage = request,
            };
            if (reply.Status == 503)
            {
                response.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.Zero);
            }

            if (request.Headers.TryGetValues("X-Request-Id", out var id))
            {
                response.Headers.Add("X-Request-Id", id);
            }

            return response;
        }
    }

    private void Add(Trouble trouble)
    {
        lock (_lock)
        {
            _troubles.Enqueue(trouble);
        }
    }

    private PaymentCallback Act(string token, Action<FakePayment, DateTimeOffset> act)
    {
        lock (_lock)
        {
            var payment = Find(token);
            if (payment is not { Status: PaymentStatus.Created })
            {
                throw new InvalidOperationException($"The payment {token} is {payment?.Status.ToString() ?? "not there"}.");
            }

            act(payment, _clock.GetUtcNow());
            return payment.Callback();
        }
    }

    private FakePayment? Find(string? token)
    {
        var payment = token is null ? null : _payments.GetValueOrDefault(token);
        payment?.Look(_clock.GetUtcNow());
        return payment;
    }

    private void End(FakeRefund refund, string? failure)
    {
        refund.Status = failure is null ? RefundStatus.Succeeded : RefundStatus.Failed;
        refund.Failure = failure;
        refund.Reference = failure is null ? RandomNumberGenerator.GetString("0123456789", 12) : null;
        refund.EndedAt = _clock.GetUtcNow();
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private sealed record Reply(int Status, string Body)
    {
        public static Reply Of(FakeError error) => new(error.Status, Encoding.UTF8.GetString(Json(json =>
        {
            json.WriteBoolean("status", false);
            json.WriteString("error", error.Name);
            json.WriteNumber("code", error.Code);
            json.WriteString("message", error.Name);
            json.WriteString("description", "");
        })));

        public static Reply Of(Action<Utf8JsonWriter> data) => new(200, Encoding.UTF8.GetString(Json(json =>
        {
            json.WriteBoolean("status", true);
            json.WriteStartObject("data");
            data(json);
            json.WriteEndObject();
        })));
    }
}
