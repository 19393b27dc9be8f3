using StringWithQualityHeaderValue = Microsoft.Net.Http.Headers.StringWithQualityHeaderValue;

namespace CanPay.Gateway.Checkout;

/// <summary>
/// In which language a page is. What its address says (<c>?lang=en</c>) wins: our links, forms and redirects carry it on, so
/// that it holds without cookies. Then what was said last in this browser, then what the browser asks for, then Persian.
/// Pages are never stored by a cache, so none need be told what they depend on.
/// </summary>
internal static class Languages
{
    private const string Field = "lang";
    private const string Cookie = "cp-lang";
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(365);

    public static Words Persian { get; } = new PersianWords();

    public static Words English { get; } = new EnglishWords();

    public static IReadOnlyList<Words> All { get; } = [Persian, English];

    public static Words Of(HttpRequest request) => Said(request) ?? Named(request.Cookies[Cookie]) ?? Preferred(request);

    /// <summary>Keeps for the next visit what the address says.</summary>
    public static void Remember(HttpContext context)
    {
        if (Said(context.Request) is { } words && context.Request.Cookies[Cookie] != words.Language)
        {
            context.Response.Cookies.Append(Cookie, words.Language, PageHeaders.Cookie(context, Remembered));
        }
    }

    /// <summary>An address of ours, with the language where the present address says it.</summary>
    public static string Keep(HttpRequest request, string address) => Said(request) is { } words
        ? address + (address.Contains('?', StringComparison.Ordinal) ? "&" : "?") + $"{Field}={words.Language}"
        : address;

    /// <summary>The present page in another language: whatever else its address says stays. Relative, so that it tells no path.</summary>
    public static string Switch(HttpRequest request, Words to) => QueryString.Create(request.Query
        .Where(pair => !pair.Key.Equals(Field, StringComparison.OrdinalIgnoreCase))
        .Append(new(Field, to.Language))).Value!;

    private static Words? Said(HttpRequest request) => Named(request.Query[Field]);

    private static Words? Named(string? language) =>
        All.FirstOrDefault(words => words.Language.Equals(language, StringComparison.OrdinalIgnoreCase));

    /// <summary>Of what the browser asks for the first that we have, of those that it wants most.</summary>
    private static Words Preferred(HttpRequest request) =>
        StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptLanguage, out var languages)
            ? languages
                .Select(value => (Words: Named(value.Value.Value?.Split('-')[0]), Quality: value.Quality ?? 1))
                .Where(value => value is { Words: not null, Quality: > 0 })
                .OrderByDescending(value => value.Quality)
                .Select(value => value.Words)
                .FirstOrDefault() ?? Persian
            : Persian;
}
