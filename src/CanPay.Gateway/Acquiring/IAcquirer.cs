using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Acquiring;

/// <summary>The way to the card network. The core knows no more of it than this.</summary>
public interface IAcquirer
{
    /// <summary>A purchase begun now would be handed to the network. When false nothing is begun.</summary>
    /// <param name="forTests">Asks for the test switch instead of the card network.</param>
    bool IsReady(bool forTests);

    /// <summary>Makes the identity of a purchase and seals the card, without sending anything.</summary>
    Task<Authorization> Prepare(
        PaymentId payment, int number, Rials amount, Terminal terminal, Card card, CancellationToken ct);

    /// <summary>
    /// Asks the network. Never throws for trouble on the line, and takes no cancellation token: once the question is
    /// out, only an answer or the time-out ends it.
    /// </summary>
    Task<AuthorizationOutcome> Authorize(Authorization authorization, Card card);

    /// <summary>Makes the identity of the reversal advice, without sending anything.</summary>
    Task<Authorization> PrepareReversal(Authorization authorization, CancellationToken ct);

    /// <summary>Sends the reversal advice; may be repeated for ever. Needs neither CVV2 nor PIN.</summary>
    Task<ReversalOutcome> Reverse(Authorization authorization);

    /// <summary>Makes the identity of a refund, without sending anything.</summary>
    Task<RefundAdvice> PrepareRefund(CancellationToken ct);

    /// <summary>Sends the refund; may be repeated for ever, and gives the money back once. Needs neither CVV2 nor PIN.</summary>
    Task<RefundOutcome> Refund(RefundOrder order);

    /// <summary>
    /// Asks the issuer to send the cardholder a dynamic PIN (رمز پویا) for a purchase that is about to come. No money moves.
    /// Never throws for trouble on the line.
    /// </summary>
    /// <param name="card">Its PIN is not sent; expiry and CVV2 only where they are not empty.</param>
    /// <returns>
    /// True when the request was handed to the line. What the issuer made of it is not told: an issuer that answers
    /// differently for cards that it does not know must not be heard through us.
    /// </returns>
    Task<bool> RequestPin(PaymentId payment, Rials amount, Terminal terminal, Card card, CancellationToken ct);
}

/// <summary>What identifies a request for a dynamic PIN on the line.</summary>
/// <param name="Amount">Of the purchase that the PIN is for.</param>
public sealed record PinRequest(PaymentId PaymentId, string Stan, string Rrn, DateTimeOffset TransmittedAt, Terminal Terminal, Rials Amount);

/// <summary>What acquiring keeps in the store.</summary>
public interface IAcquiringStore
{
    /// <summary>Takes <paramref name="count"/> numbers nobody else will be given; returns the first.</summary>
    Task<long> ReserveTraceNumbers(int count, CancellationToken ct);

    /// <summary>Adds to the journal of the line: late, foreign, malformed messages, changes of the line's state.</summary>
    Task Record(IReadOnlyList<NetworkMessage> messages, CancellationToken ct);
}
