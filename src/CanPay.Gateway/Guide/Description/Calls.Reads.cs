namespace CanPay.Gateway.Guide.Description;

/// <summary>What can be asked without changing anything.</summary>
internal static partial class Calls
{
    private const string PaidPayment =
        """
            "token": "SNHQA1TYFGSFARZUM5A03YXJWOAOHJ",
            "invoice_id": "1404-0047",
            "amount": 150000,
            "status": "authorized",
            "paid": true,
            "card": "5022-29**-****-7122",
            "reference": "141167552421",
            "created_at": "2026-11-25T10:00:00.123Z",
            "expires_at": "2026-11-25T10:15:00.123Z",
            "paid_at": "2026-11-25T10:01:40.007Z",
            "verify_until": "2026-11-25T10:16:40.007Z",
            "verified_at": null,
            "ended_at": null,
            "return_cause": null,
            "declines": 0,
            "refunded": 0,
            "test": false
        """;

    private const string OnePayment =
        $$"""
        {
          "status": true,
          "data": {
            "payments": [
              {
        {{PaidPayment}}
              }
            ],
            "next_cursor": null
          }
        }
        """;

    private static Operation Inquiry => new(
        "inquiry",
        new("استعلام پرداخت", "Inquiry"),
        new("می‌گوید پرداخت اکنون در چه وضعی است. چیزی را تغییر نمی‌دهد و هرچند بار می‌توانید بپرسید.",
            "Says what is true of a payment now. Changes nothing, however often you ask."),
        "read",
        [
            Merchant,
            new("token", Kind.Text, "توکن پرداخت. یا این را بفرستید یا invoice_id را.", "The token. Send this or invoice_id.") { Pattern = Shapes.Token },
            new("invoice_id", Kind.Text, "شماره فاکتور، وقتی توکن را ندارید.", "Your order number, where you have no token.") { MaxLength = 64 },
        ],
        "PaymentWithRefunds",
        """
        {
          "merchant": "111-222-333-444",
          "invoice_id": "1404-0047"
        }
        """,
        $$"""
        {
          "status": true,
          "data": {
        {{PaidPayment}},
            "refunds": []
          }
        }
        """,
        ["token_invalid", "invoice_id_invalid", "token_not_found", "invoice_not_found"]);

    private static Operation Unverified => new(
        "unverified",
        new("پرداخت‌های در انتظار تأیید", "Unverified payments"),
        new("پرداخت‌هایی که پولشان رسیده و منتظر verify شما هستند؛ نزدیک‌ترین مهلت، نخست.",
            "Paid payments that wait for your verify; the nearest deadline first."),
        "read",
        [Merchant, Limit, Cursor],
        "PaymentList",
        """
        {
          "merchant": "111-222-333-444",
          "limit": 50
        }
        """,
        OnePayment,
        ["limit_invalid", "cursor_invalid"]);

    private static Operation Transactions => new(
        "transactions",
        new("فهرست پرداخت‌ها", "Transactions"),
        new("همهٔ پرداخت‌های شما، تازه‌ترین نخست؛ برای مغایرت‌گیری روزانه.", "All your payments, newest first; for the daily reconciliation."),
        "read",
        [
            Merchant,
            Limit,
            Cursor,
            new("status", Kind.Text, "فقط پرداخت‌های این وضعیت.", "Only payments in this state.") { OneOf = Shapes.States },
            new("from", Kind.Instant, "از این لحظه به بعد ساخته شده‌اند.", "Created at or after this instant."),
            new("to", Kind.Instant, "پیش از این لحظه ساخته شده‌اند.", "Created before this instant."),
        ],
        "PaymentList",
        """
        {
          "merchant": "111-222-333-444",
          "status": "authorized",
          "from": "2026-11-25T00:00:00+03:30",
          "limit": 100
        }
        """,
        OnePayment,
        ["limit_invalid", "cursor_invalid", "status_invalid", "instant_invalid"]);
}
