namespace CanPay.Gateway.Guide.Description;

/// <summary>What gives money back.</summary>
internal static partial class Calls
{
    private const string RefundHead =
        """
        {
          "status": true,
          "data": {
            "refund_id": "R-1404-0047-1",
            "token": "SNHQA1TYFGSFARZUM5A03YXJWOAOHJ",
            "invoice_id": "1404-0047",
            "amount": 50000,
            "reason": "customer_request",
            "method": "card",
        """;

    private const string RefundAnswer =
        $$"""
        {{RefundHead}}
            "status": "sending",
            "reference": "141167552988",
            "created_at": "2026-11-26T08:30:00.511Z",
            "ended_at": null,
            "failure": null,
            "refunded": 0
          }
        }
        """;

    private const string RefundDone =
        $$"""
        {{RefundHead}}
            "status": "succeeded",
            "reference": "141167552988",
            "created_at": "2026-11-26T08:30:00.511Z",
            "ended_at": "2026-11-26T08:30:01.264Z",
            "failure": null,
            "refunded": 50000
          }
        }
        """;

    private static Operation Reverse => new(
        "reverse",
        new("برگشت زدن پرداخت تأییدنشده", "Reverse"),
        new("پول پرداختی را که هنوز verify نکرده‌اید همین حالا برمی‌گرداند.", "Sends the money of a payment that you did not verify back at once."),
        "payments",
        [
            Merchant,
            PaymentToken,
            new("amount", Kind.Rials, "مبلغ سفارش؛ اگر با پرداخت یکی نباشد چیزی برگشت نمی‌خورد.",
                "The order's amount. If it differs, nothing is reversed."),
        ],
        "ReverseAnswer",
        """
        {
          "merchant": "111-222-333-444",
          "token": "SNHQA1TYFGSFARZUM5A03YXJWOAOHJ"
        }
        """,
        """
        {
          "status": true,
          "data": {
            "token": "SNHQA1TYFGSFARZUM5A03YXJWOAOHJ",
            "invoice_id": "1404-0047",
            "amount": 150000,
            "status": "reversing",
            "already_reversed": false
          }
        }
        """,
        [
            "token_invalid", "token_not_found", "amount_invalid", "amount_mismatch", "payment_not_paid", "payment_in_progress",
            "payment_cancelled", "payment_failed", "payment_expired", "already_verified", "idempotency_key_invalid", "idempotency_key_reused",
        ])
    {
        TakesIdempotencyKey = true,
    };

    private static Operation Refund => new(
        "refund",
        new("بازپرداخت", "Refund"),
        new("همه یا بخشی از پول یک پرداخت تأییدشده را به مشتری برمی‌گرداند.", "Gives all or a part of a verified payment back to the payer."),
        "refunds",
        [
            Merchant,
            PaymentToken,
            new("refund_id", Kind.Text, "شناسهٔ یکتایی که خودتان می‌سازید. تکرار همان درخواست، همان بازپرداخت را برمی‌گرداند.",
                "Your own unique reference: the same request again gives the same refund.") { Required = true, MaxLength = 64 },
            new("amount", Kind.Rials, "مبلغ به ریال؛ اگر نفرستید همهٔ ماندهٔ پرداخت.", "Rials; without it all that is left.") { Min = 1 },
            new("reason", Kind.Text, "دلیل بازپرداخت.", "Why.") { OneOf = Shapes.Reasons, Default = "customer_request" },
            new("method", Kind.Text, "به همان کارت یا از راه بانک؛ پیش‌فرض، روش پروندهٔ پذیرندگی شما.",
                "To the card or through the bank; by default the method of your record.") { OneOf = ["card", "bank"] },
        ],
        "Refund",
        """
        {
          "merchant": "111-222-333-444",
          "token": "SNHQA1TYFGSFARZUM5A03YXJWOAOHJ",
          "refund_id": "R-1404-0047-1",
          "amount": 50000,
          "reason": "customer_request"
        }
        """,
        RefundAnswer,
        [
            "token_invalid", "token_not_found", "amount_invalid", "amount_out_of_range", "not_verified", "refund_exceeds_payment",
            "refund_id_invalid", "refund_id_reused", "refund_reason_invalid", "refund_method_invalid", "refunds_not_enabled",
        ]);

    private static Operation RefundStatus => new(
        "refund/status",
        new("وضعیت بازپرداخت", "Refund status"),
        new("می‌گوید بازپرداخت به کجا رسیده است.", "Says what became of a refund."),
        "read",
        [
            Merchant,
            new("refund_id", Kind.Text, "همان شناسه‌ای که در refund فرستادید.", "The reference that you sent to refund.") { Required = true, MaxLength = 64 },
        ],
        "Refund",
        """
        {
          "merchant": "111-222-333-444",
          "refund_id": "R-1404-0047-1"
        }
        """,
        RefundDone,
        ["refund_id_invalid", "refund_not_found"]);
}
