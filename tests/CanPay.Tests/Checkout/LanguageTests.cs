using System.Net;
using System.Text.RegularExpressions;
using CanPay.Gateway.Checkout;
using CanPay.Gateway.Payments;
using CanPay.Tests.EndToEnd;
using Microsoft.AspNetCore.Http;

namespace CanPay.Tests.Checkout;

/// <summary>In which language a page is, and that it is so to the last letter.</summary>
public sealed partial class LanguageTests(PageWorld world) : IClassFixture<PageWorld>
{
    private const string English = "?lang=en";

    [Theory]
    [InlineData("", null, null, "fa")]
    [InlineData("", null, "en-US,en;q=0.9", "en")]
    [InlineData("", null, "en-US,en;q=0.9,fa;q=0.8", "en")]
    [InlineData("", null, "de, en;q=0.5, fa-IR;q=0.8", "fa")]
    [InlineData("", null, "en, fa", "en")]
    [InlineData("", null, "fa, en", "fa")]
    [InlineData("", null, "EN-gb", "en")]
    [InlineData("", null, "en;q=0", "fa")]
    [InlineData("", null, "de-DE, *", "fa")]
    [InlineData("", null, ";;q=?", "fa")]
    [InlineData("", "en", "fa", "en")]
    [InlineData("", "fa", "en", "fa")]
    [InlineData("", "de", "en", "en")]
    [InlineData("?lang=fa", "en", "en", "fa")]
    [InlineData("?lang=en", "fa", "fa", "en")]
    [InlineData("?lang=xx", "en", "fa", "en")]
    [InlineData("?lang=en&lang=fa", null, null, "fa")]
    public void The_address_wins_then_the_cookie_then_what_the_browser_asks_for(string query, string? cookie, string? accept, string language)
    {
        var request = new DefaultHttpContext().Request;
        request.QueryString = new QueryString(query);
        request.Headers.Cookie = cookie is null ? default : "cp-lang=" + cookie;
        request.Headers.AcceptLanguage = accept;

        Assert.Equal(language, Languages.Of(request).Language);
    }

    [Fact]
    public void A_switch_keeps_what_the_address_says_and_cannot_lead_elsewhere()
    {
        var request = new DefaultHttpContext().Request;
        request.QueryString = new QueryString("?wrong=pan,cvv2&lang=en&card=%22%3E//evil.com&Lang=fa");

        Assert.Equal("?wrong=pan,cvv2&card=%22%3E%2F%2Fevil.com&lang=fa", Languages.Switch(request, Languages.Persian));
    }

    /// <summary>A browser that keeps the cookie of the payment, and loses the one of the language.</summary>
    [Fact]
    public async Task The_choice_lives_in_links_forms_and_redirects_without_its_cookie()
    {
        var cookies = new CookieContainer();
        using var browser = new Browser(world.World.Http.BaseAddress!, cookies);
        var token = await world.World.Token();

        var page = await Text(await browser.Open(token + English));
        Forget();
        AssertEnglish(page);
        var wrong = await Send(page, "pay", World.ApprovedCard + "1");
        Forget();
        AssertEnglish(wrong);
        Assert.Contains("The card number is not right", wrong, StringComparison.Ordinal);
        Assert.Contains("href=\"?wrong=pan&amp;lang=fa\"", wrong, StringComparison.Ordinal);
        var end = await Send(wrong, "pay", World.ApprovedCard);
        Forget();
        AssertEnglish(end);
        Assert.Contains("Payment successful", end, StringComparison.Ordinal);
        Assert.Contains("Tracking number", end, StringComparison.Ordinal);
        var receipt = await browser.Page(Attribute(end, "href", "/r/"));

        AssertEnglish(receipt);
        Assert.Contains("Paid, waiting for the shop’s confirmation", receipt, StringComparison.Ordinal);
        Assert.Contains("Pasargad Bank", receipt, StringComparison.Ordinal);

        async Task<string> Send(string from, string action, string card)
        {
            var address = Attribute(from, "action", $"/ipg/{token}/{action}");
            return await Text(await browser.Post(address, Fields(Browser.FormToken(from), card), world.World.Http.BaseAddress!.GetLeftPart(UriPartial.Authority)));
        }

        void Forget() => cookies.GetCookies(world.World.Http.BaseAddress!)["cp-lang"]!.Expired = true;
    }

