using Microsoft.Playwright;
using static CanPay.BrowserTests.Steps;
using static Microsoft.Playwright.Assertions;

namespace CanPay.BrowserTests;

/// <summary>Payers without a mouse, with large letters, with colours of their own, or with very small phones.</summary>
public sealed class AccessTests(Town town) : IClassFixture<Town>
{
    private const string Approved = "5022290000087122";

    [Theory]
    [InlineData("fa-IR", true)]
    [InlineData("en-US", true)]
    [InlineData("fa-IR", false)]
    public async Task A_payment_is_made_with_the_keyboard_alone(string locale, bool scripts)
    {
        await using var visit = new Visit(await town.Chromium.NewContextAsync(new() { Locale = locale, JavaScriptEnabled = scripts }));
        var page = await visit.ToPaymentPage(town);
        var keys = page.Keyboard;

        await Expect(page.Locator("#pan")).ToBeFocusedAsync();
        await keys.TypeAsync(Approved);
        await Next("#cvv2", isLedThere: true);
        await keys.TypeAsync("123");
        await Next("#month", isLedThere: false);
        await keys.TypeAsync("12");
        await Next("#year", isLedThere: true);
        await keys.TypeAsync("09");
        await Next("#pin", isLedThere: true);
        await keys.TypeAsync("12345");
        await Next("#ask-pin", isLedThere: false);
        if (scripts)
        {
            await Next("#keypad-open", isLedThere: false);
        }

        await Next("#pay", isLedThere: false);
        await keys.PressAsync("Enter");
        if (!scripts)
        {
            var back = page.Locator("#back button");
            await Expect(back).ToBeVisibleAsync();
            for (var i = 0; i < 5 && !await back.EvaluateAsync<bool>("button => button === document.activeElement"); i++)
            {
                await keys.PressAsync("Tab");
            }

            await keys.PressAsync("Enter");
        }

        await ExpectStatus(page, "paid");
        Assert.Empty(visit.Problems);

        // A script goes on to the next field where one is full; the Tab key always does. Where one is shows.
        async Task Next(string field, bool isLedThere)
        {
            if (!scripts || !isLedThere)
            {
                await keys.PressAsync("Tab");
            }

            await Expect(page.Locator(field)).ToBeFocusedAsync();
            Assert.Equal("solid 3px", await page.EvaluateAsync<string>("(s => s.outlineStyle + ' ' + s.outlineWidth)(getComputedStyle(document.activeElement))"));
        }
    }

    [Theory]
    [InlineData("fa-IR", 320, 1, ColorScheme.Light, ForcedColors.None)]
    [InlineData("fa-IR", 640, 2, ColorScheme.Light, ForcedColors.None)]
    [InlineData("en-US", 640, 2, ColorScheme.Dark, ForcedColors.None)]
    [InlineData("fa-IR", 360, 1, ColorScheme.Dark, ForcedColors.None)]
    [InlineData("fa-IR", 360, 1, ColorScheme.Light, ForcedColors.Active)]
    [InlineData("en-US", 360, 1, ColorScheme.Dark, ForcedColors.Active)]
    public async Task No_page_shuts_anybody_out(string locale, int width, float scale, ColorScheme colors, ForcedColors forced)
    {
        await using var visit = new Visit(await town.Chromium.NewContextAsync(new()
        {
            Locale = locale,
            ViewportSize = new() { Width = width, Height = 640 },
            DeviceScaleFactor = scale,
            ColorScheme = colors,
            ForcedColors = forced,
        }));
        await visit.StayAtTheEnd();
        var name = $"access-{locale[..2]}-{width}-{colors}-{forced}";
        var page = await visit.ToPaymentPage(town);

        await Look(page, name + "-form");
        await page.Locator("#pay").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await Look(page, name + "-wrong");
        await Fill(page, Approved);
        await Press(page);
        await Expect(page.Locator("#back")).ToBeVisibleAsync();
        await Look(page, name + "-end");
        var receipt = await visit.Context.RunAndWaitForPageAsync(() => page.Locator(".to-receipt").ClickAsync());
        await receipt.WaitForLoadStateAsync();
        await Look(receipt, name + "-receipt");

        Assert.Empty(visit.Problems);
    }
}
