using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Checkout;

internal sealed partial class PersianWords : Words
{
    private const string MayTakeThreeDays = "معمولاً همان لحظه و حداکثر تا ۷۲ ساعت";
    private const string AskTheBank = "یا مبلغی از کارت شما کسر نشده است، یا خودکار و حداکثر تا ۷۲ ساعت به آن برمی‌گردد. "
        + "با شمارهٔ پیگیری می‌توانید از بانک خود بپرسید.";

    public override string Language => "fa";

    public override string Direction => "rtl";

    public override string LanguageName => "فارسی";

    public override (string Title, string Text) UnknownToken => (
        "این پرداخت پیدا نشد",
        "نشانی این صفحه درست نیست یا پرداخت دیگر در دسترس نیست. به فروشگاه بازگردید و پرداخت را از آن‌جا دوباره آغاز کنید.");

    public override (string Title, string Text) OtherBrowser => (
        "این پرداخت در مرورگر دیگری آغاز شده است",
        "برای امنیت پرداخت‌کننده، ادامه و نتیجهٔ آن تنها در همان مرورگر نمایش داده می‌شود.");

    public override (string Title, string Text) NoReferrer => (
        "پرداخت باید از سایت فروشگاه آغاز شود",
        "مرورگر شما نگفت که از کدام سایت آمده‌اید و این فروشگاه چنین پرداختی را نمی‌پذیرد. از سایت فروشگاه دوباره آغاز کنید.");

    public override (string Title, string Text) SuspendedShop => (
        "این فروشگاه اکنون پرداخت نمی‌پذیرد", "مبلغی از شما کسر نشده است. با فروشگاه تماس بگیرید.");

    public override (string Title, string Text) NoCookies => (
        "کوکی مرورگر در دسترس نیست",
        "برای امنیت پرداخت، این صفحه به یک کوکی نیاز دارد. آن را در مرورگر خود فعال کنید و به صفحهٔ پرداخت بازگردید. مبلغی کسر نشده است.");

    public override (string Title, string Text) StaleForm => (
        "این فرم دیگر معتبر نیست", "به صفحهٔ پرداخت بازگردید و دوباره تلاش کنید. مبلغی کسر نشده است.");

    public override (string Title, string Text) TooMany => (
        "تعداد درخواست‌ها زیاد است", "چند لحظه صبر کنید و دوباره تلاش کنید.");

    public override (string Title, string Text) UnknownPage => (
        "این صفحه وجود ندارد", "اگر برای پرداخت آمده‌اید، به فروشگاه بازگردید و پرداخت را از آن‌جا آغاز کنید.");

    public override (string Title, string Text) Broken => (
        "مشکلی پیش آمد", "این صفحه نمایش داده نشد. چند لحظهٔ دیگر آن را دوباره باز کنید؛ پرداخت شما دو بار انجام نمی‌شود.");

    public override (string Title, string Text) Unavailable => (
        "درگاه پرداخت موقتاً در دسترس نیست",
        "چند لحظهٔ دیگر این صفحه را دوباره باز کنید. اگر پرداخت را آغاز کرده‌اید، نگران نباشید: پرداخت شما دو بار انجام نمی‌شود.");

    public override (string Title, string Text) NetworkUnavailable => (
        "ارتباط با شبکهٔ بانکی برقرار نیست", "مبلغی کسر نشده است. چند لحظهٔ دیگر دوباره تلاش کنید.");

    public override (string Title, string Text) OnHold => (
        "درگاه اکنون پرداخت تازه نمی‌پذیرد", "مبلغی از شما کسر نشده است. چند دقیقهٔ دیگر دوباره تلاش کنید یا به فروشگاه بازگردید.");

    public override (string Title, string Text) WrongFields => (
        "اطلاعات کارت کامل نیست", "موارد مشخص‌شده را درست کنید. برای امنیت شما، همهٔ خانه‌ها باید دوباره پر شوند.");

