using Microsoft.Playwright;
using static CanPay.BrowserTests.Steps;
using static Microsoft.Playwright.Assertions;

namespace CanPay.BrowserTests;

/// <summary>What a payer lives through, in a real browser.</summary>
public sealed class PayerTests(Town town) : IClassFixture<Town>
{
    private const string Approved = "5022290000087122";

    [Theory]
    [InlineData(true, 360, 800)]
    [InlineData(false, 360, 800)]
    [InlineData(true, 1280, 900)]
    public async Task A_purchase_is_paid_and_the_shop_shows_its_receipt(bool scripts, int width, int height)
    {
        await using var visit = await Visit(scripts, width, height);
        var page = await visit.ToPaymentPage(town);

        await Fill(page, Approved);
        await Press(page);
        if (!scripts)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "بازگشت به فروشگاه" }).ClickAsync();
        }

        await ExpectStatus(page, "paid");
        await Expect(page.GetByTestId("card")).ToHaveTextAsync("5022-29**-****-7122");
        Assert.Matches("^[0-9]{12}$", await page.GetByTestId("reference").InnerTextAsync());
        Assert.Empty(visit.Problems);
    }

    [Theory]
    [InlineData("6037990000000006", "موجودی کارت")]
    [InlineData("6104330000040009", "رمز دوم ثابت کار نمی‌کند")]
    [InlineData("6274120000040008", "مشخصات کارت تأیید نشد")]
    [InlineData("5894630000070005", "سقف مجاز")]
    [InlineData("6037690000050007", "پاسخگو نیست")]
    public async Task A_declined_card_says_why_and_the_payer_may_go_on(string card, string words)
    {
        await using var visit = await Visit();
        var page = await visit.ToPaymentPage(town);

        await Fill(page, card);
        await Press(page);
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync(words);
        await Fill(page, Approved);
        await Press(page);

        await ExpectStatus(page, "paid");
    }

    [Theory]
    [InlineData("6219860000070004")]
    [InlineData("6396070000090003")]
    [InlineData("6277600000090001")]
    public async Task A_card_without_an_answer_is_given_back_and_the_shop_knows(string card)
    {
        await using var visit = await Visit(scripts: false);
        var page = await visit.ToPaymentPage(town);

        await Fill(page, card);
        await Press(page);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "نتیجهٔ پرداخت مشخص نشد" })).ToBeVisibleAsync(new() { Timeout = 15_000 });
        await page.GetByRole(AriaRole.Button, new() { Name = "بازگشت به فروشگاه" }).ClickAsync();

        await ExpectStatus(page, "failed");
        for (var i = 0; i < 100 && !(await town.Books(card[^4..])).Any(IsReversed); i++)
        {
            await Task.Delay(100);
        }

        Assert.Single(await town.Books(card[^4..]), IsReversed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_slow_answer_is_waited_for_with_and_without_scripts(bool scripts)
    {
        await using var visit = await Visit(scripts);
        var page = await visit.ToPaymentPage(town);

        await Fill(page, "6273530000010002");
        await Press(page);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "در حال پرداخت" })).ToBeVisibleAsync();
        if (!scripts)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "بازگشت به فروشگاه" }).ClickAsync(new() { Timeout = 15_000 });
        }

        await ExpectStatus(page, "paid");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cancelling_leads_back_at_once(bool scripts)
    {
        await using var visit = await Visit(scripts);
        var page = await visit.ToPaymentPage(town);

        await page.Locator("[name=cancel]").ClickAsync();
        if (!scripts)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "بازگشت به فروشگاه" }).ClickAsync();
        }

        await ExpectStatus(page, "cancelled");
    }

    [Fact]
    public async Task A_double_click_and_a_second_tab_charge_once()
    {
        await using var visit = await Visit();
        var page = await visit.ToPaymentPage(town);
        var tab = await visit.Context.NewPageAsync();
        await tab.GotoAsync(page.Url);
        var before = (await town.AllBooks()).Length;

        await Fill(page, Approved);
        await Fill(tab, Approved);
        await Task.WhenAll(
            page.Locator("#pay").DblClickAsync(),
            tab.Locator("#pay").ClickAsync());

        await ExpectStatus(page, "paid");
        Assert.Equal(before + 1, (await town.AllBooks()).Length);
    }

    [Fact]
    public async Task Back_and_refresh_after_paying_charge_nothing_and_show_the_receipt_again()
    {
        await using var visit = await Visit();
        var page = await visit.ToPaymentPage(town);
        await Fill(page, Approved);
        await Press(page);
        await ExpectStatus(page, "paid");
        var before = (await town.AllBooks()).Length;

        await page.GoBackAsync(new() { WaitUntil = WaitUntilState.Commit });
        await page.WaitForTimeoutAsync(300);
        await page.GotoAsync(town.Shop + "/orders");
        await page.Locator(".list a").First.ClickAsync();

        await ExpectStatus(page, "paid");
        await page.ReloadAsync();
        await ExpectStatus(page, "paid");
        Assert.Equal(before, (await town.AllBooks()).Length);
    }

    [Fact]
    public async Task Typing_is_made_easy()
    {
        await using var visit = await Visit();
        var page = await visit.ToPaymentPage(town);

        await page.Locator("[autocomplete=cc-number]").PressSequentiallyAsync("۶۰۳۷۹۹۰۰۰۰۰۰۰۰۰۶");

        await Expect(page.Locator("[autocomplete=cc-number]")).ToHaveValueAsync("6037 9900 0000 0006");
        await Expect(page.Locator("#bank")).ToContainTextAsync("بانک ملی");
        await Expect(page.Locator("[autocomplete=cc-csc]")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Keys_on_the_screen_write_CVV2_and_PIN_in_an_order_that_changes()
    {
        await using var visit = await Visit();
        var page = await visit.ToPaymentPage(town);
        await Fill(page, Approved);
        await page.Locator("#cvv2").FillAsync("");
        await page.Locator("#pin").FillAsync("");
        var opener = page.Locator("#keypad-open");
        var orders = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 6; i++)
        {
            await opener.ClickAsync();
            orders.Add(string.Concat(await page.Locator("#keypad button").AllInnerTextsAsync()));
            await opener.ClickAsync();
        }

        await opener.ClickAsync();
        await page.Locator("#cvv2").FocusAsync();
        await PressKeys(page, "۱۲۳");
        await page.Locator("#pin").FocusAsync();
        await PressKeys(page, "۱۲۳۴۴");
        await page.Locator("#keypad button").Last.ClickAsync();
        await PressKeys(page, "۵");
        await AssertAccessible(page);

        Assert.InRange(orders.Count, 4, 6);
        Assert.Equal("123", await page.Locator("#cvv2").InputValueAsync());
        Assert.Equal("12345", await page.Locator("#pin").InputValueAsync());
        await Press(page);
        await ExpectStatus(page, "paid");

        static async Task PressKeys(IPage page, string digits)
        {
            foreach (var digit in digits)
            {
                await page.Locator("#keypad").GetByRole(AriaRole.Button, new() { Name = digit.ToString(), Exact = true }).ClickAsync();
            }
        }
    }

    [Fact]
    public async Task No_state_of_the_page_shuts_anybody_out()
    {
        await using var visit = await Visit();
        var page = await visit.ToPaymentPage(town);
        await AssertAccessible(page);
        await Press(page);
        await Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await AssertAccessible(page);
        await page.GotoAsync($"{town.Gateway}/ipg/{new string('A', 30)}");
        await AssertAccessible(page);
        await page.GotoAsync(town.Shop);
        await AssertAccessible(page);
    }

    /// <summary>The pictures of the README; made anew with CANPAY_WRITE_DOCS=1.</summary>
    [Fact]
    public async Task The_pages_have_their_picture_taken()
    {
        await using var phone = await Visit(width: 360, height: 760, scale: 2);
        var page = await phone.ToPaymentPage(town);
        await page.Locator("[autocomplete=cc-number]").PressSequentiallyAsync(Approved);
        var payment = await Picture(page, "payment-phone.png");
        await using var desk = await Visit(width: 1280, height: 800);
        var shop = await desk.Context.NewPageAsync();
        await shop.GotoAsync(town.Shop);
        var front = await Picture(shop, "shop-desktop.png");
        var wide = await desk.ToPaymentPage(town);
        await wide.Locator("[autocomplete=cc-number]").PressSequentiallyAsync(Approved);
        var desktop = await Picture(wide, "payment-desktop.png");

        Assert.All([payment, front, desktop], size => Assert.True(size > 20_000));
    }

    private static bool IsReversed(System.Text.Json.JsonElement entry) =>
        entry.GetProperty("kind").GetString() == "reversal" && entry.GetProperty("outcome").GetString() == "reversed";

    private static async Task<int> Picture(IPage page, string name)
    {
        await page.EvaluateAsync("document.fonts.ready");
        var bytes = await page.ScreenshotAsync();
        if (Environment.GetEnvironmentVariable("CANPAY_WRITE_DOCS") == "1")
        {
            var folder = Directory.CreateDirectory(Path.Combine(Town.Root, "docs", "images")).FullName;
            await File.WriteAllBytesAsync(Path.Combine(folder, name), bytes);
        }

        return bytes.Length;
    }

    private async Task<Visit> Visit(bool scripts = true, int width = 1280, int height = 900, float scale = 1)
    {
        var context = await town.Chromium.NewContextAsync(new()
        {
            JavaScriptEnabled = scripts,
            ViewportSize = new() { Width = width, Height = height },
            DeviceScaleFactor = scale,
        });
        return new Visit(context);
    }
}
