using Microsoft.Playwright;
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
        var page = await ToPaymentPage(visit);
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

        await Expect(page.GetByTestId("status")).ToHaveAttributeAsync("data-status", "paid", new() { Timeout = 20_000 });
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
        await visit.Context.RouteAsync("**/ipg/assets/return.*.js", route => route.FulfillAsync(new() { ContentType = "text/javascript", Body = "" }));
        var name = $"access-{locale[..2]}-{width}-{colors}-{forced}";
        var page = await ToPaymentPage(visit);

        await Look(page, name + "-form");
        await page.Locator("#pay").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await Look(page, name + "-wrong");
        await page.Locator("#pan").FillAsync(Approved);
        await page.Locator("#cvv2").FillAsync("123");
        await page.Locator("#month").FillAsync("12");
        await page.Locator("#year").FillAsync("09");
        await page.Locator("#pin").FillAsync("12345");
        await page.Locator("#pay").ClickAsync();
        await Expect(page.Locator("#back")).ToBeVisibleAsync();
        await Look(page, name + "-end");
        var receipt = await visit.Context.RunAndWaitForPageAsync(() => page.Locator(".to-receipt").ClickAsync());
        await receipt.WaitForLoadStateAsync();
        await Look(receipt, name + "-receipt");

        Assert.Empty(visit.Problems);
    }

    private static async Task Look(IPage page, string name)
    {
        await page.EvaluateAsync("document.fonts.ready");
        if (Environment.GetEnvironmentVariable("CANPAY_PICTURES") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = true });
        }

        await PayerTests.AssertAccessible(page);
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), name);
    }

    private async Task<IPage> ToPaymentPage(Visit visit)
    {
        var page = await visit.Context.NewPageAsync();
        visit.Watch(page);
        await page.GotoAsync(town.Shop);
        await page.GetByTestId("buy").First.ClickAsync();
        await page.GetByTestId("pay").ClickAsync();
        await Expect(page.Locator("[autocomplete=cc-number]")).ToBeVisibleAsync();
        return page;
    }
}
