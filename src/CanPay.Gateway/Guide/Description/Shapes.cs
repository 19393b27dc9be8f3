namespace CanPay.Gateway.Guide.Description;

/// <summary>What answers and webhooks consist of.</summary>
internal static class Shapes
{
    public const string Token = "^[A-Z0-9]{30}$";
    public const string Card = @"^[0-9]{4}-[0-9]{2}\*{2}-\*{4}-[0-9]{4}$";
    public const string Reference = "^[0-9]{12}$";

    public static IReadOnlyList<string> States { get; } =
        ["created", "authorizing", "authorized", "verified", "reversing", "reversed", "cancelled", "failed", "expired"];

    public static IReadOnlyList<Field> Payment { get; } =
    [
        new("token", Kind.Text, "توکن پرداخت.", "The payment's token.") { Pattern = Token },
        new("invoice_id", Kind.Text, "شماره فاکتور شما، همان‌گونه که فرستاده‌اید.", "Your order number, as you sent it.") { MaxLength = 64 },
        new("amount", Kind.Rials, "مبلغ پرداخت به ریال.", "The payment's amount in rials."),
        new("status", Kind.Text, "وضعیت کنونی پرداخت.", "The state the payment is in now.") { OneOf = States },
        new("paid", Kind.Flag, "پول نزد ماست: منتظر تأیید شما یا تأییدشده.", "We have the money: it waits for your verify, or is verified."),
        new("card", Kind.Text, "شش رقم نخست و چهار رقم پایانی کارتی که پرداخت کرد.", "First six and last four digits of the card that paid.")
            { Nullable = true, Pattern = Card },
        new("reference", Kind.Text, "شمارهٔ پیگیری شبکهٔ کارت.", "The card network's tracking number.") { Nullable = true, Pattern = Reference },
        new("created_at", Kind.Instant, "لحظهٔ صدور توکن.", "When the token was issued."),
        new("expires_at", Kind.Instant, "پس از این لحظه کسی نمی‌تواند پرداخت را آغاز کند.", "After this nobody can begin to pay."),
        new("paid_at", Kind.Instant, "لحظه‌ای که بانک پرداخت را پذیرفت.", "When the bank approved.") { Nullable = true },
        new("verify_until", Kind.Instant, "مهلت فراخوانی verify؛ پس از آن پول برمی‌گردد.", "Verify before this, or the money goes back.")
            { Nullable = true },
        new("verified_at", Kind.Instant, "لحظهٔ نخستین verify موفق.", "When you first verified it.") { Nullable = true },
        new("ended_at", Kind.Instant, "لحظه‌ای که پرداخت به پایان رسید.", "When the payment reached its end.") { Nullable = true },
        new("return_cause", Kind.Text, "چرا پول برگشت: تأیید نشد، نتیجه نامشخص ماند، یا خودتان reverse زدید.",
            "Why the money goes back: not verified in time, outcome unknown, or you reversed it.")
            { Nullable = true, OneOf = ["not_verified", "outcome_unknown", "merchant"] },
        new("declines", Kind.Whole, "چند بار بانک کارت را نپذیرفت.", "How often a bank declined a card.") { Min = 0 },
        new("refunded", Kind.Rials, "مجموع مبلغی که تا کنون بازپرداخت شده است.", "Rials refunded so far."),
        new("test", Kind.Flag, "پرداخت آزمایشی است و پول واقعی در آن نیست.", "A test payment: no real money is in it."),
    ];

