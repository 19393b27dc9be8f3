using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace CanPay.Gateway.Guide;

/// <summary>One chapter, rendered.</summary>
/// <param name="Id">Of its first heading; the same in every language.</param>
/// <param name="Sections">Its headings of the second rank.</param>
internal sealed partial record Chapter(string Id, string Title, string Html, IReadOnlyList<(string Id, string Title)> Sections)
{
    private const string Prefix = "CanPay.Gateway.Guide.Text.";

    /// <summary>All chapters of a language in their order: the names of their files begin with a number.</summary>
    public static IReadOnlyList<Chapter> All(GuideWords words, string baseUrl) =>
        [.. Sources(words.Language).Select(source => Render(source.Text, new Includes(words, baseUrl), words, baseUrl))];

    /// <summary>The Markdown files, as they are.</summary>
    public static IEnumerable<(string Name, string Text)> Sources(string language)
    {
        var assembly = typeof(Chapter).Assembly;
        foreach (var name in assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith($"{Prefix}{language}.", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return (name[(Prefix.Length + language.Length + 1)..], reader.ReadToEnd());
        }
    }

    private static Chapter Render(string source, Includes includes, GuideWords words, string baseUrl)
    {
        var html = new StringBuilder();
        var text = new StringBuilder();
        foreach (var line in source.ReplaceLineEndings("\n").Split('\n'))
        {
            if (Directive().Match(line) is { Success: true } match)
            {
                Flush();
                html.Append(includes.Html(match.Groups["name"].Value, match.Groups["argument"].Value.Trim()));
            }
            else
            {
                text.Append(line).Append('\n');
            }
        }

        Flush();
        var whole = html.ToString();
        var headings = Headings().Matches(whole)
            .Select(match => (Level: match.Groups["level"].Value, Id: match.Groups["id"].Value, Title: WebUtility.HtmlDecode(Tags().Replace(match.Groups["title"].Value, "").Trim())))
            .ToList();
        return new Chapter(
            headings[0].Id, headings[0].Title, whole, [.. headings.Skip(1).Where(heading => heading.Level == "3").Select(heading => (heading.Id, heading.Title))]);

        void Flush()
        {
            html.Append(Markup.Html(text.ToString().Replace(Description.OpenApi.ProductionUrl, baseUrl, StringComparison.Ordinal), words));
            text.Clear();
        }
    }

    [GeneratedRegex(@"^\{\{(?<name>/?[a-z]+)(?<argument>[^}]*)\}\}$", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Directive();

    [GeneratedRegex("<h(?<level>[234]) id=\"(?<id>[^\"]+)\">(?<title>.*?)<a class=\"anchor\"", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Headings();

    [GeneratedRegex("<[^>]+>", RegexOptions.None, 5_000)]
    private static partial Regex Tags();
}
