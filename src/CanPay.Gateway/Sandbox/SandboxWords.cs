using CanPay.Gateway.Http;

namespace CanPay.Gateway.Sandbox;

/// <summary>The texts of the sandbox's page.</summary>
public sealed record SandboxWords(
    string Lang, string Title, string NoMoney, string Status, string Amount, string Invoice, string Deadline, string PageDeadline,
    string Request, string Answer, string Clock, string ClockText, string Minute, string Quarter, string Steps, string WayBack, string PayersPage,
    string Refresh, string OtherLanguage, string OtherLanguageName)
{
    public static SandboxWords Persian { get; } = new(
        "fa", "محیط آزمایشی", "هیچ پولی جابه‌جا نمی‌شود.", "وضعیت", "مبلغ (ریال)", "شماره فاکتور", "مهلت تأیید", "مهلت صفحه",
        "درخواست", "پاسخ", "ساعت آزمایشی", "مهلت همهٔ پرداخت‌های باز این پذیرنده به همین اندازه نزدیک‌تر می‌شود.", "۱ دقیقه جلو", "۱۵ دقیقه جلو", "گام‌ها",
        "بازگشت به فروشگاه (فرم POST)", "صفحهٔ پرداخت", "تازه‌سازی", "?lang=en", "English");

    public static SandboxWords English { get; } = new(
        "en", "Sandbox", "No money moves.", "status", "amount (rials)", "invoice_id", "verify until", "page until",
        "request", "answer", "Test clock", "The deadlines of all open payments of this merchant come so much nearer.", "1 minute on", "15 minutes on", "Steps",
        "back to the shop (form POST)", "payer's page", "refresh", "?lang=fa", "فارسی");

    public bool IsPersian => this == Persian;

    public static SandboxWords Of(HttpRequest request) => request.Query["lang"].ToString() switch
    {
        "en" => English,
        "fa" => Persian,
        _ => Envelope.PrefersEnglish(request) ? English : Persian,
    };
}