    public static IReadOnlyList<Field> Refund { get; } =
    [
        new("refund_id", Kind.Text, "شناسه‌ای که خودتان به بازپرداخت داده‌اید.", "Your own reference of the refund.") { MaxLength = 64 },
        new("token", Kind.Text, "توکن پرداختی که پولش برمی‌گردد.", "Token of the payment whose money goes back.") { Pattern = Token },
        new("invoice_id", Kind.Text, "شماره فاکتور همان پرداخت.", "Order number of that payment.") { MaxLength = 64 },
        new("amount", Kind.Rials, "مبلغ این بازپرداخت به ریال.", "Rials of this refund."),
        new("reason", Kind.Text, "دلیل، همان‌گونه که فرستاده‌اید.", "The reason, as you sent it.") { OneOf = Reasons },
        new("method", Kind.Text, "پول به همان کارت یا از راه بانک برمی‌گردد.", "Back to the card, or through the bank.") { OneOf = ["card", "bank"] },
        new("status", Kind.Text, "وضعیت بازپرداخت.", "The state of the refund.") { OneOf = ["pending", "sending", "succeeded", "failed"] },
        new("reference", Kind.Text, "شمارهٔ پیگیری بازپرداخت.", "The refund's own tracking number.") { Nullable = true },
        new("created_at", Kind.Instant, "لحظهٔ ثبت درخواست.", "When you asked for it."),
        new("ended_at", Kind.Instant, "لحظهٔ پایان.", "When it succeeded or failed.") { Nullable = true },
        new("failure", Kind.Text, "چرا انجام نشد.", "Why it failed.") { Nullable = true },
        new("refunded", Kind.Rials, "مجموع بازپرداخت‌های این پرداخت تا این لحظه.", "Rials refunded of the payment so far."),
    ];

    public static IReadOnlyList<string> Reasons => ["customer_request", "duplicate", "fraud", "other"];

    public static IReadOnlyList<string> Events { get; } =
    [
        "payment.paid", "payment.verified", "payment.unverified_soon", "payment.reversed", "payment.refunded", "payment.failed",
        "payment.expired", "payment.cancelled",
    ];

