using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static CanPay.BrowserTests.Steps;
using static Microsoft.Playwright.Assertions;

namespace CanPay.BrowserTests;

/// <summary>The merchants' guide as programmers read it.</summary>
public sealed class GuideTests(Town town) : IClassFixture<Town>
{
    [Theory]
    [InlineData("fa", 320, ColorScheme.Light)]
    [InlineData("fa", 390, ColorScheme.Dark)]
    [InlineData("fa", 1440, ColorScheme.Light)]
    [InlineData("fa", 1440, ColorScheme.Dark)]
    [InlineData("en", 320, ColorScheme.Dark)]
    [InlineData("en", 390, ColorScheme.Light)]
    [InlineData("en", 1440, ColorScheme.Light)]
    public async Task Everybody_can_read_it(string language, int width, ColorScheme colors)
    {
        await using var visit = await Visit(width, colors);
        var page = await Open(visit, $"?lang={language}");

        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", language);
        await Expect(page.Locator("html")).ToHaveAttributeAsync("dir", language == "fa" ? "rtl" : "ltr");
        await Views(page, $"guide-{language}-{width}-{colors}", "introduction", "flow", "token", "token-answer", "frameworks", "refund", "error-catalogue", "refused");
        await page.EvaluateAsync("scrollTo(0, 0)");
        await Look(page, $"guide-{language}-{width}-{colors}");
        Assert.Empty(visit.Problems);
    }

    [Fact]
    public async Task Nothing_is_asked_of_other_hosts_and_the_policy_is_kept()
    {
        await using var visit = await Visit(1280, ColorScheme.Light);
        var foreign = new List<string>();
        visit.Context.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(town.Gateway + "/", StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal)
                && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
            {
                foreign.Add(request.Url);
            }
        };
        var page = await Open(visit, "?lang=en");
        await page.Locator("#q").FillAsync("verify");
        await Expect(page.Locator("#found [role=option]").First).ToBeVisibleAsync();

        await page.GotoAsync(town.Gateway + "/documents/api?lang=en");
        await Expect(page.GetByText("Get a token").First).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await Picture(page, "guide-reference");

