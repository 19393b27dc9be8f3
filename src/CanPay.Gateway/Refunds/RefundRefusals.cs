using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Refunds;

/// <summary>Every lawful "no" about a refund. The numbers are published and never reused.</summary>
public static class RefundRefusals
{
    public static Refusal RefundsNotEnabled { get; } = new(821, "refunds_not_enabled", 403,
        new("بازگرداندن وجه برای این پذیرنده فعال نیست.", "Refunds are not enabled for this merchant."),
        new("از پرداخت‌یار بخواهید بازگرداندن وجه را برای شما فعال کند.", "Ask the facilitator to enable refunds for you."));

    public static Refusal RefundExceedsPayment { get; } = new(822, "refund_exceeds_payment", 422,
        new("مبلغ درخواستی از ماندهٔ قابل‌بازگشت این پرداخت بیشتر است.", "The amount is more than what is left of this payment."),
        new("حداکثر {left} ریال از این پرداخت را می‌توان بازگرداند.", "At most {left} rials of this payment can be refunded."));

    public static Refusal RefundIdReused { get; } = new(823, "refund_id_reused", 409,
        new("این refund_id پیش‌تر با درخواست دیگری استفاده شده است.", "This refund_id was used with another request."),
        new("برای هر بازگشت وجه تازه refund_id تازه بفرستید.", "Send a new refund_id for each new refund."));

    public static Refusal NotVerified { get; } = new(824, "not_verified", 409,
        new("این پرداخت تایید نشده است.", "This payment is not verified."),
        new("فقط پرداخت تاییدشده با refund برمی‌گردد؛ برای پرداختی که هنوز تایید نکرده‌اید از reverse استفاده کنید.",
            "Only a verified payment is refunded; for one that you have not verified yet use reverse."));

    public static Refusal RefundNotFound { get; } = new(825, "refund_not_found", 404,
        new("بازگشت وجهی با این refund_id یافت نشد.", "There is no refund with this refund_id."),
        new("همان refund_id را بفرستید که در درخواست refund فرستاده بودید.", "Send the refund_id that you sent with refund."));

    public static Refusal RefundIdInvalid { get; } = Field(826, "refund_id_invalid", "refund_id",
        "شناسهٔ بازگشت وجه ۱ تا ۶۴ نویسهٔ قابل‌نمایش است.", "A refund_id has 1 to 64 printable characters.");

    public static Refusal RefundReasonInvalid { get; } = Field(827, "refund_reason_invalid", "reason",
        "یکی از customer_request، duplicate، fraud یا other را بفرستید.", "Send customer_request, duplicate, fraud or other.");

    public static Refusal RefundMethodInvalid { get; } = Field(828, "refund_method_invalid", "method",
        "یکی از card یا bank را بفرستید.", "Send card or bank.");

    /// <summary>Said to an operator only.</summary>
    public static Refusal NotOpen { get; } = new(829, "refund_not_open", 409,
        new("این بازگشت وجه منتظر اپراتور نیست.", "This refund does not wait for an operator."),
        new("وضعیت آن را ببینید: canpay refund show", "See where it stands: canpay refund show"));

    private static Refusal Field(int code, string name, string field, string persian, string english) =>
        new Refusal(code, name, 422,
            new($"پارامتر {field} درست نیست.", $"The field {field} is not valid."),
            new(persian, english)).With("field", field);
}
