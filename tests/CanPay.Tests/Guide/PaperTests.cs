using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using CanPay.Gateway.Guide;
using CanPay.Gateway.Guide.Description;

namespace CanPay.Tests.Guide;

/// <summary>The PDF of the guide, as poppler reads it.</summary>
public sealed partial class PaperTests
{
    [Theory]
    [InlineData("fa")]
    [InlineData("en")]
    public void It_was_set_from_the_text_as_it_is_now(string language)
    {
        var hash = File.ReadAllText(Path.Combine(Folder, $"canpay-guide-{language}.source")).Trim();

        Assert.True(hash == GuideLibrary.Paper(language).Hash, "The guide changed since its PDF was set: run eng/make-guide-pdf.");
    }

    [Theory]
    [InlineData("fa")]
    [InlineData("en")]
    public async Task It_is_tagged_has_pages_of_A4_and_a_title(string language)
    {
        var info = await Tool("pdfinfo", Pdf(language));

        Assert.Matches(@"Tagged: +yes", info);
        Assert.Matches(@"Page size: +59[45]\S* x 84[12]\S* pts", info);
        Assert.True(int.Parse(Pages().Match(info).Groups["count"].Value, CultureInfo.InvariantCulture) > 20);
        Assert.Contains(GuideWords.Of(language).Title, info, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fa")]
    [InlineData("en")]
    public async Task Every_chapter_is_in_the_text_in_the_contents_and_in_the_outline(string language)
    {
        var words = GuideWords.Of(language);
        var text = Plain(await Tool("pdftotext", Pdf(language), "-"));
        var places = await Tool("pdfinfo", "-dests", Pdf(language));
        var outline = Outline().Count(await File.ReadAllTextAsync(Pdf(language), System.Text.Encoding.Latin1, TestContext.Current.CancellationToken));

        Assert.All(Chapter.All(words, OpenApi.ProductionUrl), chapter =>
        {
            Assert.Contains(Plain(chapter.Title), text, StringComparison.Ordinal);
            var page = Regex.Match(places, $@"^ *(\d+) .*""{Regex.Escape(chapter.Id)}""", RegexOptions.Multiline).Groups[1].Value;
            Assert.NotEqual("", page);
        });
        Assert.True(outline >= Chapter.All(words, OpenApi.ProductionUrl).Count, $"{outline} entries in the outline");
    }

    [Fact]
    public async Task Persian_can_be_selected_and_searched_and_pages_are_counted_in_Persian()
    {
        var text = Plain(await Tool("pdftotext", Pdf("fa"), "-"));

        Assert.Contains("پرداخت", text, StringComparison.Ordinal);
        Assert.Contains("ریال", text, StringComparison.Ordinal);
        Assert.Matches("\\f?[۰-۹]{2}", text);
    }

    private static string Folder => Path.Combine(Programs.Root, "src", "CanPay.Gateway", "Guide", "Pdf");

    private static string Pdf(string language) => Path.Combine(Folder, $"canpay-guide-{language}.pdf");

    /// <summary>Without what writing right to left, line ends and composed letters change. Poppler turns the two letters of the ligature لا round.</summary>
    private static string Plain(string text) => Marks().Replace(text, "").Replace('ۀ', 'ه').Replace("لا", "ال", StringComparison.Ordinal);

    private static async Task<string> Tool(string name, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(name, arguments) { RedirectStandardOutput = true })!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return text;
    }

    [GeneratedRegex(@"Pages: +(?<count>\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Pages();

    [GeneratedRegex(@"[\s\u0654\u200c\u200e\u200f\u202a-\u202e\u2066-\u2069]+")]
    private static partial Regex Marks();

    /// <summary>An entry of the outline that leads somewhere: chromium writes these objects uncompressed.</summary>
    [GeneratedRegex(@"/Title \S[^>)]*[>)]\s*/(?:Dest|A|Parent)|/Parent \d+ 0 R\s*/(?:Prev|Next|Title)")]
    private static partial Regex Outline();
}
