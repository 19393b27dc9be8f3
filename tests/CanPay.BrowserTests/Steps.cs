using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CanPay.BrowserTests;

/// <summary>What payers do on a page, and what every page is.</summary>
internal static class Steps
{
    /// <param name="pin">None, where the PIN comes later.</param>
    public static async Task Fill(IPage page, string card, string? pin = "12345")
    {
        await page.Locator("[autocomplete=cc-number]").FillAsync(card);
        await page.Locator("[autocomplete=cc-csc]").FillAsync("123");
        await page.Locator("[autocomplete=cc-exp-month]").FillAsync("12");
        await page.Locator("[autocomplete=cc-exp-year]").FillAsync("09");
        if (pin is not null)
        {
            await page.Locator("#pin").FillAsync(pin);
        }
    }

    public static Task Press(IPage page) => page.Locator("#pay").ClickAsync();

    /// <summary>The shop says what became of the order.</summary>
    public static Task ExpectStatus(IPage page, string status) =>
        Expect(page.GetByTestId("status")).ToHaveAttributeAsync("data-status", status, new() { Timeout = 20_000 });

    /// <summary>axe finds nothing.</summary>
    public static async Task AssertAccessible(IPage page)
    {
        var result = await page.RunAxe();
        Assert.True(result.Violations.Length == 0, string.Join("\n", result.Violations.Select(violation =>
            $"{violation.Id}: {violation.Help}: {string.Join(", ", violation.Nodes.Select(node => node.Html))}")));
    }

    /// <summary>Open to everybody, nothing beyond the edge; and a picture for whoever wants to look.</summary>
    public static async Task Look(IPage page, string name)
    {
        await page.EvaluateAsync("document.fonts.ready");
        await Picture(page, name);
        await AssertAccessible(page);
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), name);
    }

    /// <summary>For whoever wants to look: CANPAY_PICTURES names a folder.</summary>
    public static async Task Picture(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("CANPAY_PICTURES") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = true });
        }
    }
}
