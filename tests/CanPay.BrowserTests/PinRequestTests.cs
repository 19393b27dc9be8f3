using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static CanPay.BrowserTests.Steps;
using static Microsoft.Playwright.Assertions;

namespace CanPay.BrowserTests;

/// <summary>A payer asks for a dynamic PIN on the page, reads it on the phone, and pays with it.</summary>
public sealed partial class PinRequestTests(Town town) : IClassFixture<Town>
{
    private const string Sentence = "درخواست شما به بانک صادرکننده فرستاده شد؛ اگر اطلاعات درست باشد رمز پیامک می‌شود.";
    private const string Approved = "5022290000087122";
    private const string Mobile = "09120000001";

    [Fact]
    public async Task With_scripts_the_page_stays_and_the_button_rests()
    {
        await using var visit = await Visit(scripts: true, width: 360);
        var page = await visit.ToPaymentPage(town);
        var address = page.Url;
        await Fill(page, Approved, pin: null);

        await AskFor(page).ClickAsync();

        await Expect(page.Locator("#pin-note")).ToHaveTextAsync(Sentence);
        Assert.Equal(address, page.Url);
        await Expect(page.Locator("[autocomplete=cc-number]")).ToHaveValueAsync("5022 2900 0008 7122");
        await Expect(page.Locator("#ask-pin")).ToBeDisabledAsync();
        await Expect(page.Locator("#ask-pin")).ToContainTextAsync(new Regex("دوباره پس از [۱۲]:[۰-۹]{2}"));
        await Expect(page.Locator("#pin")).ToBeFocusedAsync();
        await AssertAccessible(page);
        await Picture(page, "asked-360");
        await page.Locator("#pin").FillAsync(await Pin());
        await page.Locator("#pin").PressAsync("Enter");

        await ExpectStatus(page, "paid");
        Assert.Empty(visit.Problems);
    }

    [Fact]
    public async Task Without_scripts_the_page_comes_back_and_says_the_same()
    {
        await using var visit = await Visit(scripts: false, width: 360);
        var page = await visit.ToPaymentPage(town);
        await Fill(page, Approved, pin: null);

        await AskFor(page).ClickAsync();

        await Expect(page.Locator("#pin-note")).ToContainTextAsync(Sentence);
        await Expect(page.Locator("#pin-note")).ToContainTextAsync(new Regex("تا حدود ساعت [۰-۹]{2}:[۰-۹]{2}"));
        await Expect(page.Locator("[autocomplete=cc-number]")).ToHaveValueAsync("");
        await Picture(page, "asked-360-plain");
        await Fill(page, Approved, pin: null);
        await page.Locator("#pin").FillAsync(await Pin());
        await page.Locator("#pin").PressAsync("Enter");
        await page.GetByRole(AriaRole.Button, new() { Name = "بازگشت به فروشگاه" }).ClickAsync();

        await ExpectStatus(page, "paid");
        Assert.Empty(visit.Problems);
    }

    [Fact]
    public async Task A_number_that_cannot_be_right_is_said_at_its_field_and_may_be_corrected()
    {
        await using var visit = await Visit(scripts: true, width: 1280);
        var page = await visit.ToPaymentPage(town);

        await AskFor(page).ClickAsync();

        await Expect(page.Locator("#pan-error")).ToContainTextAsync("شمارهٔ کارت درست نیست");
        await Expect(page.Locator("[autocomplete=cc-number]")).ToBeFocusedAsync();
        await Expect(page.Locator("[autocomplete=cc-number]")).ToHaveAttributeAsync("aria-invalid", "true");
        await AssertAccessible(page);
        await Picture(page, "wrong-1280");

        // A card that no bank knows: the same sentence.
        await page.Locator("[autocomplete=cc-number]").FillAsync("5022290000000000");
        await AskFor(page).ClickAsync();
        await Expect(page.Locator("#pin-note")).ToHaveTextAsync(Sentence);
        await Expect(page.Locator("#pan-error")).ToHaveTextAsync("");
    }

    /// <summary>What the bank sent to the mobile.</summary>
    private async Task<string> Pin() => PinInText().Match(await town.LastSms(Mobile)).Groups[1].Value;

    private static ILocator AskFor(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "درخواست رمز پویا" });

    private async Task<Visit> Visit(bool scripts, int width) => new(await town.Chromium.NewContextAsync(new()
    {
        JavaScriptEnabled = scripts,
        ViewportSize = new() { Width = width, Height = 800 },
    }));

    [GeneratedRegex("رمز: ([0-9]{6})")]
    private static partial Regex PinInText();
}
