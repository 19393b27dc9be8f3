using Microsoft.Playwright;
using static CanPay.BrowserTests.Steps;
using static Microsoft.Playwright.Assertions;

namespace CanPay.BrowserTests;

/// <summary>The receipt that a payer keeps, in a real browser.</summary>
public sealed class ReceiptTests(Town town) : IClassFixture<Town>
{
    private const string Approved = "5022290000087122";
    private const string Silent = "6219860000070004";

    [Theory]
    [InlineData(360, 760, ColorScheme.Light)]
    [InlineData(360, 760, ColorScheme.Dark)]
    [InlineData(1280, 800, ColorScheme.Light)]
    [InlineData(1280, 800, ColorScheme.Dark)]
    public async Task A_payer_opens_the_receipt_from_the_end_of_the_payment(int width, int height, ColorScheme colors)
    {
        await using var visit = await Visit(width, height, colors);
        var end = await Pay(visit, Approved);
        await AssertAccessible(end);

        var receipt = await OpenReceipt(visit, end);

        await Expect(receipt.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("پرداخت انجام شد");
        await Expect(receipt.Locator("dl")).ToContainTextAsync("5022-29**-****-7122");
        await AssertAccessible(receipt);
        Assert.True(await receipt.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        await receipt.EmulateMediaAsync(new() { Media = Media.Print });
        await Expect(receipt.Locator(".receipt img")).ToBeVisibleAsync();
        foreach (var screenOnly in new[] { ".top", "#tools", "footer" })
        {
            await Expect(receipt.Locator(screenOnly)).ToBeHiddenAsync();
        }

        Assert.Equal(
            "rgb(0, 0, 0) on rgb(255, 255, 255)",
            await receipt.EvaluateAsync<string>("(s => s.color + ' on ' + s.backgroundColor)(getComputedStyle(document.body))"));
        foreach (var format in new[] { "A4", "A5" })
        {
            Assert.Equal(1, Pages(await receipt.PdfAsync(new() { Format = format })));
        }

        Assert.Empty(visit.Problems);
    }

    [Fact]
    public async Task A_receipt_is_saved_as_a_picture_and_its_link_copied()
    {
        await using var visit = await Visit(360, 760, ColorScheme.Dark);
        await visit.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var receipt = await OpenReceipt(visit, await Pay(visit, Approved));

        var download = await receipt.RunAndWaitForDownloadAsync(() => receipt.Locator("#image").ClickAsync());
        await receipt.Locator("#share").ClickAsync();

        Assert.Equal("canpay-receipt.png", download.SuggestedFilename);
        var picture = await File.ReadAllBytesAsync((await download.PathAsync())!);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], picture[..4]);
        Assert.InRange(picture.Length, 20_000, 1_000_000);
        await Expect(receipt.Locator("#told")).ToHaveTextAsync("نشانی رسید کپی شد");
        Assert.Equal(receipt.Url, await receipt.EvaluateAsync<string>("navigator.clipboard.readText()"));
        Assert.Empty(visit.Problems);
    }

    [Fact]
    public async Task A_phone_that_can_share_shares_the_link()
    {
        await using var visit = await Visit(360, 760, ColorScheme.Light);
        await visit.Context.AddInitScriptAsync("navigator.share = data => { window.shared = data.url; return Promise.resolve(); };");
        var receipt = await OpenReceipt(visit, await Pay(visit, Approved));

        await receipt.Locator("#share").ClickAsync();

        Assert.Equal(receipt.Url, await receipt.EvaluateAsync<string>("window.shared"));
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Without_scripts_a_receipt_is_all_there_but_for_its_buttons(ColorScheme colors)
    {
        await using var visit = await Visit(360, 760, colors, scripts: false);
        var end = await Pay(visit, Silent);

        var receipt = await OpenReceipt(visit, end);

        await Expect(receipt.Locator("dl")).ToContainTextAsync("نزد بانک");
        await Expect(receipt.Locator(".receipt .head p")).ToContainTextAsync("حداکثر تا ۷۲ ساعت");
        await Expect(receipt.Locator(".receipt img")).ToBeVisibleAsync();
        await Expect(receipt.Locator("#tools")).ToBeHiddenAsync();
    }

    private async Task<IPage> Pay(Visit visit, string card)
    {
        await visit.StayAtTheEnd();
        var page = await visit.ToPaymentPage(town);
        await Fill(page, card);
        await Press(page);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "بازگشت به فروشگاه" })).ToBeVisibleAsync(new() { Timeout = 15_000 });
        return page;
    }

    private static async Task<IPage> OpenReceipt(Visit visit, IPage end)
    {
        var receipt = await visit.Context.RunAndWaitForPageAsync(
            () => end.GetByRole(AriaRole.Link, new() { Name = "رسید پرداخت" }).ClickAsync());
        visit.Watch(receipt);
        await receipt.WaitForLoadStateAsync();
        return receipt;
    }

    private async Task<Visit> Visit(int width, int height, ColorScheme colors, bool scripts = true) =>
        new(await town.Chromium.NewContextAsync(new()
        {
            JavaScriptEnabled = scripts,
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = colors,
        }));

    /// <summary>How many pages a PDF of Chromium's has.</summary>
    private static int Pages(byte[] pdf) =>
        System.Text.RegularExpressions.Regex.Count(System.Text.Encoding.Latin1.GetString(pdf), @"/Type\s*/Page\b");
}