    /// <summary>All that stand in answers, by name.</summary>
    public static IReadOnlyList<Shape> All { get; } =
    [
        new("Payment", new("پرداخت", "Payment"), Payment),
        new("PaymentWithRefunds", new("پرداخت با بازپرداخت‌ها", "Payment with its refunds"),
        [
            .. Payment,
            new("refunds", Kind.List, "بازپرداخت‌های این پرداخت.", "The refunds of this payment.") { Of = "Refund" },
        ]),
        new("Refund", new("بازپرداخت", "Refund"), Refund),
        new("TokenAnswer", new("لینک پرداخت", "Payment link"),
        [
            new("url", Kind.Text, "لینک صفحهٔ پرداخت؛ مرورگر پرداخت‌کننده را به همین نشانی بفرستید.",
                "The link of the payment page: send the payer's browser there."),
            new("token", Kind.Text, "توکن ۳۰ نویسه‌ای؛ پیش از فرستادن پرداخت‌کننده آن را کنار سفارش ذخیره کنید.",
                "The token of 30 characters: store it with the order before you send the payer away.") { Pattern = Token },
        ]),
        new("VerifyAnswer", new("پرداخت تأییدشده", "Verified payment"),
        [
            new("card", Kind.Text, "شش رقم نخست و چهار رقم پایانی کارت.", "First six and last four digits of the card.") { Pattern = Card },
            new("reference", Kind.Text, "شمارهٔ پیگیری؛ در هر تکرار همان است.", "The tracking number: the same in every repetition.")
                { Pattern = Reference },
            new("amount", Kind.Rials, "مبلغ پرداخت؛ آن را با مبلغ سفارش مقایسه کنید.", "What was paid: compare it with the order."),
            new("invoice_id", Kind.Text, "شماره فاکتور؛ ببینید که همان سفارش است.", "Your order number: see that it is this order.") { MaxLength = 64 },
            new("verified_at", Kind.Instant, "لحظهٔ نخستین تأیید.", "When it was verified first."),
            new("already_verified", Kind.Flag, "فقط بار نخست false است. اگر true بود، شاید کالا را پیش‌تر تحویل داده‌اید.",
                "False the first time only. If true, you may have delivered before."),
        ]),
        new("PaymentList", new("فهرست پرداخت‌ها", "List of payments"),
        [
            new("payments", Kind.List, "پرداخت‌های این صفحه.", "The payments of this page.") { Of = "Payment" },
            new("next_cursor", Kind.Text, "برای صفحهٔ بعد بفرستید؛ null یعنی صفحهٔ دیگری نیست.", "Send it for the next page; null: there is none.")
                { Nullable = true },
        ]),
        new("ReverseAnswer", new("برگشت", "Reversal"),
        [
            new("token", Kind.Text, "توکن پرداخت.", "The payment's token.") { Pattern = Token },
            new("invoice_id", Kind.Text, "شماره فاکتور.", "Your order number.") { MaxLength = 64 },
            new("amount", Kind.Rials, "مبلغی که برمی‌گردد.", "Rials that go back."),
            new("status", Kind.Text, "در راه برگشت، یا برگشته.", "On its way back, or back.") { OneOf = ["reversing", "reversed"] },
            new("already_reversed", Kind.Flag, "پیش از این درخواست هم در راه برگشت بود.", "It was on its way back before this call."),
        ]),
        new("AdvanceAnswer", new("ساعت آزمایشی", "Test clock"),
        [
            new("seconds", Kind.Whole, "ثانیه‌هایی که گذشت.", "Seconds that passed."),
            new("payments", Kind.Whole, "شمار پرداخت‌های بازی که مهلتشان جابه‌جا شد.", "Open payments whose deadlines moved."),
        ]),
        new("PingMerchant", new("پذیرنده", "Merchant"),
        [
            new("code", Kind.Text, "کد پذیرندگی.", "The merchant code."),
            new("name", Kind.Text, "نامی که پرداخت‌کننده می‌بیند.", "The name that payers see."),
            new("test", Kind.Flag, "پذیرندهٔ آزمایشی است و پول واقعی ندارد.", "A test merchant: no real money."),
            new("min_amount", Kind.Rials, "کمترین مبلغ.", "The smallest amount."),
            new("max_amount", Kind.Rials, "بیشترین مبلغ.", "The largest amount."),
            new("domains", Kind.Texts, "دامنه‌های ثبت‌شده.", "The registered domains."),
            new("refunds", Kind.Text, "راه پیش‌فرض بازپرداخت، یا خاموش.", "The way of refunds, or off.") { OneOf = ["off", "card", "bank"] },
            new("callback_method", Kind.Text, "روش بازگشت پرداخت‌کننده.", "How payers are sent back.") { OneOf = ["post", "get"] },
            new("key_required", Kind.Flag, "بی کلید API پاسخ نمی‌گیرید.", "You are answered with an API key only."),
        ]),
        new("PingKey", new("کلید API", "API key"),
        [
            new("id", Kind.Text, "شناسهٔ کلید.", "The key's name."),
            new("scopes", Kind.Texts, "کارهایی که کلید اجازه دارد.", "What the key may be used for."),
            new("expires_at", Kind.Instant, "پایان اعتبار کلید.", "When the key ends.") { Nullable = true },
        ]),
        new("PingAnswer", new("ما شما را چگونه می‌بینیم", "How we see you"),
        [
            new("address", Kind.Text, "IP شما، آن‌گونه که به ما می‌رسد.", "Your address as it reaches us."),
            new("merchant", Kind.Object, "پروندهٔ پذیرندگی شما.", "Your record.") { Of = "PingMerchant" },
            new("key", Kind.Object, "کلید API این درخواست؛ null اگر کلیدی نبود.", "The API key of this call, null without one.")
                { Of = "PingKey", Nullable = true },
            new("time", Kind.Instant, "ساعت ما.", "Our clock."),
            new("version", Kind.Text, "نسخهٔ درگاه.", "The gateway's version."),
        ]),
    ];

    public static Shape Named(string name) => All.First(shape => shape.Name == name);
}