    public override IReadOnlyDictionary<string, string> FieldErrors { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [CardForm.PanField] = "شمارهٔ کارت درست نیست؛ ۱۶ رقم روی کارت را وارد کنید.",
        [CardForm.Cvv2Field] = "CVV2 سه یا چهار رقم است.",
        [CardForm.MonthField] = "ماه از ۱ تا ۱۲ است.",
        [CardForm.YearField] = "سال انقضا گذشته یا نادرست است؛ دو رقم سال شمسی روی کارت را وارد کنید.",
        [CardForm.PinField] = "رمز دوم ۴ تا ۱۲ رقم است.",
    };

    public override string PinAsked => "درخواست شما به بانک صادرکننده فرستاده شد؛ اگر اطلاعات درست باشد رمز پیامک می‌شود.";

    public override string PinNotAsked => "درخواست فرستاده نشد. چند لحظهٔ دیگر دوباره تلاش کنید.";

    public override string PinGoodUntil(DateTimeOffset until) => $"این رمز تا حدود ساعت {Hour(until)} اعتبار دارد.";

    public override (string Title, string Text) WrongReferrer(string host) => (
        "پرداخت از این سایت مجاز نیست",
        $"شما از «{host}» آمده‌اید که برای این فروشگاه ثبت نشده است. اگر این سایت را نمی‌شناسید، اطلاعات کارت خود را در آن وارد نکنید.");

    public override (string Title, string Text) Declined(DeclineReason reason, int triesLeft) => (
        "پرداخت انجام نشد", $"{Decline(reason)} ({Number(triesLeft)} بار دیگر می‌توانید تلاش کنید.)");

    public override string Decline(DeclineReason reason) => reason switch
    {
        DeclineReason.NoFunds => "موجودی کارت برای این پرداخت کافی نیست. با کارت دیگری تلاش کنید یا حساب خود را شارژ کنید.",
        DeclineReason.WrongPin => "رمز دوم نادرست است. رمز پویای تازه بگیرید و دوباره تلاش کنید.",
        DeclineReason.StaticPinOverCeiling =>
            "رمز دوم پذیرفته نشد. برای این مبلغ رمز دوم ثابت کار نمی‌کند: «درخواست رمز پویا» را بزنید و رمز پیامک‌شده را وارد کنید.",
        DeclineReason.TooManyWrongPins =>
            "تعداد دفعات ورود رمز نادرست بیش از حد مجاز شده است. با بانک خود تماس بگیرید یا کارت دیگری امتحان کنید.",
        DeclineReason.PinNotAccepted => "رمز دوم پذیرفته نشد. آن را دوباره وارد کنید.",
        DeclineReason.OverCardLimit =>
            "مبلغ از سقف مجاز کارت شما بیشتر است. با کارت دیگری پرداخت کنید یا سقف آن را از بانک خود بپرسید.",
        DeclineReason.TooManyPurchases => "تعداد تراکنش‌های امروز این کارت به سقف رسیده است. با کارت دیگری پرداخت کنید.",
        DeclineReason.CardData =>
            "مشخصات کارت تأیید نشد. شمارهٔ کارت، CVV2 و تاریخ انقضا را بررسی کنید یا کارت دیگری امتحان کنید.",
        DeclineReason.CardNotEnabled =>
            "این کارت برای پرداخت اینترنتی فعال نیست. با بانک خود تماس بگیرید یا کارت دیگری امتحان کنید.",
        DeclineReason.RefusedByIssuer => "بانک شما این پرداخت را نپذیرفت. با بانک خود تماس بگیرید یا کارت دیگری امتحان کنید.",
        DeclineReason.KindNotSupported => "بانک شما این نوع پرداخت را با این کارت انجام نمی‌دهد. با کارت بانک دیگری پرداخت کنید.",
        DeclineReason.ShopNotAccepted =>
            "شبکهٔ بانکی این پرداخت را برای این فروشگاه نپذیرفت و مبلغی کسر نشده است. به فروشگاه بازگردید و آن را آگاه کنید.",
        DeclineReason.IssuerAway => "بانک صادرکنندهٔ کارت اکنون پاسخگو نیست و مبلغی کسر نشده است. "
            + "چند دقیقهٔ دیگر تلاش کنید یا با کارت بانک دیگری پرداخت کنید.",
        DeclineReason.RefusedByNetwork =>
            "شبکهٔ بانکی این درخواست را انجام نداد و مبلغی کسر نشده است. چند دقیقهٔ دیگر دوباره تلاش کنید.",
        DeclineReason.OutcomeUnknown => "نتیجهٔ پرداخت مشخص نشد. اگر مبلغی از کارت شما کسر "
            + "شده باشد، خودکار و حداکثر تا ۷۲ ساعت برمی‌گردد.",
        DeclineReason.Other => "بانک این پرداخت را انجام نداد. دوباره تلاش کنید یا کارت دیگری امتحان کنید.",
    };

