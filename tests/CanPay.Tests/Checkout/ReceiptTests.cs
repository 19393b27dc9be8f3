using System.Net;
using System.Text.RegularExpressions;
using CanPay.Gateway.Checkout;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage;
using CanPay.Tests.EndToEnd;
using CanPay.Tests.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace CanPay.Tests.Checkout;

/// <summary>The receipt at <c>/r/{code}</c>, for whoever holds its code.</summary>
public sealed partial class ReceiptTests(PageWorld world) : IClassFixture<PageWorld>
{
    private const string Mask = "5022-29**-****-7122";

    [Fact]
    public async Task A_paid_payment_has_a_receipt_that_follows_what_the_shop_does()
    {
        using var browser = world.World.NewBrowser();
        var token = await world.World.Token("فاکتور ۱۲", 1_234_567);
        var link = LinkOn(await browser.Pay(token));

        var waiting = await Text(link);
        await world.World.Verify(token);
        var verified = await Text(link);

        var payment = await world.World.Payment(token);
        foreach (var text in new[]
        {
            "فروشگاه نمونه", "۱٬۲۳۴٬۵۶۷", "۱۲۳٬۴۵۶٫۷", "فاکتور ۱۲", payment.Rrn!, Mask, "بانک پاسارگاد", Persian.DateAndTime(payment.AuthorizedAt!.Value),
        })
        {
            Assert.Contains(text, waiting, StringComparison.Ordinal);
            Assert.Contains(text, verified, StringComparison.Ordinal);
        }

        Assert.Contains("در انتظار تأیید فروشگاه", waiting, StringComparison.Ordinal);
        Assert.Contains(Persian.Hour(payment.VerifyDeadline!.Value), waiting, StringComparison.Ordinal);
        Assert.Contains("پرداخت‌شده و تأییدشده", verified, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receipt_says_what_was_refunded_and_when()
    {
        using var browser = world.World.NewBrowser();
        var token = await world.World.Token(amount: 1_234_567);
        var link = LinkOn(await browser.Pay(token));
        await world.World.Verify(token);

        await RefundTests.Refund(world.World, token, "receipt-1", 234_567);
        await RefundTests.UntilOver(world.World, "receipt-1");
        var partly = await Text(link);
        await RefundTests.Refund(world.World, token, "receipt-2");
        await RefundTests.UntilOver(world.World, "receipt-2");
        var whole = await Text(link);
        using var other = new HttpClient { BaseAddress = world.World.Http.BaseAddress }; // it would be answered in English ever after
        var english = await other.GetStringAsync(link + "?lang=en");

        foreach (var text in new[] { "پرداخت‌شده، بخشی بازگردانده‌شده", "بازگردانده‌شده", "۲۳۴٬۵۶۷ ریال، ۱۴" })
        {
            Assert.Contains(text, partly, StringComparison.Ordinal);
        }

        Assert.Contains("همهٔ مبلغ به شما بازگردانده شد", whole, StringComparison.Ordinal);
        Assert.Contains("۱٬۰۰۰٬۰۰۰ ریال، ۱۴", whole, StringComparison.Ordinal);
        Assert.Contains("The whole amount was refunded", english, StringComparison.Ordinal);
        Assert.Contains("234,567 rials, ", english, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_shop_gave_back_is_said_to_be_its_doing()
    {
        using var browser = world.World.NewBrowser();
        var token = await world.World.Token();
        var link = LinkOn(await browser.Pay(token));

        await world.World.Call("reverse", new { merchant = World.Merchant, token });
        await world.World.UntilStatus(token, PaymentStatus.Reversed);

        Assert.Contains("فروشگاه این پرداخت را لغو کرد", await Text(link), StringComparison.Ordinal);
        Assert.Contains("فروشگاه این پرداخت را لغو کرد", await (await browser.Open(token)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receipt_needs_no_cookie_and_holds_no_card_and_no_way_to_the_payment()
    {
        using var browser = world.World.NewBrowser();
        var token = await world.World.Token();
        var link = LinkOn(await browser.Pay(token));

        var page = await Text(link);

        Assert.DoesNotContain(World.ApprovedCard, page.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain(token, page, StringComparison.Ordinal);
        Assert.DoesNotContain("<form", page, StringComparison.Ordinal);
        Assert.Contains(Links.Address((await world.World.Payment(token)).Id), page, StringComparison.Ordinal);
        Assert.Contains("src=\"data:image/svg", page, StringComparison.Ordinal);
        Assert.DoesNotContain((await world.World.Payment(token)).Rrn!, link, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_receipt_loads_is_small()
    {
        using var browser = world.World.NewBrowser();
        var link = LinkOn(await browser.Pay(await world.World.Token()));
        using var http = new HttpClient { BaseAddress = world.World.Http.BaseAddress };
        http.DefaultRequestHeaders.AcceptEncoding.ParseAdd("br");

        var page = (await http.GetByteArrayAsync(link)).Length;
        var style = (await http.GetByteArrayAsync(Assets.Address("pay.css"))).Length;
        var script = (await http.GetByteArrayAsync(Assets.Address("receipt.js"))).Length;

        Assert.InRange(page + style + script, 1, 30 * 1024);
    }

    [Fact]
    public async Task A_receipt_carries_the_headers_of_a_page_that_sends_nobody_elsewhere()
    {
        using var browser = world.World.NewBrowser();
        var link = LinkOn(await browser.Pay(await world.World.Token()));

        foreach (var response in new[] { await world.World.Http.GetAsync(link), await world.World.Http.GetAsync("/r/unknown") })
        {
            var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
            Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("'self'", policy.Split("form-action ")[1].Split(';')[0]);
            Assert.Equal("noindex, nofollow", Assert.Single(response.Headers.GetValues("X-Robots-Tag")));
            Assert.Equal("strict-origin", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
            Assert.True(response.Headers.CacheControl!.NoStore);
        }
    }

    [Fact]
    public async Task An_altered_code_is_answered_as_an_unknown_token_is()
    {
        using var browser = world.World.NewBrowser();
        var unknown = await (await browser.Open(new string('A', 30))).Content.ReadAsStringAsync();
        var link = LinkOn(await browser.Pay(await world.World.Token()));
        var path = "/r/";
        var code = link[path.Length..];

        foreach (var altered in new[]
        {
            Changed(code, 0), Changed(code, 20), Changed(code, 21), Changed(code, 24), Changed(code, code.Length - 1), code[..^1], code + "A",
            code[..^1] + "=", code[..^1] + "%20", new string('A', code.Length), "1", "..", "a/b",
        })
        {
            var response = await world.World.Http.GetAsync(path + altered);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            if (!altered.Contains('/', StringComparison.Ordinal) && altered != "..")
            {
                Assert.Equal(unknown, await response.Content.ReadAsStringAsync());
            }
        }
    }

    [Fact]
    public async Task A_code_of_another_installation_is_worth_nothing()
    {
        using var browser = world.World.NewBrowser();
        var token = await world.World.Token();
        await browser.Pay(token);
        var secret = new InstallationSecret();
        secret.Open(new byte[InstallationSecret.Length]);
        var foreign = new ReceiptLinks(secret, world.World.Gateway.Services.GetRequiredService<Gateway.Http.PublicUrl>());

        var response = await world.World.Http.GetAsync(foreign.Path((await world.World.Payment(token)).Id));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Before_a_payment_is_over_there_is_no_receipt_and_no_link()
    {
        using var browser = world.World.NewBrowser();
        var token = await world.World.Token();

        var page = await (await browser.Open(token)).Content.ReadAsStringAsync();
        var response = await world.World.Http.GetAsync(Links.Path((await world.World.Payment(token)).Id));

        Assert.DoesNotContain("/r/", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task A_cancelled_and_a_failed_payment_say_that_nothing_was_taken_and_show_no_card()
    {
        using var browser = world.World.NewBrowser();
        var cancelled = await world.World.Token();
        var form = Browser.FormToken(await (await browser.Open(cancelled)).Content.ReadAsStringAsync());
        var failed = await world.World.Token();

        var left = await (await browser.Send(cancelled, "cancel", form)).Content.ReadAsStringAsync();
        var last = "";
        for (var i = 0; i < 5; i++)
        {
            last = await browser.Pay(failed, "6037990000000006");
            await world.World.Until(async () => (await world.World.Payment(failed)).Declines == i + 1);
        }

        last = await (await browser.Open(failed)).Content.ReadAsStringAsync();
        foreach (var (page, words) in new[] { (left, "لغوشده"), (last, "ناموفق") })
        {
            var receipt = await Text(LinkOn(page));
            Assert.Contains(words, receipt, StringComparison.Ordinal);
            Assert.Contains("مبلغی از کارت شما کسر نشده است", receipt, StringComparison.Ordinal);
            Assert.DoesNotContain("****", receipt, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Money_that_goes_back_is_followed_to_its_end_with_the_reason(bool onPostgres)
    {
        await using var impatient = await World.Start(
            onPostgres ? EngineKind.Postgres : EngineKind.Sqlite, "--Payments:VerifyWindowSeconds=1");
        using var browser = impatient.NewBrowser();
        var unverified = await impatient.Token();
        var first = LinkOn(await browser.Pay(unverified));
        var unknown = await impatient.Token();
        await browser.Pay(unknown, "6219860000070004");

        await impatient.UntilStatus(unverified, PaymentStatus.Reversed);
        await impatient.Until(async () => (await impatient.Payment(unknown)).ReversalCause is not null);
        var second = LinkOn(await (await browser.Open(unknown)).Content.ReadAsStringAsync());
        var returned = await impatient.Http.GetStringAsync(first);
        var open = await impatient.Http.GetStringAsync(second);

        Assert.Contains("برگشت‌خورده به کارت", returned, StringComparison.Ordinal);
        Assert.Contains("در مهلت مقرر تأیید نکرد", returned, StringComparison.Ordinal);
        Assert.Contains(Mask, returned, StringComparison.Ordinal);
        Assert.Contains("بانک به‌موقع پاسخ نداد", open, StringComparison.Ordinal);
        Assert.Contains("حداکثر تا ۷۲ ساعت", open, StringComparison.Ordinal);
        Assert.Contains((await impatient.Payment(unknown)).Rrn!, open, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_guesses_codes_hears_soon_only_that_it_was_too_often()
    {
        await using var strict = await World.Start("--Http:AddressRefusalsPerMinute=3");

        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 5; i++)
        {
            answers.Add((await strict.Http.GetAsync("/r/" + new string('A', 32))).StatusCode);
        }

        Assert.Equal(HttpStatusCode.NotFound, answers[0]);
        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1]);
    }

    [Theory]
    [InlineData(PaymentStatus.Created, null)]
    [InlineData(PaymentStatus.Authorizing, null)]
    [InlineData(PaymentStatus.Authorized, "ok")]
    [InlineData(PaymentStatus.Verified, "ok")]
    [InlineData(PaymentStatus.Cancelled, "wait")]
    [InlineData(PaymentStatus.Failed, "bad")]
    [InlineData(PaymentStatus.Expired, "bad")]
    [InlineData(PaymentStatus.Reversing, "wait")]
    [InlineData(PaymentStatus.Reversed, "wait")]
    public void Every_state_that_is_over_for_the_payer_has_a_receipt(PaymentStatus status, string? kind)
    {
        var receipt = Receipt.Of(SomePayment.InStatus(status), "فروشگاه", paidAt: null, [], Languages.English);

        Assert.Equal(kind, receipt?.Kind);
        Assert.All(receipt?.Rows ?? [], row => Assert.NotEmpty(row.Value));
    }

    private ReceiptLinks Links => world.World.Gateway.Services.GetRequiredService<ReceiptLinks>();

    private Task<string> Text(string link) => world.World.Http.GetStringAsync(link);

    private static string Changed(string code, int at) => code[..at] + (code[at] == 'A' ? 'B' : 'A') + code[(at + 1)..];

    private static string LinkOn(string page) =>
        LinkPattern().Match(page) is { Success: true } match ? match.Groups[1].Value : throw new InvalidOperationException("The page has no receipt: " + page);

    [GeneratedRegex("href=\"(/r/[^\"]+)\"")]
    private static partial Regex LinkPattern();
}
