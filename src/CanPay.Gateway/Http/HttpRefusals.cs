using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Http;

/// <summary>Every lawful "no" about a request itself. The numbers are published and never reused.</summary>
public static class HttpRefusals
{
    public static Refusal MalformedBody { get; } = new(601, "malformed_body", 400,
        new("بدنهٔ درخواست خوانده نشد.", "The body could not be read."),
        new("یک شیء JSON با کدگذاری UTF-8 بفرستید: بدون کلید تکراری و با عمق حداکثر ۸.",
            "Send one JSON object in UTF-8, without duplicate keys, at most 8 levels deep."));

    public static Refusal UnsupportedMediaType { get; } = new(602, "unsupported_media_type", 415,
        new("نوع محتوای درخواست پذیرفته نیست.", "This content type is not accepted."),
        new("با Content-Type: application/json و کدگذاری UTF-8 بفرستید.", "Send Content-Type: application/json in UTF-8."));

    public static Refusal BodyTooLarge { get; } = new(603, "body_too_large", 413,
        new("بدنهٔ درخواست بزرگ‌تر از حد مجاز است.", "The body is too large."),
        new("بدنهٔ درخواست حداکثر ۱۶ کیلوبایت است.", "A body has at most 16 KiB."));

    public static Refusal UnknownPath { get; } = new(604, "unknown_path", 404,
        new("چنین سرویسی وجود ندارد.", "There is no such service."),
        new("نشانی را با راهنما مقایسه کنید: ‎/api/ipg/token و ‎/api/ipg/verify.",
            "Compare the address with the guide: /api/ipg/token and /api/ipg/verify."));

    public static Refusal MethodNotAllowed { get; } = new(605, "method_not_allowed", 405,
        new("این سرویس فقط با متد POST فراخوانی می‌شود.", "This service takes only POST."),
        new("درخواست را با متد POST بفرستید.", "Send the request with the method POST."));

    public static Refusal TooManyRequests { get; } = new(606, "too_many_requests", 429,
        new("تعداد درخواست‌ها بیش از حد مجاز است.", "There are too many requests."),
        new("پس از {seconds} ثانیه دوباره تلاش کنید.", "Try again after {seconds} seconds."));

    /// <summary>One and the same for an unknown merchant, a suspended one, and an address that is not registered.</summary>
    public static Refusal AccessDenied { get; } = new(607, "access_denied", 403,
        new("دسترسی مجاز نیست.", "Access is denied."),
        new("کد پذیرنده را بررسی کنید و مطمئن شوید که IP سرور شما ({address}) برای همین پذیرنده ثبت شده و پذیرنده فعال است.",
            "Check the merchant code, and that your server's IP ({address}) is registered for this merchant and the merchant is active."));

    public static Refusal IdempotencyKeyInvalid { get; } = new(608, "idempotency_key_invalid", 422,
        new("سرآیند Idempotency-Key درست نیست.", "The header Idempotency-Key is not valid."),
        new("۱ تا ۲۵۵ نویسهٔ ASCII قابل‌نمایش بفرستید.", "Send 1 to 255 visible ASCII characters."));

    public static Refusal IdempotencyKeyReused { get; } = new(609, "idempotency_key_reused", 409,
        new("این Idempotency-Key پیش‌تر با درخواست دیگری استفاده شده است.",
            "This Idempotency-Key was used with another request."),
        new("برای هر درخواست تازه کلید تازه بسازید.", "Make a new key for each new request."));

    public static Refusal KeyRequired { get; } = new(620, "key_required", 401,
        new("این پذیرنده فقط با کلید API پاسخ می‌گیرد.", "This merchant is answered only with an API key."),
        new("کلید را در سرآیند Authorization: Bearer cpk_… بفرستید.", "Send the key in the header Authorization: Bearer cpk_…"));

    public static Refusal KeyInvalid { get; } = new(621, "key_invalid", 401,
        new("کلید API درست نیست.", "The API key is not valid."),
        new("کلیدی را بفرستید که برای همین پذیرنده ساخته شده، باطل نشده و مهلت آن نگذشته است.",
            "Send a key of this merchant that was not revoked and whose time is not over."));

    public static Refusal ScopeMissing { get; } = new(622, "scope_missing", 403,
        new("این کلید API اجازهٔ این کار را ندارد.", "This API key may not be used for this."),
        new("کلیدی با دامنهٔ {scope} به کار ببرید.", "Use a key with the scope {scope}."));

    public static Refusal SandboxOnly { get; } = new(623, "sandbox_only", 403,
        new("این سرویس فقط برای پذیرنده‌های آزمایشی است.", "This service is for test merchants only."),
        new("کد پذیرندهٔ آزمایشی را بفرستید.", "Send the code of a test merchant."));