    public override (string Title, string Text) PaidEnd => ("پرداخت انجام شد", "تا لحظه‌ای دیگر به فروشگاه بازمی‌گردید.");

    public override (string Title, string Text) CancelledEnd => (
        "از پرداخت انصراف دادید", "مبلغی از کارت شما کسر نشد. به فروشگاه بازمی‌گردید.");

    public override (string Title, string Text) FailedEnd => (
        "پرداخت انجام نشد", "تعداد تلاش‌های ناموفق به سقف رسید و مبلغی از کارت شما کسر نشد. برای تلاش دوباره از فروشگاه آغاز کنید.");

    public override (string Title, string Text) ExpiredEnd => (
        "مهلت پرداخت تمام شد", "مبلغی از کارت شما کسر نشد. برای پرداخت، از فروشگاه دوباره آغاز کنید.");

    public override (string Title, string Text) ReturnedEnd => (
        "مبلغ به کارت شما برگشت داده شد", "فروشگاه این پرداخت را در مهلت مقرر تایید نکرد، بنابراین مبلغ به کارت شما "
        + "برمی‌گردد؛ معمولاً همان لحظه و حداکثر تا ۷۲ ساعت.");

    public override (string Title, string Text) GivenBackEnd => (
        "مبلغ به کارت شما برگشت داده شد", "فروشگاه این پرداخت را لغو کرد، بنابراین مبلغ به کارت شما برمی‌گردد؛ "
        + "معمولاً همان لحظه و حداکثر تا ۷۲ ساعت.");

    public override (string Title, string Text) UnknownEnd => (
        "نتیجهٔ پرداخت مشخص نشد", "بانک به‌موقع پاسخ نداد. سفارش شما پرداخت‌نشده به شمار می‌آید و اگر مبلغی از کارت شما کسر شده باشد، "
        + "خودکار برمی‌گردد؛ معمولاً همان لحظه و حداکثر تا ۷۲ ساعت. شماره پیگیری را نگه دارید.");

    public override ReceiptWords PaidReceipt(DateTimeOffset deadline) => new(
        "پرداخت‌شده، در انتظار تأیید فروشگاه", "پرداخت انجام شد", $"در انتظار تأیید فروشگاه است. اگر فروشگاه تا ساعت {Hour(deadline)}"
        + " آن را تأیید نکند، مبلغ خودکار به کارت شما برمی‌گردد.");

    public override ReceiptWords VerifiedReceipt { get; } = new(
        "پرداخت‌شده و تأییدشده", "پرداخت انجام و تأیید شد", "مبلغ از کارت شما برداشت شده و فروشگاه دریافت آن را تأیید کرده است.");

    public override ReceiptWords CancelledReceipt { get; } = new(
        "لغوشده به خواست پرداخت‌کننده", "از پرداخت انصراف دادید", "مبلغی از کارت شما کسر نشده است.");

