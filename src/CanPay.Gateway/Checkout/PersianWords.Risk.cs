namespace CanPay.Gateway.Checkout;

internal sealed partial class PersianWords
{
    public override (string Title, string Text) Captcha => (
        "یک پرسش کوتاه پیش از پرداخت", "برای جلوگیری از سوءاستفاده از کارت‌های بانکی، پنج رقم زیر را وارد کنید.");

    public override string CaptchaWrong => "رقم‌ها درست نبود یا مهلت آن گذشت. این رقم‌های تازه را وارد کنید.";

    public override string CaptchaImage => "تصویر پنج رقم؛ اگر آن را نمی‌بینید از پخش صوتی استفاده کنید";

    public override string CaptchaNoSound => "مرورگر شما صدا را پخش نمی‌کند.";

    public override string CaptchaAnswer => "پنج رقمی که می‌بینید یا می‌شنوید";

    public override string CaptchaOther => "رقم‌های دیگر";

    public override (string Title, string Text) CardStopped => (
        "این کارت امروز بیش از حد رد شده است",
        "برای حفاظت از دارندهٔ کارت، تا ۲۴ ساعت پرداختی با آن فرستاده نمی‌شود. با کارت دیگری پرداخت کنید. مبلغی کسر نشده است.");

    public override (string Title, string Text) AddressStopped => (
        "از این اتصال کارت‌های زیادی رد شده است",
        "تا حدود یک ساعت پرداختی از این اتصال اینترنت فرستاده نمی‌شود. با اینترنت دیگری (مثلاً دادهٔ همراه) تلاش کنید. مبلغی کسر نشده است.");

    public override (string Title, string Text) ShopStopped => (
        "این فروشگاه اکنون کند پرداخت می‌پذیرد",
        "به دلیل تلاش‌های مشکوک، در هر دقیقه پرداخت‌های کمی به بانک فرستاده می‌شود. یک دقیقهٔ دیگر دوباره تلاش کنید. مبلغی کسر نشده است.");

    public override (string Title, string Text) OthersAwaited => (
        "بانک‌ها هنوز به تلاش‌های دیگر پاسخ نداده‌اند", "چند ثانیهٔ دیگر دوباره تلاش کنید. مبلغی کسر نشده است.");
}