    public static Refusal FieldMissing { get; } = new(701, "field_missing", 422,
        new("یک پارامتر اجباری فرستاده نشده است.", "A required field is missing."),
        new("پارامتر {field} را بفرستید.", "Send the field {field}."));

    public static Refusal MerchantInvalid { get; } = Field(702, "merchant_invalid", "merchant",
        "کد پذیرندگی را همان‌گونه بفرستید که پرداخت‌یار داده است.", "Send the merchant code as the facilitator gave it.");

    public static Refusal AmountInvalid { get; } = Field(703, "amount_invalid", "amount",
        "مبلغ را به ریال و فقط با رقم بفرستید: بدون ممیز، جداکننده و علامت.",
        "Send the amount in rials, digits only: no decimals, separators or sign.");

    public static Refusal AmountOutOfRange { get; } = Field(704, "amount_out_of_range", "amount",
        "مبلغ باید از {min} تا {max} ریال باشد.", "The amount must be from {min} to {max} rials.");

    public static Refusal CallbackUrlInvalid { get; } = Field(705, "callback_url_invalid", "callback_url",
        "یک نشانی کامل http یا https با حداکثر ۲۰۸۳ نویسه، بدون نام کاربری و بدون # بفرستید.",
        "Send an absolute http or https address of at most 2083 characters, without user info and fragment.");

    public static Refusal CallbackDomainNotRegistered { get; } = Field(706, "callback_domain_not_registered", "callback_url",
        "دامنهٔ {host} برای این پذیرنده ثبت نشده است.", "The domain {host} is not registered for this merchant.");

    public static Refusal CallbackUrlInsecure { get; } = Field(707, "callback_url_insecure", "callback_url",
        "آدرس بازگشت باید https باشد.", "The callback address must be https.");

    public static Refusal InvoiceIdInvalid { get; } = Field(708, "invoice_id_invalid", "invoice_id",
        "شماره فاکتور ۱ تا ۶۴ نویسهٔ قابل‌نمایش است.", "An invoice_id has 1 to 64 printable characters.");

    public static Refusal MobileInvalid { get; } = Field(709, "mobile_invalid", "mobile",
        "شماره موبایل را به صورت 09123456789 بفرستید.", "Send the mobile as 09123456789.");

    public static Refusal TokenInvalid { get; } = Field(710, "token_invalid", "token",
        "توکن ۳۰ نویسه از A تا Z و 0 تا 9 است.", "A token has 30 characters of A-Z and 0-9.");

    public static Refusal LimitInvalid { get; } = Field(720, "limit_invalid", "limit",
        "عددی از ۱ تا ۱۰۰ بفرستید.", "Send a number from 1 to 100.");

    public static Refusal CursorInvalid { get; } = Field(721, "cursor_invalid", "cursor",
        "مقدار next_cursor پاسخ پیشین همین فهرست را بفرستید.", "Send the next_cursor of the answer before, of this same list.");

    public static Refusal StatusInvalid { get; } = Field(722, "status_invalid", "status",
        "یکی از وضعیت‌های راهنما را بفرستید، مانند verified.", "Send one of the guide's states, for example verified.");

    public static Refusal InstantInvalid { get; } = new(723, "instant_invalid", 422,
        new("پارامتر {field} درست نیست.", "The field {field} is not valid."),
        new("زمان را مانند 2026-11-25T10:00:00Z و با منطقهٔ زمانی بفرستید.", "Send a time with its offset, like 2026-11-25T10:00:00Z."));

    public static Refusal SecondsInvalid { get; } = Field(724, "seconds_invalid", "seconds",
        "عددی از ۱ تا ۲٬۵۹۲٬۰۰۰ (۳۰ روز) بفرستید.", "Send a number from 1 to 2,592,000 (30 days).");

    public static Refusal InternalError { get; } = new(901, "internal_error", 500,
        new("خطای داخلی رخ داد.", "An internal error occurred."),
        new("همین درخواست را دوباره بفرستید؛ تکرار آن بی‌خطر است.", "Repeat the same request; repeating it is safe."));

    public static Refusal TemporarilyUnavailable { get; } = new(902, "temporarily_unavailable", 503,
        new("سرویس موقتاً در دسترس نیست.", "The service is temporarily unavailable."),
        new("چند ثانیه بعد همین درخواست را دوباره بفرستید؛ تکرار آن بی‌خطر است.",
            "Repeat the same request in some seconds; repeating it is safe."))
    {
        RetryAfterSeconds = 2,
    };

    private static Refusal Field(int code, string name, string field, string persian, string english) =>
        new Refusal(code, name, 422,
            new($"پارامتر {field} درست نیست.", $"The field {field} is not valid."),
            new(persian, english)).With("field", field);
}
