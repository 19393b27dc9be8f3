using CanPay.Gateway.Risk;

namespace CanPay.Gateway.Checkout;

/// <summary>Title and text of whatever stands between a payer and the form.</summary>
internal static class Words
{
    public static (string Title, string Text) UnknownToken { get; } = (
        "این پرداخت پیدا نشد",
        "نشانی این صفحه درست نیست یا پرداخت دیگر در دسترس نیست. به فروشگاه بازگردید و پرداخت را از آن‌جا دوباره آغاز کنید.");

    public static (string Title, string Text) OtherBrowser { get; } = (
        "این پرداخت در مرورگر دیگری آغاز شده است",
        "برای امنیت پرداخت‌کننده، ادامه و نتیجهٔ آن تنها در همان مرورگر نمایش داده می‌شود.");

    public static (string Title, string Text) NoReferrer { get; } = (
        "پرداخت باید از سایت فروشگاه آغاز شود",
        "مرورگر شما نگفت که از کدام سایت آمده‌اید و این فروشگاه چنین پرداختی را نمی‌پذیرد. از سایت فروشگاه دوباره آغاز کنید.");

    public static (string Title, string Text) SuspendedShop { get; } = (
        "این فروشگاه اکنون پرداخت نمی‌پذیرد", "مبلغی از شما کسر نشده است. با فروشگاه تماس بگیرید.");

    public static (string Title, string Text) NoCookies { get; } = (
        "کوکی مرورگر در دسترس نیست",
        "برای امنیت پرداخت، این صفحه به یک کوکی نیاز دارد. آن را در مرورگر خود فعال کنید و به صفحهٔ پرداخت بازگردید. مبلغی کسر نشده است.");

    public static (string Title, string Text) StaleForm { get; } = (
        "این فرم دیگر معتبر نیست", "به صفحهٔ پرداخت بازگردید و دوباره تلاش کنید. مبلغی کسر نشده است.");

    public static (string Title, string Text) TooMany { get; } = (
        "تعداد درخواست‌ها زیاد است", "چند لحظه صبر کنید و دوباره تلاش کنید.");

    public static (string Title, string Text) UnknownPage { get; } = (
        "این صفحه وجود ندارد", "اگر برای پرداخت آمده‌اید، به فروشگاه بازگردید و پرداخت را از آن‌جا آغاز کنید.");

    public static (string Title, string Text) Broken { get; } = (
        "مشکلی پیش آمد", "این صفحه نمایش داده نشد. چند لحظهٔ دیگر آن را دوباره باز کنید؛ پرداخت شما دو بار انجام نمی‌شود.");

    public static (string Title, string Text) Unavailable { get; } = (
        "درگاه پرداخت موقتاً در دسترس نیست",
        "چند لحظهٔ دیگر این صفحه را دوباره باز کنید. اگر پرداخت را آغاز کرده‌اید، نگران نباشید: پرداخت شما دو بار انجام نمی‌شود.");

    public static (string Title, string Text) NetworkUnavailable { get; } = (
        "ارتباط با شبکهٔ بانکی برقرار نیست", "مبلغی کسر نشده است. چند لحظهٔ دیگر دوباره تلاش کنید.");

    public static (string Title, string Text) OnHold { get; } = (
        "درگاه اکنون پرداخت تازه نمی‌پذیرد", "مبلغی از شما کسر نشده است. چند دقیقهٔ دیگر دوباره تلاش کنید یا به فروشگاه بازگردید.");

    public static (string Title, string Text) WrongFields { get; } = (
        "اطلاعات کارت کامل نیست", "موارد مشخص‌شده را درست کنید. برای امنیت شما، همهٔ خانه‌ها باید دوباره پر شوند.");

    public static (string Title, string Text) Captcha { get; } = (
        "یک پرسش کوتاه پیش از پرداخت", "برای جلوگیری از سوءاستفاده از کارت‌های بانکی، پنج رقم زیر را وارد کنید.");

    public static string CaptchaWrong { get; } = "رقم‌ها درست نبود یا مهلت آن گذشت. این رقم‌های تازه را وارد کنید.";

    /// <summary>What the address of the page says of a card that its issuer is not asked about.</summary>
    public static string NameOf(Verdict verdict) => verdict.ToString();

    /// <summary>Why the issuer was not asked.</summary>
    public static (string Title, string Text)? Stopped(string verdict) => verdict switch
    {
        nameof(Verdict.CardStopped) => (
            "این کارت امروز بیش از حد رد شده است",
            "برای حفاظت از دارندهٔ کارت، تا ۲۴ ساعت پرداختی با آن فرستاده نمی‌شود. با کارت دیگری پرداخت کنید. مبلغی کسر نشده است."),
        nameof(Verdict.AddressStopped) => (
            "از این اتصال کارت‌های زیادی رد شده است",
            "تا حدود یک ساعت پرداختی از این اتصال اینترنت فرستاده نمی‌شود. با اینترنت دیگری (مثلاً دادهٔ همراه) تلاش کنید. مبلغی کسر نشده است."),
        nameof(Verdict.ShopStopped) => (
            "این فروشگاه اکنون کند پرداخت می‌پذیرد",
            "به دلیل تلاش‌های مشکوک، در هر دقیقه پرداخت‌های کمی به بانک فرستاده می‌شود. یک دقیقهٔ دیگر دوباره تلاش کنید. مبلغی کسر نشده است."),
        nameof(Verdict.Busy) => (
            "بانک‌ها هنوز به تلاش‌های دیگر پاسخ نداده‌اند",
            "چند ثانیهٔ دیگر دوباره تلاش کنید. مبلغی کسر نشده است."),
        _ => null,
    };

    /// <summary>The same whatever became of the request.</summary>
    public static string PinAsked { get; } = "درخواست شما به بانک صادرکننده فرستاده شد؛ اگر اطلاعات درست باشد رمز پیامک می‌شود.";

    public static string PinNotAsked { get; } = "درخواست فرستاده نشد. چند لحظهٔ دیگر دوباره تلاش کنید.";

    public static string PinGoodUntil(DateTimeOffset until) => $"این رمز تا حدود ساعت {Persian.Hour(until)} اعتبار دارد.";

    public static (string Title, string Text) WrongReferrer(string host) => (
        "پرداخت از این سایت مجاز نیست",
        $"شما از «{host}» آمده‌اید که برای این فروشگاه ثبت نشده است. اگر این سایت را نمی‌شناسید، اطلاعات کارت خود را در آن وارد نکنید.");

    public static (string Title, string Text) Declined(int actionCode, int triesLeft) => (
        "پرداخت انجام نشد", $"{Persian.Decline(actionCode)} ({Persian.Number(triesLeft)} بار دیگر می‌توانید تلاش کنید.)");
}
