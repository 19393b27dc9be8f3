using System.Diagnostics;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Acquiring;

/// <summary>One purchase that was, or is about to be, asked of the card network for a payment.</summary>
/// <remarks>
/// Written before the first byte goes out, so that whatever happens next it can be reversed by anyone, without CVV2 or
/// PIN. (<see cref="PaymentId"/>, <see cref="Number"/>) is its identity; <see cref="Rrn"/> is unique, too.
/// </remarks>
public sealed record Authorization(
    PaymentId PaymentId,
    int Number,
    string Stan,
    string Rrn,
    DateTimeOffset TransmittedAt,
    Terminal Terminal,
    Rials Amount,
    string CardMask)
{
    /// <summary>Keyed hash of the card number: recognises a card without knowing it.</summary>
    public required string CardHash { get; init; }

    /// <summary>Card number and expiry, encrypted; none once the payment needs them no more.</summary>
    public byte[]? SealedCard { get; init; }

    public AuthorizationStatus Status { get; init; } = AuthorizationStatus.Pending;

    /// <summary>Field 39 of the answer.</summary>
    public int? ActionCode { get; init; }

    /// <summary>Field 38 of the answer.</summary>
    public string? ApprovalCode { get; init; }

    /// <summary>Why the outcome is unknown, or why nothing was sent.</summary>
    public string? Note { get; init; }

    /// <summary>The trace number and time of the reversal advice; the same for every repetition.</summary>
    public ReversalAdvice? Reversal { get; init; }

    /// <summary>With what the network said.</summary>
    public Authorization With(AuthorizationOutcome outcome) => outcome switch
    {
        AuthorizationOutcome.Approved approved => this with
        {
            Status = AuthorizationStatus.Approved,
            ActionCode = approved.ActionCode,
            ApprovalCode = approved.ApprovalCode,
        },
        AuthorizationOutcome.Declined declined => this with
        {
            Status = AuthorizationStatus.Declined,
            ActionCode = declined.ActionCode,
        },
        AuthorizationOutcome.Unknown unknown => this with { Status = AuthorizationStatus.Unknown, Note = unknown.Reason },
        AuthorizationOutcome.NotSent notSent => this with { Status = AuthorizationStatus.NotSent, Note = notSent.Reason },
        _ => throw new UnreachableException(),
    };
}

/// <summary>What identifies the reversal advice of an authorization.</summary>
public sealed record ReversalAdvice(string Stan, DateTimeOffset TransmittedAt);

/// <summary>Who asks: fields 41 and 42, and the merchant category of field 18.</summary>
/// <param name="TerminalId">8 characters.</param>
/// <param name="AcceptorId">15 characters.</param>
/// <param name="CategoryCode">4 digits.</param>
public sealed record Terminal(string TerminalId, string AcceptorId, string CategoryCode)
{
    /// <summary>How the terminals of test merchants begin; a switch gives digits.</summary>
    public const string TestPrefix = "TEST";

    /// <summary>Its purchases move no money: they go to the test switch and to books of their own.</summary>
    public bool IsTest => TerminalId.StartsWith(TestPrefix, StringComparison.Ordinal);
}

/// <summary>What became of an authorization. The names are stored and shown as they are.</summary>
public enum AuthorizationStatus
{
    /// <summary>With the network, or about to be.</summary>
    Pending,
    Approved,
    Declined,

    /// <summary>No answer that could be trusted: the money may have moved.</summary>
    Unknown,

    /// <summary>Provably nothing went out.</summary>
    NotSent,

    /// <summary>The network acknowledged its reversal.</summary>
    Reversed,
}

/// <summary>What the network said to a purchase. A closed set; "unknown" is one of the answers.</summary>
public abstract record AuthorizationOutcome
{
    private AuthorizationOutcome()
    {
    }

    /// <summary>What went over the line, to be kept with the outcome. Masked.</summary>
    public IReadOnlyList<NetworkMessage> Messages { get; init; } = [];

    public sealed record Approved(int ActionCode, string? ApprovalCode) : AuthorizationOutcome;

    /// <param name="ActionCode">Field 39; see <c>CanPay.Iso8583.ActionCode</c>.</param>
    public sealed record Declined(int ActionCode) : AuthorizationOutcome;

    /// <summary>Money may have moved: it is reversed until the network acknowledges.</summary>
    public sealed record Unknown(string Reason) : AuthorizationOutcome;

    /// <summary>No byte of the request was handed to the line: the payer may try again at once.</summary>
    public sealed record NotSent(string Reason) : AuthorizationOutcome;
}

/// <summary>What the network said to a reversal advice.</summary>
public abstract record ReversalOutcome
{
    private ReversalOutcome()
    {
    }

    public IReadOnlyList<NetworkMessage> Messages { get; init; } = [];

    /// <summary>Reversed, now or before.</summary>
    public sealed record Acknowledged(int ActionCode) : ReversalOutcome;

    /// <summary>The network does not know the original (914). Not final while the original may still be under way.</summary>
    public sealed record OriginalNotFound(int ActionCode) : ReversalOutcome;

    /// <summary>The network understood and said no: repeating changes nothing, somebody must look.</summary>
    public sealed record Refused(int ActionCode) : ReversalOutcome;

    /// <summary>No answer: it is repeated.</summary>
    public sealed record Unknown(string Reason) : ReversalOutcome;
}

/// <summary>A line in the journal of what passed between us and the switch. Never holds card data but the mask.</summary>
/// <param name="Event">
/// <c>sent</c>, <c>received</c>, or what made it remarkable: <c>late</c>, <c>duplicate</c>, <c>foreign</c>, <c>malformed</c>,
/// <c>bad_mac</c>, <c>timed_out</c>, …
/// </param>
/// <param name="Summary">The masked message, or what is known of it.</param>
public sealed record NetworkMessage(
    DateTimeOffset At,
    string Event,
    string Mti,
    string? Stan,
    string? Rrn,
    int? ActionCode,
    PaymentId? PaymentId,
    string? Summary);
