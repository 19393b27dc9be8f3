using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace CanPay.Gateway.Guide;

/// <summary>What the search of the page looks through: each part of the guide with its address, title, chapter and text.</summary>
internal static partial class SearchIndex
{
    private const int MaxText = 1_200;

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    public static string Json(IReadOnlyList<Chapter> chapters)
    {
        var entries = chapters.SelectMany(chapter => Parts(chapter)).ToList();
        return JsonSerializer.Serialize(entries.Select(entry => new[] { entry.Id, entry.Title, entry.Chapter, entry.Text }), Readable);
    }

    private static IEnumerable<(string Id, string Title, string Chapter, string Text)> Parts(Chapter chapter)
    {
        var starts = Starts().Matches(chapter.Html);
        for (var i = 0; i < starts.Count; i++)
        {
            var from = starts[i].Index + starts[i].Length;
            var to = i + 1 < starts.Count ? starts[i + 1].Index : chapter.Html.Length;
            var title = starts[i].Groups["title"].Success
                ? Plain(starts[i].Groups["title"].Value)
                : Plain(DefinedTerm().Match(chapter.Html, from).Groups["term"].Value);
            var text = Plain(Code().Replace(chapter.Html[from..to], " ")); // whole programs would hide what is said about them
            yield return (starts[i].Groups["id"].Value, title, chapter.Title, text.Length > MaxText ? text[..MaxText] : text);
        }
    }

    private static string Plain(string html) => Blanks().Replace(WebUtility.HtmlDecode(Tags().Replace(Anchors().Replace(html, ""), " ")), " ").Trim();

    /// <summary>A heading, or an error of the catalogue.</summary>
    [GeneratedRegex("""<h[234] id="(?<id>[^"]+)">(?<title>.*?)<a class="anchor"|<div id="(?<id>error-[0-9]+)">""", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Starts();

    [GeneratedRegex("<dt>(?<term>.*?)</dt>", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex DefinedTerm();

    [GeneratedRegex("""href="#[^"]*" aria-label="[^"]*">#</a>|<a class="anchor"[^>]*>#</a>""", RegexOptions.None, 5_000)]
    private static partial Regex Anchors();

    [GeneratedRegex("<pre.*?</pre>", RegexOptions.Singleline, 5_000)]
    private static partial Regex Code();

    [GeneratedRegex("<[^>]*>", RegexOptions.None, 5_000)]
    private static partial Regex Tags();

    [GeneratedRegex(@"\s+", RegexOptions.None, 5_000)]
    private static partial Regex Blanks();
}
