using System.Diagnostics;
using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Checkout;

/// <summary>What a payer is told of a payment that is over for them.</summary>
/// <param name="Kind"><c>ok</c>, <c>bad</c> or <c>wait</c>.</param>
/// <param name="AfterMs">When the page sends the payer back by itself; time to read what there is to read.</param>
internal sealed record PaymentEnd(string Kind, string Title, string Text, DateTimeOffset At, int AfterMs)
{
    private const int AtOnceMs = 0;
    private const int GlanceMs = 1_200;
    private const int ReadMs = 6_000;
    private const int ReadSlowlyMs = 12_000;

    public static PaymentEnd Of(Payment payment, DateTimeOffset now, Words words) => payment.Status switch
    {
        PaymentStatus.Authorized or PaymentStatus.Verified => new("ok", words.PaidEnd, payment.AuthorizedAt ?? now, GlanceMs),
        PaymentStatus.Cancelled => new("wait", words.CancelledEnd, payment.EndedAt ?? now, AtOnceMs),
        PaymentStatus.Failed => new("bad", words.FailedEnd, payment.EndedAt ?? now, ReadMs),
        PaymentStatus.Expired => new("bad", words.ExpiredEnd, payment.EndedAt ?? now, ReadMs),
        PaymentStatus.Reversing or PaymentStatus.Reversed when payment.ReversalCause is ReversalCause.NotVerified =>
            new("wait", words.ReturnedEnd, payment.EndedAt ?? now, ReadSlowlyMs),
        PaymentStatus.Reversing or PaymentStatus.Reversed when payment.ReversalCause is ReversalCause.Merchant =>
            new("wait", words.GivenBackEnd, payment.EndedAt ?? now, ReadSlowlyMs),
        PaymentStatus.Reversing or PaymentStatus.Reversed => new("wait", words.UnknownEnd, payment.EndedAt ?? now, ReadSlowlyMs),
        PaymentStatus.Created or PaymentStatus.Authorizing => throw new UnreachableException("This payment is not over."),
    };

    private PaymentEnd(string kind, (string Title, string Text) words, DateTimeOffset at, int afterMs)
        : this(kind, words.Title, words.Text, at, afterMs)
    {
    }
}
