namespace CanPay.Gateway.Guide.Description;

/// <summary>The two calls that every shop makes, and ping.</summary>
internal static partial class Calls
{
    private static Operation Token => new(
        "token",
        new("گرفتن توکن", "Get a token"),
        new("پرداخت تازه می‌سازد و لینک صفحهٔ پرداخت را برمی‌گرداند.", "Begins a payment and returns the link of its page."),
        "payments",
        [
            Merchant,
            new("amount", Kind.Rials, "مبلغ به ریال، فقط رقم: بدون ممیز و جداکننده. بازهٔ پیش‌فرض ۱٬۰۰۰ تا ۲٬۰۰۰٬۰۰۰٬۰۰۰ ریال است.",
                "Whole rials, digits only. By default from 1,000 to 2,000,000,000.") { Required = true, Min = 1_000, Max = 2_000_000_000 },
            new("callback_url", Kind.Text, "نشانی کامل بازگشت، روی دامنهٔ ثبت‌شدهٔ شما و با https. پرس‌وجوی آن (?…) دست‌نخورده می‌ماند.",
                "Where the payer comes back to: https, on a domain you registered. Its query stays as it is.") { Required = true, MaxLength = 2_083 },
            new("invoice_id", Kind.Text, "شمارهٔ سفارش شما؛ برای هر تراکنش یکتا، ۱ تا ۶۴ نویسه.",
                "Your order number: unique for each payment, 1 to 64 characters.") { Required = true, MaxLength = 64 },
            new("mobile", Kind.Text, "موبایل پرداخت‌کننده. با آن می‌تواند کارت‌های خود را (پس از کد پیامکی) ببیند و کارت ذخیره کند.",
                "The payer's mobile: lets them use their own cards, after a code by SMS, and save one.") { Pattern = "^09[0-9]{9}$" },
        ],
        "TokenAnswer",
        """
        {
          "merchant": "111-222-333-444",
          "amount": 150000,
          "callback_url": "http://127.0.0.1:5090/payment/callback",
          "invoice_id": "1404-0047",
          "mobile": "09123456789"
        }
        """,
        """
        {
          "status": true,
          "data": {
            "url": "https://canpay.ir/ipg/SNHQA1TYFGSFARZUM5A03YXJWOAOHJ",
            "token": "SNHQA1TYFGSFARZUM5A03YXJWOAOHJ"
          }
        }
        """,
        [
            "amount_invalid", "amount_out_of_range", "callback_url_invalid", "callback_domain_not_registered", "callback_url_insecure",
            "invoice_id_invalid", "mobile_invalid", "duplicate_invoice", "idempotency_key_invalid", "idempotency_key_reused", "on_hold",
        ])
    {
        TakesIdempotencyKey = true,
    };

    private static Operation Verify => new(
        "verify",
        new("تأیید پرداخت", "Verify"),
        new("پرداخت را تأیید می‌کند؛ تنها پس از آن پول از آنِ شماست. تکرار آن همیشه بی‌خطر است.",
            "Confirms a paid payment: only now is the money yours. Repeating it is always safe."),
        "payments",
        [
            Merchant,
            PaymentToken,
            new("amount", Kind.Rials, "مبلغ سفارش به ریال. اگر بفرستید و با پرداخت یکی نباشد، چیزی تأیید نمی‌شود.",
                "The order's amount. If you send it and it differs, nothing is verified."),
        ],
        "VerifyAnswer",
        """
        {
          "merchant": "111-222-333-444",
          "token": "SNHQA1TYFGSFARZUM5A03YXJWOAOHJ",
          "amount": 150000
        }
        """,
        """
        {
          "status": true,
          "data": {
            "card": "5022-29**-****-7122",
            "reference": "141167552421",
            "amount": 150000,
            "invoice_id": "1404-0047",
            "verified_at": "2026-11-25T10:03:12.480Z",
            "already_verified": false
          }
        }
        """,
        [
            "token_invalid", "token_not_found", "amount_invalid", "amount_mismatch", "payment_not_paid", "payment_in_progress",
            "payment_cancelled", "payment_failed", "payment_expired", "payment_returned", "idempotency_key_invalid", "idempotency_key_reused",
        ])
    {
        TakesIdempotencyKey = true,
    };

    private static Operation Ping => new(
        "ping",
        new("آزمودن اتصال", "Ping"),
        new("می‌گوید شما را با چه IP و به نام کدام پذیرنده می‌بینیم. چیزی را تغییر نمی‌دهد.",
            "Says from where and as whom we see you. Changes nothing."),
        "read",
        [Merchant],
        "PingAnswer",
        """
        {
          "merchant": "111-222-333-444"
        }
        """,
        """
        {
          "status": true,
          "data": {
            "address": "127.0.0.1",
            "merchant": {
              "code": "111-222-333-444",
              "name": "فروشگاه نمونه",
              "test": false,
              "min_amount": 1000,
              "max_amount": 2000000000,
              "domains": [
                "localhost",
                "127.0.0.1"
              ],
              "refunds": "card",
              "callback_method": "post",
              "key_required": false
            },
            "key": null,
            "time": "2026-11-25T10:00:00.123Z",
            "version": "0.1.0"
          }
        }
        """,
        []);

    private static Operation Advance => new(
        "sandbox/advance",
        new("جلو بردن ساعت آزمایشی", "Advance the test clock"),
        new("زمان را برای پذیرندهٔ آزمایشی جلو می‌برد: مهلت همهٔ پرداخت‌های باز او نزدیک‌تر می‌شود.",
            "Lets time pass for a test merchant: the deadlines of all its open payments come nearer."),
        "payments",
        [
            Merchant,
            new("seconds", Kind.Whole, "چند ثانیه؛ حداکثر ۳۰ روز.", "How many seconds, 30 days at the most.") { Required = true, Min = 1, Max = 2_592_000 },
        ],
        "AdvanceAnswer",
        """
        {
          "merchant": "111-222-333-444",
          "seconds": 900
        }
        """,
        """
        {
          "status": true,
          "data": {
            "seconds": 900,
            "payments": 1
          }
        }
        """,
        ["sandbox_only", "seconds_invalid"]);
}
