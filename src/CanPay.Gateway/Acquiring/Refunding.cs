using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Acquiring;

/// <summary>What identifies a refund on the line: the same for every repetition, and written before the first.</summary>
/// <param name="Stan">Field 11.</param>
/// <param name="Rrn">Field 37: the refund's own, not that of its purchase.</param>
/// <param name="TransmittedAt">Fields 7 and 12.</param>
public sealed record RefundAdvice(string Stan, string Rrn, DateTimeOffset TransmittedAt);

/// <summary>A refund as the network is told of it.</summary>
/// <param name="Purchase">What is given back, with the sealed card that paid.</param>
/// <param name="Amount">All of the purchase, or less.</param>
public sealed record RefundOrder(RefundAdvice Advice, Authorization Purchase, Rials Amount);

/// <summary>What the network said to a refund. A closed set.</summary>
public abstract record RefundOutcome
{
    private RefundOutcome()
    {
    }

    /// <summary>What went over the line, to be kept with the outcome. Masked.</summary>
    public IReadOnlyList<NetworkMessage> Messages { get; init; } = [];

    /// <summary>The payer has the money, by this message or by an earlier one like it.</summary>
    public sealed record Done(int ActionCode) : RefundOutcome;

    /// <summary>The issuer decided against it: no money moved, and none will by this refund.</summary>
    public sealed record Declined(int ActionCode) : RefundOutcome;

    /// <summary>The network does not understand it as it is. Not an answer of the issuer's, so it is not final.</summary>
    public sealed record Refused(int ActionCode) : RefundOutcome;

    /// <summary>No answer, or one that says nothing of money: it is repeated.</summary>
    public sealed record Unknown(string Reason) : RefundOutcome;
}