        Assert.Empty(foreign);
        Assert.Empty(visit.Problems);
    }

    [Theory]
    [InlineData("fa", "شماره فاکتور پیش تر استفاده", "error-801")]
    [InlineData("fa", "تاييد پرداخت", "verify")]
    [InlineData("fa", "۷۰۴", "error-704")]
    [InlineData("en", "csrf cookie", "samesite")]
    [InlineData("en", "access_denied", "error-607")]
    public async Task Search_finds_what_is_meant(string language, string words, string place)
    {
        await using var visit = await Visit(1280, ColorScheme.Light);
        var page = await Open(visit, $"?lang={language}");

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.InsertTextAsync(words);
        await Expect(page.Locator($"#found [data-to={place}]")).ToBeVisibleAsync();
        await Look(page, $"guide-search-{language}");
        while (await page.Locator("#found [aria-selected=true]").GetAttributeAsync("data-to") != place)
        {
            await page.Keyboard.PressAsync("ArrowDown");
        }

        await page.Keyboard.PressAsync("Enter");

        await Expect(page).ToHaveURLAsync(new Regex($"#{place}$"));
        await Expect(page.Locator($"[id={place}]")).ToBeInViewportAsync();
        Assert.Empty(visit.Problems);
    }

    [Fact]
    public async Task Copy_copies_code_and_the_address_of_a_heading()
    {
        await using var visit = await Visit(1280, ColorScheme.Light);
        await visit.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var page = await Open(visit, "?lang=en");

        var box = page.Locator("#quick-token ~ .code").First;
        await box.Locator(".copy").ClickAsync();
        await Expect(box.Locator(".copy")).ToHaveTextAsync("Copied");
        var copied = await page.EvaluateAsync<string>("navigator.clipboard.readText()");
        Assert.StartsWith($"curl -X POST {town.Gateway}/api/ipg/token", copied, StringComparison.Ordinal);

        await page.Locator("#verify .anchor").ClickAsync();
        await Expect(page.Locator("#told")).ToHaveTextAsync("Copied");
        Assert.EndsWith("#verify", await page.EvaluateAsync<string>("navigator.clipboard.readText()"), StringComparison.Ordinal);
        Assert.Empty(visit.Problems);
    }

    [Fact]
    public async Task A_chosen_language_of_code_is_chosen_everywhere_and_remembered()
    {
        await using var visit = await Visit(1280, ColorScheme.Light);
        var page = await Open(visit, "?lang=en");

        await page.Locator("#quick-code ~ .tabs").First.GetByRole(AriaRole.Tab, new() { Name = "Python" }).ClickAsync();
        await Expect(page.Locator("#webhook-signature ~ .tabs").First.GetByRole(AriaRole.Tab, new() { Name = "Python" })).ToHaveAttributeAsync("aria-selected", "true");
        await page.ReloadAsync();

        await Expect(page.Locator("#webhook-signature ~ .tabs").First.GetByText("is_from_canpay")).ToBeVisibleAsync();
        await Expect(page.GetByText("function isFromCanPay(string")).ToBeHiddenAsync();
        Assert.Empty(visit.Problems);
    }

    [Fact]
    public async Task Dark_and_light_can_be_chosen_against_the_system()
    {
        await using var visit = await Visit(1280, ColorScheme.Light);
        var page = await Open(visit, "?lang=fa");
        var light = await Background(page);

        await page.Locator("#theme").ClickAsync();
        Assert.NotEqual(light, await Background(page));
        await page.ReloadAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await AssertAccessible(page);
        await page.Locator("#theme").ClickAsync();

        Assert.Equal(light, await Background(page));
    }

    [Theory]
    [InlineData(390)]
    [InlineData(1280)]
    public async Task Without_scripts_everything_is_there(int width)
    {
        await using var visit = new Visit(await town.Chromium.NewContextAsync(new()
        {
            JavaScriptEnabled = false,
            ViewportSize = new() { Width = width, Height = 800 },
        }));
        var page = await Open(visit, "?lang=en");

        await Expect(page.GetByText("is_from_canpay")).ToBeVisibleAsync();
        await Expect(page.GetByText("function isFromCanPay(string")).ToBeVisibleAsync();
        await Expect(page.Locator(".search")).ToBeHiddenAsync();
        if (width < 900)
        {
            await page.Locator(".menu-link").ClickAsync();
        }

        await page.Locator("#menu").GetByRole(AriaRole.Link, new() { Name = "Refund", Exact = true }).ClickAsync();
        await Expect(page.Locator("#refund")).ToBeInViewportAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "show the address" }).ClickAsync();

        await Expect(page.Locator("body")).ToHaveTextAsync("127.0.0.1");
    }

    [Fact]
    public async Task The_address_is_shown_and_a_visitor_who_asks_for_English_gets_it()
    {
        await using var visit = new Visit(await town.Chromium.NewContextAsync(new() { Locale = "en-GB" }));
        var page = await Open(visit, "");

        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        await Expect(page.Locator("#address")).ToHaveTextAsync("127.0.0.1");
        await page.GetByRole(AriaRole.Link, new() { Name = "فارسی" }).ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "fa");
        await page.GotoAsync(town.Gateway + "/documents");

        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "fa");
        Assert.Empty(visit.Problems);
    }

    private static Task<string> Background(IPage page) => page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");

    /// <summary>Screens, for whoever wants to look.</summary>
    private static async Task Views(IPage page, string name, params string[] places)
    {
        if (Environment.GetEnvironmentVariable("CANPAY_PICTURES") is not { Length: > 0 } folder)
        {
            return;
        }

        foreach (var place in places)
        {
            await page.EvaluateAsync("place => { document.documentElement.style.scrollBehavior = 'auto'; document.getElementById(place).scrollIntoView(); }", place);
            await page.WaitForTimeoutAsync(150);
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{place}.png") });
        }
    }

    private async Task<Visit> Visit(int width, ColorScheme colors) => new(await town.Chromium.NewContextAsync(new()
    {
        ColorScheme = colors,
        ViewportSize = new() { Width = width, Height = 860 },
    }));

    private async Task<IPage> Open(Visit visit, string query)
    {
        var page = await visit.Context.NewPageAsync();
        visit.Watch(page);
        await page.GotoAsync(town.Gateway + "/documents" + query);
        return page;
    }
}
