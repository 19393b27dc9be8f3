using System.Text.Json;
using CanPay.Tests.Client;

namespace CanPay.Tests.Samples;

/// <summary>What a plugin must do, whichever its host.</summary>
public abstract class PluginTests(PluginShop shop)
{
    [Fact]
    public async Task An_order_in_toman_is_paid_in_rials_and_goes_out_once()
    {
        var back = await Pay();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => shop.ComeBack(back, get: i % 2 == 1)));
        await shop.ComeBack(back);

        Assert.Equal("150000", back["amount"]); // the order is of 15,000 toman
        Assert.Equal("paid", await shop.Status(back["invoice_id"]));
        Assert.Equal(1, shop.Deliveries(back["invoice_id"]));
    }

    [Theory]
    [InlineData("15000", "IRT", "150000")]
    [InlineData("15000.00", "IRT", "150000")]
    [InlineData("15000", "IRR", "15000")]
    [InlineData("1500.5", "IRT", "15005")]
    [InlineData("0.05", "IRT", "null")]
    [InlineData("1500.5", "IRR", "null")]
    [InlineData("0", "IRR", "null")]
    [InlineData("-5", "IRT", "null")]
    [InlineData("10", "USD", "null")]
    [InlineData("ten", "IRT", "null")]
    public async Task An_amount_becomes_whole_rials_or_nothing(string amount, string currency, string rials) =>
        Assert.Equal(rials, (await shop.Rials(amount, currency)).Trim());

    [Fact]
    public async Task What_the_payer_cancels_is_not_delivered()
    {
        using var browser = shop.World.NewBrowser();
        var token = SampleShop.TokenOf((await shop.Buy()).Page);
        var page = await (await browser.Open(token)).Content.ReadAsStringAsync();
        var back = shop.WayBack(await browser.Submit(token, "cancel", Browser.FormToken(page)));

        Assert.True(await shop.ComeBack(back));

        Assert.Equal("pending", await shop.Status(back["invoice_id"]));
        Assert.Equal(0, shop.Deliveries(back["invoice_id"]));
    }

    [Fact]
    public async Task A_forged_callback_delivers_nothing()
    {
        var others = await Pay();
        var payment = await shop.World.Payment(SampleShop.TokenOf((await shop.Buy()).Page));
        Dictionary<string, string> Forged(string name = "success", string value = "1") => new(StringComparer.Ordinal)
        {
            ["success"] = "1",
            ["token"] = payment.Token,
            ["amount"] = "150000",
            ["invoice_id"] = payment.InvoiceId,
            [name] = value,
        };

        Assert.True(await shop.ComeBack(Forged()));
        Assert.False(await shop.ComeBack(Forged("token", others["token"])));
        Assert.False(await shop.ComeBack(Forged("token", "")));
        Assert.False(await shop.ComeBack(Forged("amount", "1")));
        Assert.False(await shop.ComeBack(Forged("invoice_id", others["invoice_id"])));
        Assert.False(await shop.ComeBack(Forged("invoice_id", PluginShop.Order(payment.InvoiceId))));
        Assert.False(await shop.ComeBack(Forged("invoice_id", "' OR 1=1 --")));
        Assert.Equal(0, shop.Deliveries(payment.InvoiceId));
        Assert.Equal(0, shop.Deliveries(others["invoice_id"]));
    }

    [Fact]
    public async Task A_payment_that_nobody_could_verify_is_found_by_the_hosts_own_schedule()
    {
        var back = await Pay();
        shop.Middleman.Do = shop.Middleman.LoseTheAnswer;
        Assert.True(await shop.ComeBack(back));
        Assert.Equal(0, shop.Deliveries(back["invoice_id"]));
        shop.Middleman.Do = shop.Middleman.Pass;

        var said = await shop.Settle();

        Assert.Contains($"{PluginShop.Order(back["invoice_id"])} paid", said, StringComparison.Ordinal);
        await shop.Settle();
        Assert.Equal(1, shop.Deliveries(back["invoice_id"]));
    }

    [Fact]
    public async Task A_refusal_is_shown_with_its_code_and_nothing_of_it_is_markup()
    {
        shop.Middleman.Do = context => CannedGateway.Write(
            context, """{"status":false,"error":"on_hold","code":811,"message":"<script>alert(1)</script>","description":"wait"}""", 409);

        var (page, error) = await shop.Buy();
        shop.Middleman.Do = shop.Middleman.Pass;

        Assert.Null(page);
        Assert.Contains("811 on_hold", error, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", error, StringComparison.Ordinal);
    }

    /// <summary>The gateway's answer is written here; what the plugin asks is what is looked at.</summary>
    [Fact]
    public async Task A_refund_that_nobody_answered_is_asked_for_again_as_the_same()
    {
        var back = await Pay();
        await shop.ComeBack(back);
        var asked = new List<(string Id, long Amount, string Token)>();
        var isDown = true;
        shop.Middleman.Do = async context =>
        {
            var body = (await JsonDocument.ParseAsync(context.Request.Body)).RootElement;
            asked.Add((body.GetProperty("refund_id").GetString()!, body.GetProperty("amount").GetInt64(), body.GetProperty("token").GetString()!));
            if (isDown)
            {
                context.Abort();
                return;
            }

            await CannedGateway.Write(context, $$$"""{"status":true,"data":{"refund_id":"{{{asked[^1].Id}}}","status":"pending"}}""");
        };

        var unanswered = await shop.Refund(back["invoice_id"], "400");
        isDown = false;
        var repeated = await shop.Refund(back["invoice_id"], "400");
        var next = await shop.Refund(back["invoice_id"], "100");
        shop.Middleman.Do = context => CannedGateway.Write(
            context, """{"status":false,"error":"refund_exceeds_payment","code":822,"message":"m","description":"d"}""", 422);
        var refused = await shop.Refund(back["invoice_id"], "99999");
        shop.Middleman.Do = shop.Middleman.Pass;

        Assert.StartsWith("error:", unanswered, StringComparison.Ordinal);
        Assert.Equal(("refunded", "refunded"), (repeated, next));
        Assert.Contains("822", refused, StringComparison.Ordinal);
        Assert.Equal(5, asked.Count); // three attempts, then two that are answered
        Assert.Single(asked[..4].Distinct());
        Assert.Equal((4_000, 1_000), (asked[3].Amount, asked[4].Amount));
        Assert.NotEqual(asked[3].Id, asked[4].Id);
        Assert.All(asked, refund => Assert.Equal(back["token"], refund.Token));
    }

    private async Task<IReadOnlyDictionary<string, string>> Pay()
    {
        using var browser = shop.World.NewBrowser();
        return shop.WayBack(await browser.Pay(SampleShop.TokenOf((await shop.Buy()).Page)));
    }
}
