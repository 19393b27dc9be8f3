using System.Diagnostics;
using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;
using static CanPay.Gateway.Payments.PaymentStatus;

namespace CanPay.Gateway.Payments;

/// <summary>One purchase, from the merchant's token request to "verified" or "given back".</summary>
/// <remarks>
/// Immutable: each move names the one edge it travels and returns a new value, to be written by
/// <see cref="IPaymentStore.Apply"/> if the row still has the version that was read.
/// </remarks>
public sealed record Payment(
    PaymentId Id,
    MerchantId MerchantId,
    string Token,
    string InvoiceId,
    Rials Amount,
    Uri CallbackUrl,
    string? Mobile,
    DateTimeOffset CreatedAt,
    DateTimeOffset PageExpiresAt)
{
    /// <summary>Of a test merchant: no money moves. Its token says so.</summary>
    public bool IsTest => PaymentToken.IsTest(Token);

    public PaymentStatus Status { get; init; } = Created;

    /// <summary>Counts the moves; a write names the version that it read.</summary>
    public long Version { get; init; }

    /// <summary>Cards that the network declined so far.</summary>
    public int Declines { get; init; }

    /// <summary>Authorizations begun so far; the latest has this number.</summary>
    public int Authorizations { get; init; }

    /// <summary>Why the latest card was declined (field 39), until another is tried.</summary>
    public int? DeclineCode { get; init; }

    /// <summary>SHA-256 of the browser session that submitted a card or cancelled; nobody else sees the outcome.</summary>
    public string? BrowserHash { get; init; }

    /// <summary>First six and last four digits of the card that was asked for the money last.</summary>
    public string? CardMask { get; init; }

    /// <summary>The retrieval reference number of the latest authorization: 12 digits.</summary>
    public string? Rrn { get; init; }

    public DateTimeOffset? AuthorizedAt { get; init; }

    /// <summary>Until then, and not at that instant, the merchant may verify.</summary>
    public DateTimeOffset? VerifyDeadline { get; init; }

    public DateTimeOffset? VerifiedAt { get; init; }

    /// <summary>When the payment reached a final status.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why the money goes back; set once, when <see cref="Reversing"/> begins.</summary>
    public ReversalCause? ReversalCause { get; init; }

    /// <summary>When somebody must look after it next; none when it is final or parked.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Counts claims by jobs. A worker whose lease was taken over cannot write any more.</summary>
    public long LeaseEpoch { get; init; }

    /// <summary>How often the work that is due in this status was tried.</summary>
    public int JobAttempts { get; init; }

    /// <summary>How often the network understood the work and refused it.</summary>
    public int JobRefusals { get; init; }

    /// <summary>Nothing will happen to it any more. A new status does not compile until it is placed here.</summary>
    public bool IsFinal => Status switch
    {
        Verified or Reversed or Cancelled or Failed or Expired => true,
        Created or Authorizing or Authorized or Reversing => false,
    };

    /// <summary>What the clock does to it in this status it does not do before then.</summary>
    public DateTimeOffset? NotBefore => Status switch
    {
        Created => PageExpiresAt,
        Authorized => VerifyDeadline,
        Authorizing or Reversing or Verified or Reversed or Cancelled or Failed or Expired => null,
    };

    /// <summary>The shop is told <c>success=1</c>.</summary>
    public bool IsPaid => Status is Authorized or Verified;

    /// <summary>The payer pressed "pay". Until the outcome is known no other card may be tried.</summary>
    /// <param name="browserHash">The session that asks; the outcome is shown to it alone.</param>
    public Result<Payment> BeginAuthorization(
        Authorization authorization, string browserHash, PaymentClocks clocks, DateTimeOffset now) =>
        MayNotBePaid(browserHash, now) is { } refusal
            ? refusal
            : (this with
            {
                BrowserHash = browserHash,
                Authorizations = authorization.Number,
                CardMask = authorization.CardMask,
                Rrn = authorization.Rrn,
                DeclineCode = null,
            }).Move(Created, Authorizing, now + clocks.ResolveAfter);

    /// <summary>Why a card may not be tried now, if it may not.</summary>
    public Refusal? MayNotBePaid(string browserHash, DateTimeOffset now) =>
        BrowserHash is { } bound && bound != browserHash ? PaymentRefusals.AnotherBrowser
        : Status is not Created ? PaymentRefusals.NotAllowed(Status)
        : now >= PageExpiresAt ? PaymentRefusals.Expired
        : null;

    /// <summary>Takes the acquirer's answer. After a decline the payer may retry; silence returns the money.</summary>
    public Result<Payment> CompleteAuthorization(
        AuthorizationOutcome outcome, PaymentClocks clocks, DateTimeOffset now) => outcome switch
        {
            AuthorizationOutcome.Approved => (this with
            {
                AuthorizedAt = now,
                VerifyDeadline = now + clocks.VerifyWindow,
            }).Move(Authorizing, Authorized, now + clocks.VerifyWindow),
            AuthorizationOutcome.Declined declined => Decline(declined.ActionCode, clocks, now),
            AuthorizationOutcome.NotSent => Move(Authorizing, Created, PageExpiresAt),
            AuthorizationOutcome.Unknown => Reverse(Payments.ReversalCause.OutcomeUnknown, Authorizing, now),
            _ => throw new UnreachableException(),
        };

    /// <summary>The merchant confirms: only now is the money owed to it. Verifying twice is as once.</summary>
    public Result<Payment> Verify(DateTimeOffset now) =>
        Status is Verified ? this
        : Status is Authorized && now >= VerifyDeadline ? PaymentRefusals.Returned
        : (this with { VerifiedAt = now }).End(Authorized, Verified, now);

    /// <summary>The merchant did not verify in time.</summary>
    public Result<Payment> ReturnUnverified(DateTimeOffset now) =>
        now < VerifyDeadline
            ? PaymentRefusals.NotAllowed(Status)
            : Reverse(Payments.ReversalCause.NotVerified, Authorized, now);

    /// <summary>The merchant will not deliver, and has not verified: the money goes back. Asking twice is as once.</summary>
    public Result<Payment> ReverseByMerchant(DateTimeOffset now) =>
        Status is Reversing or Reversed && ReversalCause is Payments.ReversalCause.Merchant ? this
        : Status is Verified ? PaymentRefusals.AlreadyVerified
        : Reverse(Payments.ReversalCause.Merchant, Authorized, now);

    /// <summary>The network acknowledged our reversal advice. Confirming twice is as once.</summary>
    public Result<Payment> ConfirmReversal(DateTimeOffset now) =>
        Status is Reversed ? this : End(Reversing, Reversed, now);

    /// <summary>The payer gave up before paying.</summary>
    public Result<Payment> Cancel(string browserHash, DateTimeOffset now) =>
        BrowserHash is { } bound && bound != browserHash ? PaymentRefusals.AnotherBrowser
        : Status is Cancelled ? this
        : (this with { BrowserHash = browserHash }).End(Created, Cancelled, now);

    /// <summary>Nobody paid in time.</summary>
    public Result<Payment> Expire(DateTimeOffset now) =>
        now < PageExpiresAt ? PaymentRefusals.NotAllowed(Status) : End(Created, Expired, now);

    private Result<Payment> Decline(int actionCode, PaymentClocks clocks, DateTimeOffset now)
    {
        var declined = this with { Declines = Declines + 1, DeclineCode = actionCode };
        return declined.Declines < clocks.MaxDeclines
            ? declined.Move(Authorizing, Created, PageExpiresAt)
            : declined.End(Authorizing, Failed, now);
    }

    private Result<Payment> Reverse(ReversalCause cause, PaymentStatus from, DateTimeOffset now) =>
        (this with { ReversalCause = cause }).Move(from, Reversing, now);

    private Result<Payment> End(PaymentStatus from, PaymentStatus to, DateTimeOffset now) =>
        (this with { EndedAt = now }).Move(from, to, dueAt: null);

    private Result<Payment> Move(PaymentStatus from, PaymentStatus to, DateTimeOffset? dueAt) =>
        Status == from
            ? this with { Status = to, Version = Version + 1, DueAt = dueAt, JobAttempts = 0, JobRefusals = 0 }
            : PaymentRefusals.NotAllowed(Status);
}

/// <summary>Why money goes back to the payer.</summary>
public enum ReversalCause
{
    /// <summary>The network did not say what became of the purchase.</summary>
    OutcomeUnknown,

    /// <summary>The merchant did not verify within the window.</summary>
    NotVerified,

    /// <summary>The merchant gave it back instead of verifying.</summary>
    Merchant,
}

/// <summary>The times and limits of a payment's life, from the settings.</summary>
/// <param name="PageLifetime">From the token's issue until nobody may begin to pay.</param>
/// <param name="VerifyWindow">From the approval until the money goes back.</param>
/// <param name="ResolveAfter">From the send until a purchase whose worker died is taken for unknown.</param>
/// <param name="MaxDeclines">The decline with this number ends the payment.</param>
public sealed record PaymentClocks(TimeSpan PageLifetime, TimeSpan VerifyWindow, TimeSpan ResolveAfter, int MaxDeclines);