    [Fact]
    public async Task The_choice_is_remembered_and_may_be_changed()
    {
        using var browser = world.World.NewBrowser();
        var token = await world.World.Token();

        AssertEnglish(await Text(await browser.Open(token + English)));
        AssertEnglish(await Text(await browser.Open(token)));
        AssertEnglish(await Text(await browser.Open(await world.World.Token())));
        Assert.Contains("<html lang=\"fa\" dir=\"rtl\">", await Text(await browser.Open(token + "?lang=fa")), StringComparison.Ordinal);
        Assert.Contains("<html lang=\"fa\" dir=\"rtl\">", await Text(await browser.Open(token)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_goes_wrong_is_told_in_English_too()
    {
        using var browser = world.World.NewBrowser();
        var origin = world.World.Http.BaseAddress!.GetLeftPart(UriPartial.Authority);
        var token = await world.World.Token(mobile: "09121112233");
        var pages = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["This payment was not found"] = await Text(await browser.Open(new string('A', 30) + English)),
            ["This page does not exist"] = await Text(await world.World.Http.GetAsync("/nowhere" + English)),
            ["evil.com”, which is not registered"] = await Text(await browser.Open(token + English, "http://evil.com/")),
            ["Your browser sent no cookie"] = await Text(await browser.Post($"/ipg/{token}/pay{English}", Fields("", ""), origin)),
            ["Are you paying this shop?"] = await Text(await browser.Open(token + English, referrer: null)),
            ["This form is no longer valid"] = await Text(await browser.Post($"/ipg/{token}/pay{English}", Fields("", ""), origin)),
        };
        var form = await Text(await browser.Open(token + English));
        pages["Bank card details"] = form;
        pages["Use my cards"] = form;
        var key = Browser.FormToken(form);
        pages["Enter the code from the SMS"] = await browser.Submit(token, "cards", key);
        pages["The code is wrong or too old"] = await browser.Submit(token, "code", key, ("code", "000000"));
        pages["Correct the marked fields"] = await Text(await browser.Send(token, "pay", key, "1", "1"));
        pages["The PIN is good until about"] = await Text(await browser.Send(token, "pin", key, World.ApprovedCard));
        await browser.Send(token, "pay", key, "6037990000000006", "12345");
        await world.World.Until(async () => (await world.World.Payment(token)) is { Status: PaymentStatus.Created, Declines: 1 });
        pages["The balance of the card is too low for this payment. Try another card, or top up your account. (You can try 4 more times.)"] =
            await Text(await browser.Open(token));
        pages["You cancelled the payment"] = await Text(await browser.Send(token, "cancel", Browser.FormToken(await Text(await browser.Open(token)))));

        foreach (var (words, page) in pages)
        {
            Assert.Contains(words, page, StringComparison.Ordinal);
            AssertEnglish(page);
        }
    }

    /// <summary>A link there would lead past the refusal: its payer comes from us.</summary>
    [Fact]
    public async Task A_payer_who_is_refused_is_not_offered_the_page_again_in_another_language()
    {
        using var browser = world.World.NewBrowser();
        var token = await world.World.Token();

        var refused = await Text(await browser.Open(token, "http://evil.com/"));
        var welcome = await Text(await browser.Open(token));

        Assert.DoesNotContain("lang=en", refused, StringComparison.Ordinal);
        Assert.Contains("href=\"?lang=en\"", welcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_is_answered_in_the_language_of_its_page()
    {
        using var browser = world.World.NewBrowser();
        var token = await world.World.Token();
        var key = Browser.FormToken(await Text(await browser.Open(token + English)));

        var answer = await Text(await browser.Fetch($"/ipg/{token}/pin{English}", Fields(key, "1")));

        Assert.Contains("The card number is not right", answer, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Fields(string key, string card) =>
        new() { ["pan"] = card, ["cvv2"] = "123", ["month"] = "12", ["year"] = "09", ["pin"] = "12345", ["form"] = key };

    private static async Task<string> Text(HttpResponseMessage response) => await response.Content.ReadAsStringAsync();

    private static string Attribute(string page, string name, string start) => WebUtility.HtmlDecode(
        Regex.Match(page, $"{name}=\"({Regex.Escape(start)}[^\"]*)\"", RegexOptions.NonBacktracking) is { Success: true } match
            ? match.Groups[1].Value
            : throw new InvalidOperationException($"The page has no {name} to {start}: {page}"));

    /// <summary>But for the shop's name and the link to the Persian page.</summary>
    private static void AssertEnglish(string page)
    {
        Assert.Contains("<html lang=\"en\" dir=\"ltr\">", page, StringComparison.Ordinal);
        var left = PersianParts().Replace(page.Replace("فروشگاه نمونه", "", StringComparison.Ordinal), "");
        Assert.Equal("", new string([.. left.Where(WordsTests.IsPersian)]));
    }

    /// <summary>The first letter of the shop's name stands alone as its mark.</summary>
    [GeneratedRegex("""<a [^>]*lang="fa"[^>]*>فارسی</a>|<span aria-hidden="true">ف</span>""")]
    private static partial Regex PersianParts();
}