    public override ReceiptWords FailedReceipt { get; } = new(
        "ناموفق", "پرداخت انجام نشد", "بانک این پرداخت را نپذیرفت و مبلغی از کارت شما کسر نشده است.");

    public override ReceiptWords ExpiredReceipt { get; } = new(
        "پرداخت‌نشده، مهلت گذشته", "مهلت پرداخت تمام شد", "این پرداخت در مهلت خود انجام نشد و مبلغی از کارت شما کسر نشده است.");

    public override ReceiptWords ReturningReceipt { get; } = new(
        "در حال برگشت به کارت", "مبلغ در حال بازگشت به کارت شماست", "فروشگاه این پرداخت را در مهلت مقرر تأیید نکرد. مبلغ "
        + $"خودکار به همان کارت برمی‌گردد؛ {MayTakeThreeDays}.");

    public override ReceiptWords ReturnedReceipt { get; } = new(
        "برگشت‌خورده به کارت", "مبلغ به کارت شما برگشت داده شد", "فروشگاه این پرداخت را در مهلت مقرر تأیید نکرد و بانک برگشت مبلغ را پذیرفت. "
        + $"مبلغ {MayTakeThreeDays} در حساب شما دیده می‌شود.");

    public override ReceiptWords GivingBackReceipt { get; } = new(
        "لغوشده به دست فروشگاه، در حال برگشت به کارت", "مبلغ در حال بازگشت به کارت شماست", "فروشگاه این پرداخت را لغو کرد. مبلغ "
        + $"خودکار به همان کارت برمی‌گردد؛ {MayTakeThreeDays}.");

    public override ReceiptWords GivenBackReceipt { get; } = new(
        "لغوشده به دست فروشگاه، برگشت‌خورده به کارت", "مبلغ به کارت شما برگشت داده شد", "فروشگاه این پرداخت را لغو کرد و بانک برگشت مبلغ را پذیرفت. "
        + $"مبلغ {MayTakeThreeDays} در حساب شما دیده می‌شود.");

    public override ReceiptWords RefundedReceipt { get; } = new(
        "بازگردانده‌شده", "همهٔ مبلغ به شما بازگردانده شد", $"فروشگاه همهٔ مبلغ این پرداخت را بازگرداند. مبلغ {MayTakeThreeDays} در حساب شما دیده می‌شود.");

    public override ReceiptWords PartlyRefundedReceipt { get; } = new(
        "پرداخت‌شده، بخشی بازگردانده‌شده", "بخشی از مبلغ به شما بازگردانده شد",
        $"فروشگاه این پرداخت را تأیید کرد و سپس بخشی از مبلغ را بازگرداند. آن بخش {MayTakeThreeDays} در حساب شما دیده می‌شود.");

    public override ReceiptWords UnknownReceipt { get; } = new(
        "نامشخص، در حال لغو نزد بانک", "نتیجهٔ پرداخت مشخص نشد", "بانک به‌موقع پاسخ نداد و این سفارش پرداخت‌نشده به شمار می‌آید. " + AskTheBank);

    public override ReceiptWords AnnulledReceipt { get; } = new(
        "لغوشده نزد بانک", "پرداخت انجام نشد", "بانک به‌موقع پاسخ نداده بود و سپس لغو این پرداخت را پذیرفت. " + AskTheBank);

    public override string BankOf(string mask) => Banks.Find(mask) is { } bank
        ? BankPattern.Replace("{0}", bank.Persian, StringComparison.Ordinal)
        : "کارت بانکی";

    public override string Number(long number) => Persian.Number(number);

    public override string Rials(Rials amount) => $"{Number(amount.Amount)} {RialUnit}";

    public override string Toman(Rials amount) => $"{Persian.Toman(amount)} تومان";

    public override string Clock(TimeSpan time) => Persian.Clock(time);

    public override string Hour(DateTimeOffset at) => Persian.Hour(at);

    public override string DateAndTime(DateTimeOffset at) => Persian.DateAndTime(at);
}
