using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static CanPay.BrowserTests.Steps;
using static Microsoft.Playwright.Assertions;

namespace CanPay.BrowserTests;

/// <summary>A payer with a mobile: first visit, the card is kept; second visit, it pays.</summary>
public sealed partial class WalletTests(Town town) : IClassFixture<Town>
{
    private const string Approved = "5022290000087122";

    [Theory]
    [InlineData(true, 360, "09350000001")]
    [InlineData(false, 360, "09350000002")]
    [InlineData(true, 1280, "09350000003")]
    public async Task A_card_is_kept_at_the_first_visit_and_pays_at_the_second(bool scripts, int width, string mobile)
    {
        var run = scripts && width < 500 ? new Wall("saved-card-run") : null;
        await using var first = await Visit(scripts, width);
        var page = await first.ToPaymentPage(town, mobile);
        await Open(page, mobile, first, scripts, $"{width}-{scripts}", run);
        await page.Locator("[autocomplete=cc-number]").FillAsync(Approved);
        await page.Locator("[autocomplete=cc-exp-month]").FillAsync("12");
        await page.Locator("[autocomplete=cc-exp-year]").FillAsync("09");
        await page.GetByRole(AriaRole.Checkbox).CheckAsync();
        await AssertAccessible(page, scripts);
        await (run?.Hang(page, "first visit: kept") ?? Task.CompletedTask);
        await Pay(page, scripts);
        await (run?.Hang(page, "the shop") ?? Task.CompletedTask);

        await using var second = await Visit(scripts, width);
        page = await second.ToPaymentPage(town, mobile);
        await Task.Delay(TimeSpan.FromSeconds(1.1)); // codes to one mobile lie a second apart in this town
        await Open(page, mobile, second, scripts, $"{width}-{scripts}-again", run);
        await page.GetByRole(AriaRole.Link, new() { NameRegex = Mask() }).ClickAsync();
        await Expect(page.Locator("[autocomplete=cc-number]")).ToHaveCountAsync(0);
        await AssertAccessible(page, scripts);
        await Picture(page, $"chosen-{width}-{scripts}");
        Assert.DoesNotContain(Approved, await page.ContentAsync(), StringComparison.Ordinal);
        await (run?.Hang(page, "second visit: chosen") ?? Task.CompletedTask);
        await Pay(page, scripts);
        Assert.Empty(second.Problems);
        await (run?.Hang(page, "the shop again") ?? Task.CompletedTask);
        await (run?.Photograph(town.Chromium) ?? Task.CompletedTask);
    }

    /// <summary>To the list of cards, by the code.</summary>
    private async Task Open(IPage page, string mobile, Visit visit, bool scripts, string name, Wall? run)
    {
        await AssertAccessible(page, scripts);
        await Picture(page, "offer-" + name);
        await (run?.Hang(page, "offered") ?? Task.CompletedTask);
        await page.GetByRole(AriaRole.Button, new() { Name = "استفاده از کارت‌های من" }).ClickAsync();
        await Expect(page.GetByLabel("کد یک‌بارمصرف")).ToBeVisibleAsync();
        await AssertAccessible(page, scripts);
        await Picture(page, "code-" + name);
        await (run?.Hang(page, "code") ?? Task.CompletedTask);
        await page.GetByLabel("کد یک‌بارمصرف").FillAsync(SixDigits().Match(await town.LastSms(mobile)).Value);
        await page.GetByRole(AriaRole.Button, new() { Name = "نمایش کارت‌های من" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Group, new() { Name = "کارت‌های من" })).ToBeVisibleAsync();
        await AssertAccessible(page, scripts);
        await Picture(page, "list-" + name);
        await (run?.Hang(page, "my cards") ?? Task.CompletedTask);
        Assert.Empty(visit.Problems);
    }

    /// <summary>axe is a script itself: where there are none it has nothing to run in.</summary>
    private static Task AssertAccessible(IPage page, bool scripts) => scripts ? Steps.AssertAccessible(page) : Task.CompletedTask;

    private static async Task Pay(IPage page, bool scripts)
    {
        await page.Locator("[autocomplete=cc-csc]").FillAsync("123");
        await page.Locator("#pin").FillAsync("12345");
        await page.Locator("#pay").ClickAsync();
        if (!scripts)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "بازگشت به فروشگاه" }).ClickAsync();
        }

        await ExpectStatus(page, "paid");
    }

    private async Task<Visit> Visit(bool scripts, int width) => new(await town.Chromium.NewContextAsync(new()
    {
        JavaScriptEnabled = scripts,
        ViewportSize = new() { Width = width, Height = 800 },
    }));

    [GeneratedRegex("[0-9]{6}")]
    private static partial Regex SixDigits();

    [GeneratedRegex("7122")]
    private static partial Regex Mask();
}
