using System.Diagnostics;
using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Checkout;

/// <summary>What is true of a payment now, for whoever holds its receipt. Unlike the page of the payment it sends nobody anywhere.</summary>
/// <param name="Kind"><c>ok</c>, <c>bad</c> or <c>wait</c>.</param>
/// <param name="Rows">What stands on the receipt below the amount, in order.</param>
internal sealed record Receipt(string Kind, string Title, string Text, IReadOnlyList<ReceiptRow> Rows)
{
    private const string MayTakeThreeDays = "معمولاً همان لحظه و حداکثر تا ۷۲ ساعت";

    /// <param name="shop">The merchant's name.</param>
    /// <param name="paidAt">When the card was asked for the money last; null where none was.</param>
    /// <returns>None for a payment that is not over for its payer: there is nothing to keep yet.</returns>
    public static Receipt? Of(Payment payment, string shop, DateTimeOffset? paidAt) =>
        Words(payment) is var (kind, title, text) ? new(kind, title, text, [.. RowsOf(payment, shop, paidAt)]) : null;

    private static (string Kind, string Title, string Text)? Words(Payment payment) => payment.Status switch
    {
        PaymentStatus.Created or PaymentStatus.Authorizing => null,
        PaymentStatus.Authorized => (
            "ok", "پرداخت انجام شد", "در انتظار تأیید فروشگاه است. اگر فروشگاه تا ساعت " + Persian.Hour(Deadline(payment))
            + " آن را تأیید نکند، مبلغ خودکار به کارت شما برمی‌گردد."),
        PaymentStatus.Verified => (
            "ok", "پرداخت انجام و تأیید شد", "مبلغ از کارت شما برداشت شده و فروشگاه دریافت آن را تأیید کرده است."),
        PaymentStatus.Cancelled => (
            "wait", "از پرداخت انصراف دادید", "مبلغی از کارت شما کسر نشده است."),
        PaymentStatus.Failed => (
            "bad", "پرداخت انجام نشد", "بانک این پرداخت را نپذیرفت و مبلغی از کارت شما کسر نشده است."),
        PaymentStatus.Expired => (
            "bad", "مهلت پرداخت تمام شد", "این پرداخت در مهلت خود انجام نشد و مبلغی از کارت شما کسر نشده است."),
        PaymentStatus.Reversing when payment.ReversalCause is ReversalCause.NotVerified => (
            "wait", "مبلغ در حال بازگشت به کارت شماست", "فروشگاه این پرداخت را در مهلت مقرر تأیید نکرد. مبلغ "
            + $"خودکار به همان کارت برمی‌گردد؛ {MayTakeThreeDays}."),
        PaymentStatus.Reversed when payment.ReversalCause is ReversalCause.NotVerified => (
            "wait", "مبلغ به کارت شما برگشت داده شد", "فروشگاه این پرداخت را در مهلت مقرر تأیید نکرد و بانک برگشت مبلغ را پذیرفت. "
            + $"مبلغ {MayTakeThreeDays} در حساب شما دیده می‌شود."),
        PaymentStatus.Reversing => (
            "wait", "نتیجهٔ پرداخت مشخص نشد", "بانک به‌موقع پاسخ نداد و این سفارش پرداخت‌نشده به شمار می‌آید. یا مبلغی از کارت شما کسر نشده است، "
            + "یا خودکار و حداکثر تا ۷۲ ساعت به آن برمی‌گردد. با شمارهٔ پیگیری می‌توانید از بانک خود بپرسید."),
        PaymentStatus.Reversed => (
            "wait", "پرداخت انجام نشد", "بانک به‌موقع پاسخ نداده بود و سپس لغو این پرداخت را پذیرفت. یا مبلغی از کارت شما کسر نشده است، "
            + "یا خودکار و حداکثر تا ۷۲ ساعت به آن برمی‌گردد. با شمارهٔ پیگیری می‌توانید از بانک خود بپرسید."),
    };

    private static IEnumerable<ReceiptRow> RowsOf(Payment payment, string shop, DateTimeOffset? paidAt)
    {
        yield return new("وضعیت", State(payment));
        yield return new("فروشگاه", Persian.Visible(shop));
        yield return new("نشانی فروشگاه", payment.CallbackUrl.IdnHost, IsLatin: true);
        yield return new("شماره فاکتور", Persian.Visible(payment.InvoiceId));
        yield return new("زمان", Persian.DateAndTime(payment.AuthorizedAt ?? paidAt ?? payment.EndedAt ?? payment.CreatedAt));
        var hadMoney = payment.Status is PaymentStatus.Authorized or PaymentStatus.Verified or PaymentStatus.Reversing or PaymentStatus.Reversed;
        if (payment.Rrn is { } rrn && (hadMoney || payment.Status is PaymentStatus.Failed))
        {
            yield return new("شماره پیگیری", rrn, IsLatin: true);
        }

        if (payment.CardMask is { } mask && hadMoney)
        {
            yield return new("کارت", mask, IsLatin: true);
            yield return new("بانک", Banks.NameOf(mask));
        }

        if (payment.Status is PaymentStatus.Reversed && payment.EndedAt is { } reversedAt)
        {
            yield return new(payment.ReversalCause is ReversalCause.NotVerified ? "زمان برگشت" : "زمان لغو", Persian.DateAndTime(reversedAt));
        }
    }

    private static string State(Payment payment) => payment.Status switch
    {
        PaymentStatus.Authorized => "پرداخت‌شده، در انتظار تأیید فروشگاه",
        PaymentStatus.Verified => "پرداخت‌شده و تأییدشده",
        PaymentStatus.Cancelled => "لغوشده به خواست پرداخت‌کننده",
        PaymentStatus.Failed => "ناموفق",
        PaymentStatus.Expired => "پرداخت‌نشده، مهلت گذشته",
        PaymentStatus.Reversing when payment.ReversalCause is ReversalCause.NotVerified => "در حال برگشت به کارت",
        PaymentStatus.Reversed when payment.ReversalCause is ReversalCause.NotVerified => "برگشت‌خورده به کارت",
        PaymentStatus.Reversing => "نامشخص، در حال لغو نزد بانک",
        PaymentStatus.Reversed => "لغوشده نزد بانک",
        PaymentStatus.Created or PaymentStatus.Authorizing => throw new UnreachableException("This payment has no receipt."),
    };

    private static DateTimeOffset Deadline(Payment payment) =>
        payment.VerifyDeadline ?? throw new UnreachableException("An approved payment has a deadline.");
}

/// <param name="IsLatin">Written from left to right, whatever stands around it.</param>
internal sealed record ReceiptRow(string Label, string Value, bool IsLatin = false);
