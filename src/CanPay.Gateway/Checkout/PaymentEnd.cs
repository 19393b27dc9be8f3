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

    public static PaymentEnd Of(Payment payment, DateTimeOffset now) => payment.Status switch
    {
        PaymentStatus.Authorized or PaymentStatus.Verified => new(
            "ok", "پرداخت انجام شد", "تا لحظه‌ای دیگر به فروشگاه بازمی‌گردید.", payment.AuthorizedAt ?? now, GlanceMs),
        PaymentStatus.Cancelled => new(
            "wait", "از پرداخت انصراف دادید", "مبلغی از کارت شما کسر نشد. به فروشگاه بازمی‌گردید.", payment.EndedAt ?? now, AtOnceMs),
        PaymentStatus.Failed => new(
            "bad", "پرداخت انجام نشد", "تعداد تلاش‌های ناموفق به سقف رسید و مبلغی از کارت شما کسر نشد. برای تلاش دوباره از فروشگاه آغاز کنید.",
            payment.EndedAt ?? now, ReadMs),
        PaymentStatus.Expired => new(
            "bad", "مهلت پرداخت تمام شد", "مبلغی از کارت شما کسر نشد. برای پرداخت، از فروشگاه دوباره آغاز کنید.", payment.EndedAt ?? now, ReadMs),
        PaymentStatus.Reversing or PaymentStatus.Reversed when payment.ReversalCause is ReversalCause.NotVerified => new(
            "wait", "مبلغ به کارت شما برگشت داده شد", "فروشگاه این پرداخت را در مهلت مقرر تایید نکرد، بنابراین مبلغ به کارت شما "
            + "برمی‌گردد؛ معمولاً همان لحظه و حداکثر تا ۷۲ ساعت.", payment.EndedAt ?? now, ReadSlowlyMs),
        PaymentStatus.Reversing or PaymentStatus.Reversed => new(
            "wait", "نتیجهٔ پرداخت مشخص نشد", "بانک به‌موقع پاسخ نداد. سفارش شما پرداخت‌نشده به شمار می‌آید و اگر مبلغی از کارت شما کسر شده باشد، "
            + "خودکار برمی‌گردد؛ معمولاً همان لحظه و حداکثر تا ۷۲ ساعت. شماره پیگیری را نگه دارید.", payment.EndedAt ?? now, ReadSlowlyMs),
        PaymentStatus.Created or PaymentStatus.Authorizing => throw new UnreachableException("This payment is not over."),
    };
}
