using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static CanPay.BrowserTests.Steps;
using static Microsoft.Playwright.Assertions;

namespace CanPay.BrowserTests;

/// <summary>A payer whose browser asks for English.</summary>
public sealed partial class EnglishTests(Town town) : IClassFixture<Town>
{
    private const string Approved = "5022290000087122";
    private const string Declined = "6037990000000006";

    [Theory]
    [InlineData(320, ColorScheme.Light)]
    [InlineData(360, ColorScheme.Dark)]
    [InlineData(360, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Light)]
    public async Task A_payer_pays_in_English_and_keeps_an_English_receipt(int width, ColorScheme colors)
    {
        await using var visit = await Visit(width, colors);
        await visit.StayAtTheEnd();
        var page = await visit.ToPaymentPage(town);
        await Look(page, $"english-form-{width}-{colors}");

        await page.Locator("#pay").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The card details are not complete");
        await Look(page, $"english-wrong-{width}-{colors}");
        await Fill(page, Declined);
        await Expect(page.Locator("#bank")).ToHaveTextAsync("MMelli Bank");
        await Look(page, $"english-filled-{width}-{colors}");
        await Expect(page.Locator("#pay")).ToHaveTextAsync(PayButton());
        await page.Locator("#pay").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The balance of the card is too low");
        await Look(page, $"english-declined-{width}-{colors}");
        await Fill(page, Approved);
        await page.Locator("#pay").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Payment successful");
        await Look(page, $"english-end-{width}-{colors}");

        var receipt = await visit.Context.RunAndWaitForPageAsync(
            () => page.GetByRole(AriaRole.Link, new() { Name = "Payment receipt" }).ClickAsync());
        visit.Watch(receipt);
        await receipt.WaitForLoadStateAsync();
        await Expect(receipt.Locator("dl")).ToContainTextAsync("Pasargad Bank");
        await Expect(receipt.Locator("dl")).ToContainTextAsync(GregorianAndJalali());
        await Look(receipt, $"english-receipt-{width}-{colors}");
        var download = await receipt.RunAndWaitForDownloadAsync(() => receipt.Locator("#image").ClickAsync());
        if (Environment.GetEnvironmentVariable("CANPAY_PICTURES") is { Length: > 0 } folder)
        {
            await download.SaveAsAsync(Path.Combine(folder, $"english-picture-{width}-{colors}.png"));
        }

        Assert.Empty(visit.Problems);
        await page.GetByRole(AriaRole.Button, new() { Name = "Back to the shop" }).ClickAsync();
        await ExpectStatus(page, "paid");
    }

    [Fact]
    public async Task Asking_for_a_PIN_and_waiting_is_in_English_too()
    {
        await using var visit = await Visit(360, ColorScheme.Light);
        var page = await visit.ToPaymentPage(town);
        await Fill(page, "6273530000010002");

        await page.GetByRole(AriaRole.Button, new() { Name = "Request PIN by SMS" }).ClickAsync();
        await Expect(page.Locator("#pin-note")).ToHaveTextAsync("Your request was sent to the issuing bank; if the details are right, the PIN comes by SMS.");
        await Expect(page.Locator("#ask-pin")).ToHaveTextAsync(Countdown());
        await Look(page, "english-asked-360");
        await page.Locator("#pin").FillAsync("12345");
        await page.Locator("#pay").ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Paying…" })).ToBeVisibleAsync();
        await Picture(page, "english-waiting-360"); // axe would have no page refresh itself, and this one must
        await ExpectStatus(page, "paid");
        Assert.Empty(visit.Problems);
    }

    [Fact]
    public async Task The_payers_own_cards_are_in_English_too()
    {
        await using var visit = await Visit(360, ColorScheme.Light);
        var page = await visit.ToPaymentPage(town, mobile: "09123456789");

        await Look(page, "english-offer-360");
        await page.GetByRole(AriaRole.Button, new() { Name = "Use my cards" }).ClickAsync();
        await Look(page, "english-code-360");
        await page.GetByLabel("One-time code").FillAsync(SixDigits().Match(await town.LastSms("09123456789")).Value);
        await page.GetByRole(AriaRole.Button, new() { Name = "Show my cards" }).ClickAsync();
        await Look(page, "english-cards-360");
        await page.GetByRole(AriaRole.Link, new() { Name = "Pasargad Bank" }).ClickAsync();
        await Look(page, "english-chosen-360");

        await Expect(page.Locator(".chosen")).ToContainTextAsync("Pasargad Bank");
        Assert.Empty(visit.Problems);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_payer_changes_the_language_and_stays_where_they_are(bool scripts)
    {
        await using var visit = new Visit(await town.Chromium.NewContextAsync(new() { Locale = "fa-IR", JavaScriptEnabled = scripts }));
        var page = await visit.ToPaymentPage(town);
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "fa");
        await page.Locator("#pay").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("اطلاعات کارت کامل نیست");

        await page.GetByRole(AriaRole.Link, new() { Name = "English" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The card details are not complete");
        await page.GetByRole(AriaRole.Link, new() { Name = "فارسی" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("اطلاعات کارت کامل نیست");
    }

    private static async Task Look(IPage page, string name)
    {
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        await Steps.Look(page, name);
    }

    private static async Task Fill(IPage page, string card)
    {
        await page.GetByLabel("Card number").PressSequentiallyAsync(card);
        await page.GetByLabel("CVV2").FillAsync("123");
        await page.GetByLabel("Expiry month").FillAsync("12");
        await page.GetByLabel("Expiry year").FillAsync("09");
        await page.GetByLabel("Second PIN").FillAsync("12345");
    }

    private async Task<Visit> Visit(int width, ColorScheme colors) => new(await town.Chromium.NewContextAsync(new()
    {
        Locale = "en-US",
        ColorScheme = colors,
        ViewportSize = new() { Width = width, Height = 800 },
    }));

    [GeneratedRegex(@"[0-9]{1,2} [A-Z][a-z]+ 20[0-9]{2} \(14[0-9]{2}/[0-9]{2}/[0-9]{2}\), [0-9]{2}:[0-9]{2} Tehran time")]
    private static partial Regex GregorianAndJalali();

    [GeneratedRegex("^Pay [0-9]{1,3}(,[0-9]{3})* rials$")]
    private static partial Regex PayButton();

    [GeneratedRegex("^Again in [0-9]:[0-9]{2}$")]
    private static partial Regex Countdown();

    [GeneratedRegex("[0-9]{6}")]
    private static partial Regex SixDigits();
}
