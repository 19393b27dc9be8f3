using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using CanPay.Gateway.Checkout;
using CanPay.Tests.EndToEnd;
using Microsoft.EntityFrameworkCore;

namespace CanPay.Tests.Checkout;

/// <summary>Whatever a shop is called, numbers its invoices with or is sent back to: on every page it is text and nothing else.</summary>
public sealed class HostileTextTests
{
    private static readonly string[] OurElements = ["script", "link", "meta", "style", "iframe", "object", "embed", "base", "svg", "img", "form", "a", "input"];

    [Fact]
    public async Task Texts_of_others_are_text_on_every_page()
    {
        await using var world = await World.Start("--Http:AddressBurst=100000", "--Checkout:QuickAnswerMs=10000");
        await using var books = await world.NewBooks();
        var plain = await Pages(world, "Shop", "invoice", "/callback");
        var count = 0;
        foreach (var text in HostileTexts.All)
        {
            Assert.Equal(1, await books.Merchants.ExecuteUpdateAsync(
                row => row.SetProperty(merchant => merchant.Name, text).SetProperty(merchant => merchant.Version, merchant => merchant.Version + 1)));
            // The API takes no marks that turn writing round; a shop's name is what an operator typed.
            var invoice = new string([.. Persian.Visible(text).Take(50)]) + count++;
            var pages = await Pages(world, text, invoice, "/callback?x=" + Uri.EscapeDataString(text));

            foreach (var (name, page) in pages)
            {
                // The page is built of the same parts as for a harmless shop.
                Assert.Equal(Parts(plain[name]), Parts(page));
                Assert.DoesNotContain(page.All, element => element.Attributes.Any(attribute =>
                    attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase) || attribute.Name == "style"
                    || attribute.Value.StartsWith("javascript:", StringComparison.OrdinalIgnoreCase)));
                Assert.DoesNotContain(page.Body!.TextContent, c => c is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069' or '\u200E' or '\u200F' or '\u061C');
            }

            Assert.Contains(Persian.Visible(text), pages["form"].Body!.TextContent, StringComparison.Ordinal);
        }

        Assert.InRange(count, 100, 1_000);
    }

    private static async Task<Dictionary<string, IDocument>> Pages(World world, string shop, string invoice, string callback)
    {
        var (status, body) = await world.Call(
            "token", new { merchant = World.Merchant, amount = 10_000, callback_url = "http://127.0.0.1:5090" + callback, invoice_id = invoice });
        Assert.True(status is System.Net.HttpStatusCode.OK, $"{shop}: {body}");
        var token = body.GetProperty("data").GetProperty("token").GetString()!;
        using var payer = world.NewBrowser();
        using var stranger = world.NewBrowser();
        var pages = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["continue"] = await (await stranger.Open(token, referrer: null)).Content.ReadAsStringAsync(),
            ["form"] = await (await payer.Open(token)).Content.ReadAsStringAsync(),
            ["end"] = await payer.Pay(token),
        };
        var link = new HtmlParser().ParseDocument(pages["end"]).QuerySelector("a.to-receipt")!.GetAttribute("href")!;
        pages["receipt"] = await payer.Page(link);
        return pages.ToDictionary(page => page.Key, page => (IDocument)new HtmlParser().ParseDocument(page.Value), StringComparer.Ordinal);
    }

    private static string Parts(IDocument page) => string.Join(
        ' ', page.All.Where(element => OurElements.Contains(element.LocalName)).Select(element => $"{element.LocalName}#{element.GetAttribute("name")}"));
}
