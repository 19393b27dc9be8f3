using System.Text.Json;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using CanPay.Gateway.Api;
using CanPay.Gateway.Guide;
using CanPay.Gateway.Guide.Description;

namespace CanPay.Tests.Guide;

/// <summary>The guide says the same in both languages, says all, and leads nowhere that is not there.</summary>
public sealed partial class GuideTextTests
{
    [Fact]
    public void Both_languages_have_the_same_chapters_and_headings() => Assert.Equal(Headings("fa"), Headings("en"));

    [Fact]
    public void Both_languages_take_the_same_from_the_code() => Assert.Equal(Directives("fa"), Directives("en"));

    [Fact]
    public void Every_call_has_its_tables() => Assert.Equal(
        Calls.All.Select(call => $"{{{{call {call.Path}}}}}").Order(StringComparer.Ordinal),
        Directives("fa").Where(line => line.StartsWith("{{call", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("fa")]
    [InlineData("en")]
    public void Every_error_is_on_the_page_with_its_name_and_words(string language)
    {
        var page = Page(language);

        Assert.All(ErrorCatalogue.All, refusal =>
        {
            var row = page.GetElementById($"error-{refusal.Code}");
            Assert.NotNull(row);
            Assert.Contains(refusal.Name, row.TextContent, StringComparison.Ordinal);
            Assert.Contains(OpenApi.In(refusal.Description, language == "en"), row.TextContent, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("fa")]
    [InlineData("en")]
    public void Links_lead_somewhere_and_no_place_has_two_names(string language)
    {
        var page = Page(language);
        var ids = page.All.Select(element => element.Id).OfType<string>().Where(id => id.Length > 0).ToList();

        Assert.Equal(ids.Distinct(StringComparer.Ordinal), ids);
        Assert.All(page.QuerySelectorAll("a[href^='#']"), link => Assert.Contains(link.GetAttribute("href")![1..], ids));
        string[] known = ["/documents?lang=fa", "/documents?lang=en", "/documents/api", "/documents/api?lang=fa", "/documents/api?lang=en", "/documents/address",
            "/documents/openapi.json", "/documents/canpay-guide-fa.pdf", "/documents/canpay-guide-en.pdf", "https://www.standardwebhooks.com"];
        Assert.All(page.QuerySelectorAll("a:not([href^='#'])"), link => Assert.Contains(link.GetAttribute("href")!, known));
    }

    [Theory]
    [InlineData("fa")]
    [InlineData("en")]
    public void Nothing_on_the_page_is_inline(string language)
    {
        var page = Page(language);

        Assert.Empty(page.QuerySelectorAll("[style], style, script:not([src])"));
        Assert.All(page.All, element => Assert.DoesNotContain(element.Attributes, attribute => attribute.Name.StartsWith("on", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("fa")]
    [InlineData("en")]
    public void The_search_knows_every_heading_and_error(string language)
    {
        var entries = JsonSerializer.Deserialize<string[][]>(SearchIndex.Json(Chapter.All(GuideWords.Of(language), OpenApi.ProductionUrl)))!;

        Assert.Equal(
            Page(language).QuerySelectorAll("main :is(h2, h3, h4)[id], .catalogue [id^=error-]").Select(place => place.Id),
            entries.Select(entry => entry[0]));
        Assert.All(entries, entry => Assert.All(entry[..3], part => Assert.NotEqual("", part)));
        Assert.All(entries, entry => Assert.All(entry, part => Assert.DoesNotContain("<", part, StringComparison.Ordinal)));
    }

    [Fact]
    public void Persian_is_written_with_Persian_letters() => Assert.All(
        Chapter.Sources("fa"), chapter => Assert.DoesNotMatch("[\u064A\u0643\u0660-\u0669]", chapter.Text));

    /// <summary>Whatever stands in code is shown as text.</summary>
    [Theory]
    [InlineData("php", "<script>alert('x')</script> // <b>")]
    [InlineData("json", "{\"a\": \"<b>&\"}")]
    [InlineData("text", "<i>&amp;")]
    public void Code_is_coloured_and_never_markup(string language, string code)
    {
        var body = new HtmlParser().ParseDocument($"<pre>{Highlight.Html(code, language)}</pre>").Body!;

        Assert.Equal(code, body.TextContent);
        Assert.All(body.QuerySelectorAll("pre *"), element => Assert.Equal("I", element.TagName));
    }

    private static IDocument Page(string language) => new HtmlParser().ParseDocument(GuidePage.Html(
        GuideWords.Of(language), Chapter.All(GuideWords.Of(language), OpenApi.ProductionUrl), OpenApi.ProductionUrl, name => "/documents/" + name));

    private static List<string> Headings(string language) => [.. Chapter.Sources(language).SelectMany(chapter =>
        Heading().Matches(chapter.Text).Select(match => $"{chapter.Name} {match.Groups["level"].Value} {match.Groups["id"].Value}"))];

    private static List<string> Directives(string language) => [.. Chapter.Sources(language).SelectMany(chapter =>
        Directive().Matches(chapter.Text).Select(match => match.Value))];

    [GeneratedRegex(@"^(?<level>#+) .*\{#(?<id>[a-z0-9-]+)\}", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\{\{.*\}\}", RegexOptions.Multiline)]
    private static partial Regex Directive();
}
