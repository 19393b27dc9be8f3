using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using CanPay.Gateway.Guide;
using Microsoft.Playwright;

namespace CanPay.BrowserTests;

/// <summary>
/// Sets the guide's PDF: <c>eng/make-guide-pdf</c> runs it. The table of contents needs page numbers that only a first setting
/// tells, so that it is set twice.
/// </summary>
public sealed partial class GuidePaperTests
{
    private static readonly string[] Arguments = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];

    [Theory]
    [InlineData("fa")]
    [InlineData("en")]
    public async Task The_paper_can_be_set(string language)
    {
        var (html, hash) = GuideLibrary.Paper(language);
        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = Arguments });
        var page = await chromium.NewPageAsync();
        await page.SetContentAsync(html);
        await page.EvaluateAsync("document.fonts.ready");
        var file = Path.Combine(Path.GetTempPath(), $"canpay-guide-{language}-{Environment.ProcessId}.pdf");

        await Set(page, file);
        var pages = await PagesOfPlaces(file);
        var missing = await page.EvaluateAsync<string[]>(
            """
            ([json, persian]) => { const pages = JSON.parse(json); return [...document.querySelectorAll('[data-page-of]')].filter(place => {
                const number = pages[place.dataset.pageOf];
                place.textContent = number === undefined ? '' : persian ? String(number).replace(/[0-9]/g, d => String.fromCharCode(0x6f0 + +d)) : number;
                return number === undefined;
            }).map(place => place.dataset.pageOf); }
            """,
            new object[] { System.Text.Json.JsonSerializer.Serialize(pages), language == "fa" });
        await Set(page, file);

        Assert.True(missing.Length == 0, $"no page of {string.Join(' ', missing)} among {string.Join(' ', pages)}");
        Assert.Empty(missing);
        Assert.Equal(pages, await PagesOfPlaces(file));
        if (Environment.GetEnvironmentVariable("CANPAY_PICTURES") is { Length: > 0 } pictures)
        {
            File.Copy(file, Path.Combine(pictures, $"guide-{language}.pdf"), overwrite: true);
        }

        if (Environment.GetEnvironmentVariable("CANPAY_WRITE_DOCS") == "1")
        {
            var folder = Path.Combine(Town.Root, "src", "CanPay.Gateway", "Guide", "Pdf");
            File.Copy(file, Path.Combine(folder, $"canpay-guide-{language}.pdf"), overwrite: true);
            await File.WriteAllTextAsync(Path.Combine(folder, $"canpay-guide-{language}.source"), hash + "\n");
        }

        File.Delete(file);
    }

    private static async Task Set(IPage page, string file) => await page.PdfAsync(new()
    {
        Path = file,
        PreferCSSPageSize = true,
        PrintBackground = true,
        Tagged = true,
        Outline = true,
    });

    /// <summary>The page on which each named place of the file stands.</summary>
    private static async Task<Dictionary<string, int>> PagesOfPlaces(string file)
    {
        using var process = Process.Start(new ProcessStartInfo("pdfinfo", ["-dests", file]) { RedirectStandardOutput = true })!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return Place().Matches(text).ToDictionary(
            match => match.Groups["name"].Value, match => int.Parse(match.Groups["page"].Value, CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }

    [GeneratedRegex(@"^ *(?<page>[0-9]+) \[[^""\n]*""(?<name>[^""\n]+)""", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Place();
}
