using System.Net;
using CanPay.Gateway.Checkout;
using CanPay.Gateway.Kernel;
using CanPay.Tests.EndToEnd;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace CanPay.Tests.Checkout;

public sealed class PageWorld : IAsyncLifetime
{
    internal World World { get; private set; } = null!;

    public async ValueTask InitializeAsync() => World = await World.Start();

    public ValueTask DisposeAsync() => World.DisposeAsync();
}

public sealed class PageTests(PageWorld world) : IClassFixture<PageWorld>
{
    [Fact]
    public async Task The_page_says_whom_how_much_and_for_what()
    {
        using var browser = world.World.NewBrowser();

        var page = await (await browser.Open(await world.World.Token("فاکتور ۱۲", 1_234_567))).Content.ReadAsStringAsync();

        foreach (var text in new[] { "فروشگاه نمونه", "۱٬۲۳۴٬۵۶۷", "۱۲۳٬۴۵۶٫۷", "فاکتور ۱۲", "127.0.0.1" })
        {
            Assert.Contains(text, page, StringComparison.Ordinal);
        }

        foreach (var autocomplete in new[] { "cc-number", "cc-csc", "cc-exp-month", "cc-exp-year", "one-time-code" })
        {
            Assert.Contains($"autocomplete=\"{autocomplete}\"", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_page_carries_the_headers_of_a_payment_page()
    {
        using var browser = world.World.NewBrowser();
        foreach (var response in new[] { await browser.Open(await world.World.Token()), await browser.Open(new string('A', 30)) })
        {
            Assert.Equal("DENY", Assert.Single(response.Headers.GetValues("X-Frame-Options")));
            Assert.Equal("strict-origin", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            Assert.True(response.Headers.CacheControl!.NoStore);
            var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
            Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal(
                response.IsSuccessStatusCode ? "'self' http://127.0.0.1:5090" : "'self'",
                policy.Split("form-action ")[1].Split(';')[0]);
        }
    }

    [Fact]
    public async Task An_unknown_token_is_a_friendly_404()
    {
        using var browser = world.World.NewBrowser();

        var response = await browser.Open(new string('A', 30));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("این پرداخت پیدا نشد", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://evil-localhost/", "evil-localhost")]
    [InlineData("http://localhost.evil.com/", "localhost.evil.com")]
    [InlineData("https://site.com/", "site.com")]
    public async Task A_payer_from_another_domain_is_refused_and_told_which_was_seen(string referrer, string seen)
    {
        using var browser = world.World.NewBrowser();

        var response = await browser.Open(await world.World.Token(), referrer);
        var page = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains(seen, page, StringComparison.Ordinal);
        Assert.DoesNotContain("cc-number", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_payer_without_referrer_is_asked_once()
    {
        using var browser = world.World.NewBrowser();
        var token = await world.World.Token();

        var asked = await (await browser.Open(token, referrer: null)).Content.ReadAsStringAsync();
        var form = await (await browser.Send(token, "continue", Browser.FormToken(asked))).Content.ReadAsStringAsync();
        var again = await (await browser.Open(token, referrer: null)).Content.ReadAsStringAsync();

        Assert.Contains("به این فروشگاه پرداخت می‌کنید؟", asked, StringComparison.Ordinal);
        Assert.DoesNotContain("cc-number", asked, StringComparison.Ordinal);
        Assert.Contains("cc-number", form, StringComparison.Ordinal);
        Assert.Contains("cc-number", again, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://evil.com")]
    [InlineData("null")]
    public async Task A_form_from_another_site_is_refused(string origin)
    {
        using var browser = world.World.NewBrowser();
        var token = await world.World.Token();
        var form = Browser.FormToken(await (await browser.Open(token)).Content.ReadAsStringAsync());

        var response = await browser.Post($"/ipg/{token}/cancel", new() { ["form"] = form }, origin);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(Gateway.Payments.PaymentStatus.Created, (await world.World.Payment(token)).Status);
    }

    [Fact]
    public async Task A_form_of_another_browser_is_refused()
    {
        using var first = world.World.NewBrowser();
        using var second = world.World.NewBrowser();
        var token = await world.World.Token();
        var form = Browser.FormToken(await (await first.Open(token)).Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.BadRequest, (await second.Send(token, "pay", form, World.ApprovedCard, "12345")).StatusCode);
        await second.Open(token);
        Assert.Equal(HttpStatusCode.BadRequest, (await second.Send(token, "pay", form, World.ApprovedCard, "12345")).StatusCode);
    }

    [Fact]
    public async Task What_the_payer_typed_is_never_shown_again()
    {
        using var browser = world.World.NewBrowser();
        var token = await world.World.Token();

        var page = await browser.Pay(token, "5022290000087123", "98765");

        Assert.Contains("شمارهٔ کارت درست نیست", page, StringComparison.Ordinal);
        Assert.DoesNotContain("5022290000087123", page, StringComparison.Ordinal);
        Assert.DoesNotContain("98765", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_way_back_has_the_guides_four_fields_and_no_other()
    {
        using var browser = world.World.NewBrowser();
        var token = await world.World.Token("\"><script>alert(1)</script>");

        var page = await browser.Pay(token);

        Assert.Contains($"action=\"{World.Callback}\"", page, StringComparison.Ordinal);
        Assert.Equal(["success", "token", "amount", "invoice_id"], page.Split("name=\"").Skip(1).Select(part => part.Split('"')[0]).Where(name => name != "viewport"));
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_merchant_that_wants_get_is_sent_back_by_get()
    {
        await using (var books = await world.World.NewBooks())
        {
            var row = SomeMerchant.Row("get-merchant");
            row.CallbackMethod = "Get";
            books.Merchants.Add(row);
            await books.SaveChangesAsync();
        }

        var (_, body) = await world.World.Call("token", new
        {
            merchant = "get-merchant",
            amount = 10_000,
            callback_url = "http://127.0.0.1:5090/back?order=5",
            invoice_id = "a b",
        });
        var token = body.GetProperty("data").GetProperty("token").GetString()!;
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() };
        using var http = new HttpClient(handler) { BaseAddress = world.World.Http.BaseAddress };
        http.DefaultRequestHeaders.Referrer = new Uri("http://127.0.0.1:5090/");
        var form = Browser.FormToken(await http.GetStringAsync($"/ipg/{token}"));
        await http.PostAsync($"/ipg/{token}/pay", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["pan"] = World.ApprovedCard,
            ["cvv2"] = "123",
            ["month"] = "12",
            ["year"] = "09",
            ["pin"] = "12345",
            ["form"] = form,
        }));
        await world.World.UntilStatus(token, Gateway.Payments.PaymentStatus.Authorized);

        var back = await http.GetAsync($"/ipg/{token}");

        Assert.Equal(HttpStatusCode.SeeOther, back.StatusCode);
        Assert.Equal($"http://127.0.0.1:5090/back?order=5&success=1&token={token}&amount=10000&invoice_id=a%20b", back.Headers.Location!.OriginalString);
    }

    /// <summary>A script of which one letter cannot be read does not run at all: optional chaining and the like came in 2019 and later.</summary>
    [Fact]
    public void Scripts_can_be_read_by_browsers_of_2018() => Assert.All(
        Directory.GetFiles(Path.Combine(Programs.Root, "src", "CanPay.Gateway", "Checkout", "Assets"), "*.js"),
        file => Assert.DoesNotMatch(
            @"\?\.(?!\d)|\?\?|catch\s*\{|\bimport\(|\d_\d|\.replaceAll\(|\.at\(|\.flat(Map)?\(|fromEntries|allSettled|matchAll|globalThis|\|\|=|&&=",
            File.ReadAllText(file)));

    [Fact]
    public async Task What_the_page_loads_is_small()
    {
        using var http = new HttpClient { BaseAddress = world.World.Http.BaseAddress };
        http.DefaultRequestHeaders.AcceptEncoding.ParseAdd("br");
        http.DefaultRequestHeaders.Referrer = new Uri("http://127.0.0.1:5090/");

        using var page = await http.GetAsync($"/ipg/{await world.World.Token()}");
        var length = (await page.Content.ReadAsByteArrayAsync()).Length;
        var style = (await http.GetByteArrayAsync(Assets.Address("pay.css"))).Length;
        var script = (await http.GetByteArrayAsync(Assets.Address("pay.js"))).Length;
        var font = (await http.GetByteArrayAsync(Assets.Address("vazirmatn.woff2"))).Length;

        Assert.Equal("br", Assert.Single(page.Content.Headers.ContentEncoding));
        Assert.InRange(length + style + script, 1, 10 * 1024);
        Assert.InRange(length + style + script + font, 1, 45 * 1024);
    }

    /// <summary>The page is compressed: a key that stood in it as it is could be guessed from the length of the page (BREACH).</summary>
    [Fact]
    public async Task The_key_of_a_form_is_another_text_each_time_and_each_is_good()
    {
        using var browser = world.World.NewBrowser();
        var token = await world.World.Token();
        var keys = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            keys.Add(Browser.FormToken(await (await browser.Open(token)).Content.ReadAsStringAsync()));
        }

        Assert.Equal(3, keys.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(6, keys.SelectMany(key => new[] { key[..(key.Length / 2)], key[(key.Length / 2)..] }).Distinct(StringComparer.Ordinal).Count());
        foreach (var bad in new[] { "", "x", keys[0][1..], keys[0][..^1] + (keys[0][^1] == '0' ? '1' : '0'), keys[0][..32] + keys[1][32..], new string('g', 64) })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await browser.Send(token, "pay", bad, "1", "1")).StatusCode);
        }

        foreach (var key in keys)
        {
            Assert.Equal(HttpStatusCode.OK, (await browser.Send(token, "pay", key, "1", "1")).StatusCode);
        }
    }

    [Theory]
    [InlineData("12", "09", true)]
    [InlineData("۱۲", "۰۹", true)]
    [InlineData("12", "1409", true)]
    [InlineData("9", "05", true)]
    [InlineData("8", "05", false)]
    [InlineData("13", "09", false)]
    [InlineData("0", "09", false)]
    [InlineData("12", "04", false)]
    [InlineData("12", "25", true)]
    [InlineData("12", "98", false)]
    [InlineData("12", "1398", false)]
    [InlineData("12", "", false)]
    public void A_card_is_good_to_the_end_of_its_month(string month, string year, bool isGood)
    {
        var form = new FormCollection(new Dictionary<string, StringValues>
        {
            ["pan"] = "5022-2900 0008 7122",
            ["cvv2"] = "۱۲۳",
            ["month"] = month,
            ["year"] = year,
            ["pin"] = "12345",
        });

        using var card = CardForm.Read(form, new JalaliDate(1405, 9, 3), out var wrong);

        Assert.Equal(isGood, card is not null);
        Assert.Equal(isGood, wrong.Count == 0);
    }
}
