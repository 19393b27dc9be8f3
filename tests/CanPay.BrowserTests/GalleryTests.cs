using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static CanPay.BrowserTests.Steps;
using static Microsoft.Playwright.Assertions;

namespace CanPay.BrowserTests;

/// <summary>
/// Every state of the payer's page, phone and desktop, light and dark: nobody is shut out of any, nothing is wider than the
/// screen, and the contact sheet of docs is made of them (CANPAY_WRITE_DOCS=1).
/// </summary>
public sealed partial class GalleryTests(Town town) : IClassFixture<Town>
{
    private const string Approved = "5022290000087122";
    private const string Declined = "6037990000000006";
    private const string Silent = "6219860000070004";

    [Theory]
    [InlineData("phone-light", 390, ColorScheme.Light, "09350000011")]
    [InlineData("phone-dark", 390, ColorScheme.Dark, "09350000012")]
    [InlineData("desktop-light", 1280, ColorScheme.Light, "09350000013")]
    [InlineData("desktop-dark", 1280, ColorScheme.Dark, "09350000014")]
    public async Task Every_state_is_for_everybody(string name, int width, ColorScheme scheme, string mobile)
    {
        await using var visit = new Visit(await town.Chromium.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = width < 500 ? 844 : 800 },
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
        }));

        await visit.StayAtTheEnd();
        var wall = new Wall(name);
        var page = await visit.ToPaymentPage(town, mobile);
        var address = page.Url;
        await wall.Hang(page, "form");
        await page.Locator("#cvv2").FocusAsync();
        await wall.Hang(page, "focus");
        await page.Locator("#keypad-open").ClickAsync();
        await wall.Hang(page, "keypad");
        await page.Locator("#pay").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await wall.Hang(page, "errors");
        await Pay(page, Declined);
        await Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await wall.Hang(page, "declined");
        await page.GotoAsync(address + "?captcha");
        await Expect(page.Locator("#answer")).ToBeVisibleAsync();
        await wall.Hang(page, "captcha");

        await page.GotoAsync(address);
        await page.Locator("[formaction$='/cards'], form[action$='/cards'] button").First.ClickAsync();
        await Expect(page.Locator("#code")).ToBeVisibleAsync();
        await wall.Hang(page, "code");
        await page.Locator("#code").FillAsync(SixDigits().Match(await town.LastSms(mobile)).Value);
        await page.Locator("form[action$='/code'] button").First.ClickAsync();
        await Expect(page.Locator("[name=keep]")).ToBeVisibleAsync();
        await page.Locator("[name=keep]").CheckAsync();
        await Pay(page, Approved);
        await Expect(page.Locator("a.to-receipt")).ToBeVisibleAsync();
        await wall.Hang(page, "paid");
        await page.GotoAsync(await page.Locator("a.to-receipt").GetAttributeAsync("href") is { } link ? town.Gateway + link : "");
        await Expect(page.Locator("#receipt")).ToBeVisibleAsync();
        await wall.Hang(page, "receipt");

        page = await visit.ToPaymentPage(town, mobile);
        await Task.Delay(TimeSpan.FromSeconds(1.1), TestContext.Current.CancellationToken); // codes to one mobile lie a second apart in this town
        await page.Locator("[formaction$='/cards'], form[action$='/cards'] button").First.ClickAsync();
        await page.Locator("#code").FillAsync(SixDigits().Match(await town.LastSms(mobile)).Value);
        await page.Locator("form[action$='/code'] button").First.ClickAsync();
        await Expect(page.Locator("[name=keep]")).ToBeVisibleAsync();
        await wall.Hang(page, "my cards");
        address = new Uri(page.Url).GetLeftPart(UriPartial.Path);
        await page.GotoAsync(address + "?cards=manage");
        await wall.Hang(page, "manage");
        await page.GotoAsync(address);
        await Pay(page, Silent);
        await Expect(page.Locator("[data-look-again-ms]")).ToBeVisibleAsync();
        await wall.Hang(page, "waiting");
        await Expect(page.Locator("#back")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await wall.Hang(page, "unknown");

        page = await visit.ToPaymentPage(town, mobile);
        address = page.Url;
        await page.Locator("[name=cancel]").ClickAsync();
        await Expect(page.Locator("#back")).ToBeVisibleAsync();
        await wall.Hang(page, "cancelled");

        await using var stranger = await town.Chromium.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 844 }, ColorScheme = scheme });
        page = await stranger.NewPageAsync();
        await page.GotoAsync((await visit.ToPaymentPage(town, mobile)).Url);
        await wall.Hang(page, "continue");
        await page.GotoAsync($"{town.Gateway}/ipg/{new string('A', 30)}");
        await wall.Hang(page, "not found");

        await wall.Photograph(town.Chromium);
    }

    private static async Task Pay(IPage page, string card)
    {
        await Fill(page, card);
        await Press(page);
    }

    [GeneratedRegex("[0-9]{6}")]
    private static partial Regex SixDigits();
}
