namespace CanPay.Gateway.Guide;

/// <summary>The words around the chapters, in one language.</summary>
internal sealed record GuideWords(string Language, string Direction)
{
    public required string Title { get; init; }

    public required string Lead { get; init; }

    public required string Brand { get; init; }

    public required string Contents { get; init; }

    public required string Search { get; init; }

    public required string NothingFound { get; init; }

    public required string Copy { get; init; }

    public required string Copied { get; init; }

    public required string LinkTo { get; init; }

    public required string Other { get; init; }

    public required string Pdf { get; init; }

    public required string Reference { get; init; }

    public required string Theme { get; init; }

    public required string Request { get; init; }

    public required string Answer { get; init; }

    public required string Errors { get; init; }

    public required string Required { get; init; }

    public required string Optional { get; init; }

    public required string MayBeNull { get; init; }

    public required string Scope { get; init; }

    public required string CommonErrors { get; init; }

    public required string Skip { get; init; }

    public required string WholeShop { get; init; }

    public required string Close { get; init; }

    public required string Version { get; init; }

    public bool IsEnglish => Language == "en";

    public static GuideWords Persian { get; } = new("fa", "rtl")
    {
        Title = "راهنمای پذیرندگان",
        Lead = "هرچه برای گرفتن پرداخت اینترنتی با CanPay لازم دارید: از نخستین توکن تا تحویل مطمئن کالا.",
        Brand = "درگاه پرداخت CanPay",
        Contents = "فهرست",
        Search = "جست‌وجو در راهنما",
        NothingFound = "چیزی پیدا نشد.",
        Copy = "رونوشت",
        Copied = "رونوشت شد",
        LinkTo = "پیوند به «{0}»",
        Other = "English",
        Pdf = "دریافت PDF",
        Reference = "مرجع تعاملی API",
        Theme = "روشن یا تیره",
        Request = "درخواست",
        Answer = "پاسخ",
        Errors = "خطاها",
        Required = "اجباری",
        Optional = "اختیاری",
        MayBeNull = "شاید null",
        Scope = "دامنهٔ کلید API",
        CommonErrors = "و خطاهای مشترک همهٔ سرویس‌ها",
        Skip = "رفتن به متن",
        WholeShop = "یک فروشگاه کامل",
        Close = "بستن",
        Version = "نسخهٔ راهنما",
    };

    public static GuideWords English { get; } = new("en", "ltr")
    {
        Title = "The merchants’ guide",
        Lead = "All you need to take online payments with CanPay: from the first token to goods that are safely delivered.",
        Brand = "CanPay payment gateway",
        Contents = "Contents",
        Search = "Search the guide",
        NothingFound = "Nothing was found.",
        Copy = "Copy",
        Copied = "Copied",
        LinkTo = "Link to “{0}”",
        Other = "فارسی",
        Pdf = "Download PDF",
        Reference = "Interactive API reference",
        Theme = "Light or dark",
        Request = "Request",
        Answer = "Answer",
        Errors = "Errors",
        Required = "required",
        Optional = "optional",
        MayBeNull = "may be null",
        Scope = "API key scope",
        CommonErrors = "and the errors that every call has",
        Skip = "Skip to the text",
        WholeShop = "A whole shop",
        Close = "Close",
        Version = "Guide version",
    };

    public static GuideWords Of(string language) => language == "en" ? English : Persian;
}
