using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using CanPay.Gateway.Kernel;
using CanPay.Iso8583;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Acquiring.Direct;

/// <summary>Our own page and our own line to a switch: ISO 8583 in the dialect of Shetab.</summary>
internal sealed class DirectAcquirer(
    SwitchConnection line,
    IHsm hsm,
    CardVault vault,
    TraceNumbers traceNumbers,
    IOptions<AcquiringOptions> options,
    TimeProvider clock,
    ILogger<DirectAcquirer> log) : IAcquirer
{
    public bool IsReady(bool forTests) => line.IsSignedOn;

    private TimeSpan AnswerTimeout => TimeSpan.FromSeconds(options.Value.AnswerTimeoutSeconds);

    public async Task<Authorization> Prepare(
        PaymentId payment, int number, Rials amount, Terminal terminal, Card card, CancellationToken ct)
    {
        var trace = await traceNumbers.Next(ct);
        var now = clock.Now();
        var rrn = trace.Rrn(now);
        return new Authorization(payment, number, trace.Stan, rrn, now, terminal, amount, card.Pan.Mask)
        {
            CardHash = vault.Hash(card.Pan),
            SealedCard = vault.Seal(card.Pan, card.Expiry, CardVault.PlaceOf(rrn)),
        };
    }

    public async Task<AuthorizationOutcome> Authorize(Authorization authorization, Card card)
    {
        IsoMessage request;
        try
        {
            request = ShetabMessages.Purchase(authorization, card, options.Value.AcquirerId, hsm);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IsoFormatException)
        {
            // A defect, or an HSM that is away: in any case nothing went out.
            log.RequestNotMade(e, authorization.Rrn);
            return new AuthorizationOutcome.NotSent("the request could not be made");
        }

        try
        {
            // From the moment that stands in the books: a node that was held up in between sends nothing that another
            // has taken for unknown and reversed meanwhile.
            var left = authorization.TransmittedAt + AnswerTimeout - clock.Now();
            if (left <= TimeSpan.Zero)
            {
                return new AuthorizationOutcome.NotSent("its time was over before it was sent");
            }

            var (answer, messages) = await Exchange(request, authorization.PaymentId, left);
            return answer switch
            {
                LineAnswer.Answered { Message: var message } => Outcome(message) with { Messages = messages },
                LineAnswer.NotSent notSent => new AuthorizationOutcome.NotSent(notSent.Reason) { Messages = messages },
                LineAnswer.NoAnswer noAnswer => new AuthorizationOutcome.Unknown(noAnswer.Reason) { Messages = messages },
                _ => throw new UnreachableException(),
            };
        }
        finally
        {
            // Field 48 holds the CVV2.
            request.Clear();
        }
    }

    public async Task<Authorization> PrepareReversal(Authorization authorization, CancellationToken ct) =>
        authorization with { Reversal = new ReversalAdvice((await traceNumbers.Next(ct)).Stan, clock.Now()) };

    public async Task<ReversalOutcome> Reverse(Authorization authorization)
    {
        var sealedCard = authorization.SealedCard
            ?? throw new InvalidOperationException($"The card of RRN {authorization.Rrn} was erased before its reversal ended.");
        var (pan, _) = await vault.Open(sealedCard, CardVault.PlaceOf(authorization.Rrn), CancellationToken.None);
        var (answer, messages) = await Exchange(
            ShetabMessages.Reversal(authorization, pan, options.Value.AcquirerId), authorization.PaymentId, AnswerTimeout);
        return answer switch
        {
            LineAnswer.Answered { Message: var message } when message.TryGetNumber(39, out var code) =>
                ActionCodes.Reversal((int)code) with { Messages = messages },
            LineAnswer.Answered => new ReversalOutcome.Unknown("the answer has no action code") { Messages = messages },
            LineAnswer.NotSent notSent => new ReversalOutcome.Unknown(notSent.Reason) { Messages = messages },
            LineAnswer.NoAnswer noAnswer => new ReversalOutcome.Unknown(noAnswer.Reason) { Messages = messages },
            _ => throw new UnreachableException(),
        };
    }

    public async Task<RefundAdvice> PrepareRefund(CancellationToken ct)
    {
        var trace = await traceNumbers.Next(ct);
        var now = clock.Now();
        return new RefundAdvice(trace.Stan, trace.Rrn(now), now);
    }

    public async Task<RefundOutcome> Refund(RefundOrder order)
    {
        var purchase = order.Purchase;
        var sealedCard = purchase.SealedCard
            ?? throw new InvalidOperationException($"The card of RRN {purchase.Rrn} was erased before its refund {order.Advice.Rrn} ended.");
        var (pan, _) = await vault.Open(sealedCard, CardVault.PlaceOf(purchase.Rrn), CancellationToken.None);
        var (answer, messages) = await Exchange(
            ShetabMessages.Refund(order, pan, options.Value.AcquirerId), purchase.PaymentId, AnswerTimeout);
        return answer switch
        {
            LineAnswer.Answered { Message: var message } when message.TryGetNumber(39, out var code) =>
                ActionCodes.Refund((int)code) with { Messages = messages },
            LineAnswer.Answered => new RefundOutcome.Unknown("the answer has no action code") { Messages = messages },
            LineAnswer.NotSent notSent => new RefundOutcome.Unknown(notSent.Reason) { Messages = messages },
            LineAnswer.NoAnswer noAnswer => new RefundOutcome.Unknown(noAnswer.Reason) { Messages = messages },
            _ => throw new UnreachableException(),
        };
    }

    public async Task<bool> RequestPin(PaymentId payment, Rials amount, Terminal terminal, Card card, CancellationToken ct)
    {
        var trace = await traceNumbers.Next(ct);
        var now = clock.Now();
        var identity = new PinRequest(payment, trace.Stan, trace.Rrn(now), now, terminal, amount);
        IsoMessage request;
        try
        {
            request = ShetabMessages.PinRequest(identity, card, options.Value.AcquirerId);
        }
        catch (Exception e) when (e is ArgumentException or IsoFormatException)
        {
            log.RequestNotMade(e, identity.Rrn);
            return false;
        }

        try
        {
            var (answer, messages) = await Exchange(request, payment, TimeSpan.FromSeconds(options.Value.PinRequestTimeoutSeconds));

            // No row of the books changes by it, so the journal is written by itself.
            line.Record(messages);
            return answer is not LineAnswer.NotSent;
        }
        finally
        {
            // Field 48 may hold the CVV2.
            request.Clear();
        }
    }

    private static AuthorizationOutcome Outcome(IsoMessage answer) => answer.TryGetNumber(39, out var code)
        ? ActionCodes.Purchase((int)code, answer.GetText(38))
        : new AuthorizationOutcome.Unknown("the answer has no action code");

    private async Task<(LineAnswer Answer, IReadOnlyList<NetworkMessage> Messages)> Exchange(
        IsoMessage request, PaymentId payment, TimeSpan timeout)
    {
        var sent = Entry("sent", request, payment);
        var answering = line.Send(request, timeout);
        CrashPoint.Reach($"network.{sent.Mti}.sent");
        var answer = await answering;
        CrashPoint.Reach($"network.{sent.Mti}.answered");
        return (answer, answer switch
        {
            LineAnswer.Answered answered => [sent, Entry("received", answered.Message, payment)],
            LineAnswer.NotSent notSent => [sent with { Event = "not_sent", Summary = notSent.Reason }],
            LineAnswer.NoAnswer noAnswer => [sent, sent with { Event = "no_answer", At = clock.Now(), Summary = noAnswer.Reason }],
            _ => throw new UnreachableException(),
        });
    }

    private NetworkMessage Entry(string what, IsoMessage message, PaymentId payment) => new(
        clock.Now(),
        what,
        message.Mti.ToString("0000", CultureInfo.InvariantCulture),
        message.GetText(11),
        message.GetText(37),
        message.TryGetNumber(39, out var code) ? (int)code : null,
        payment,
        message.Describe(MessageFormat.Shetab));
}
