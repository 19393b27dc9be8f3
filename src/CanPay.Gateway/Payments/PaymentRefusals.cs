using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Payments;

/// <summary>Every lawful "no" about a payment. The numbers are published and never reused.</summary>
public static class PaymentRefusals
{
    public static Refusal AmountMismatch { get; } = new(711, "amount_mismatch", 422,
        new("مبلغ ارسالی با مبلغ پرداخت یکی نیست.", "The amount is not the payment's amount."),
        new("پرداخت تایید نشد. مبلغ سفارش را با مبلغ این پرداخت مقایسه کنید: {amount} ریال.",
            "Nothing was verified. Compare the order's amount with this payment's: {amount} rials."));

    public static Refusal DuplicateInvoice { get; } = new(801, "duplicate_invoice", 409,
        new("این شماره فاکتور پیش‌تر استفاده شده است.", "This invoice_id was used before."),
        new("برای هر تراکنش invoice_id تازه بفرستید. تکرار همان درخواست فقط تا پیش از شروع پرداخت همان توکن را برمی‌گرداند.",
            "Send a new invoice_id for each transaction. Repeating the same request gives the same token only while nobody has begun to pay."));

    public static Refusal TokenNotFound { get; } = new(802, "token_not_found", 404,
        new("پرداختی با این توکن یافت نشد.", "There is no payment with this token."),
        new("همان توکنی را بفرستید که سرویس token به همین پذیرنده داده است.",
            "Send the token that the token service gave to this same merchant."));

    public static Refusal InvoiceNotFound { get; } = new(812, "invoice_not_found", 404,
        new("پرداختی با این شماره فاکتور یافت نشد.", "There is no payment with this invoice_id."),
        new("همان invoice_id را بفرستید که با آن از سرویس token توکن گرفته‌اید.",
            "Send the invoice_id with which you called the token service."));

    public static Refusal NotPaid { get; } = new(803, "payment_not_paid", 409,
        new("این پرداخت هنوز انجام نشده است.", "This payment has not been paid yet."),
        new("پس از بازگشت پرداخت‌کننده با success=1 دوباره verify را فراخوانی کنید.",
            "Call verify after the payer came back with success=1."));

    public static Refusal InProgress { get; } = new(804, "payment_in_progress", 409,
        new("نتیجهٔ این پرداخت هنوز مشخص نیست.", "The outcome of this payment is not known yet."),
        new("چند ثانیه بعد دوباره verify را فراخوانی کنید.", "Call verify again in some seconds."));

    public static Refusal Cancelled { get; } = new(805, "payment_cancelled", 409,
        new("پرداخت‌کننده از پرداخت انصراف داده است.", "The payer cancelled this payment."),
        new("سفارش را پرداخت‌نشده بدانید؛ برای تلاش دوباره توکن تازه بگیرید.",
            "Treat the order as not paid; request a new token to try again."));

    public static Refusal Failed { get; } = new(806, "payment_failed", 409,
        new("این پرداخت ناموفق بود.", "This payment failed."),
        new("سفارش را پرداخت‌نشده بدانید؛ برای تلاش دوباره توکن تازه بگیرید.",
            "Treat the order as not paid; request a new token to try again."));

    public static Refusal Expired { get; } = new(807, "payment_expired", 409,
        new("مهلت این پرداخت تمام شده است.", "The time for this payment is over."),
        new("سفارش را پرداخت‌نشده بدانید؛ برای تلاش دوباره توکن تازه بگیرید.",
            "Treat the order as not paid; request a new token to try again."));

    public static Refusal Returned { get; } = new(808, "payment_returned", 409,
        new("مبلغ این پرداخت به پرداخت‌کننده برگشت داده شده یا در حال برگشت است.",
            "The money of this payment went back, or is going back, to the payer."),
        new("سفارش را تحویل ندهید. پرداخت تاییدنشده پس از مهلت تایید برمی‌گردد.",
            "Do not deliver. A payment that is not verified in time goes back to the payer."));

    /// <summary>Said by the page only.</summary>
    public static Refusal AnotherBrowser { get; } = new(809, "another_browser", 409,
        new("این پرداخت در مرورگر دیگری در جریان است.", "This payment goes on in another browser."),
        new("پرداخت را در همان مرورگری ادامه دهید که در آن آغاز شد.", "Go on in the browser in which it was begun."));

    /// <summary>Said by the page only.</summary>
    public static Refusal NetworkUnavailable { get; } = new(810, "network_unavailable", 503,
        new("ارتباط با شبکهٔ کارت برقرار نیست.", "The card network cannot be reached."),
        new("مبلغی کسر نشده است. چند لحظهٔ دیگر دوباره تلاش کنید.", "Nothing was charged. Try again in a moment."));

    /// <summary>An operator holds new payments; those that were begun go on.</summary>
    public static Refusal OnHold { get; } = new(811, "on_hold", 503,
        new("درگاه برای مدتی پرداخت تازه نمی‌پذیرد.", "No new payments are taken for a while."),
        new("مبلغی کسر نشده است. چند دقیقهٔ دیگر دوباره تلاش کنید. verify برای پرداخت‌های انجام‌شده همچنان کار می‌کند.",
            "Nothing was charged. Try again in some minutes. Verify goes on working for what was paid before."))
    {
        RetryAfterSeconds = 60,
    };

    /// <summary>Said to who wants a reversal.</summary>
    public static Refusal AlreadyVerified { get; } = new(820, "already_verified", 409,
        new("این پرداخت پیش‌تر تایید شده است.", "This payment was verified before."),
        new("پرداخت تاییدشده با reverse برنمی‌گردد؛ برای بازگرداندن مبلغ از refund استفاده کنید.",
            "A verified payment is not reversed; to give the money back use refund."));

    /// <summary>Why a payment in this status can neither be verified nor paid.</summary>
    public static Refusal NotAllowed(PaymentStatus status) => status switch
    {
        PaymentStatus.Created => NotPaid,
        PaymentStatus.Authorizing or PaymentStatus.Authorized or PaymentStatus.Verified => InProgress,
        PaymentStatus.Reversing or PaymentStatus.Reversed => Returned,
        PaymentStatus.Cancelled => Cancelled,
        PaymentStatus.Failed => Failed,
        PaymentStatus.Expired => Expired,
    };
}
