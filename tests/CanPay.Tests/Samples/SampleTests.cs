using CanPay.Tests.Client;
using CanPay.Tests.EndToEnd;

namespace CanPay.Tests.Samples;

/// <summary>What every sample must do, whichever its language: it is copied into shops that move real money.</summary>
public abstract class SampleTests(SampleShop shop)
{
    private const string NoMoney = "6037990000000006";

    [Fact]
    public async Task A_paid_order_is_delivered_once_however_often_the_payer_comes_back()
    {
        var back = await Pay();

        Assert.True(await shop.ComeBack(back));
        Assert.True(await shop.ComeBack(back));
        Assert.True(await shop.ComeBack(back, get: true));

        Assert.Equal("paid", await shop.Status(back["invoice_id"]));
        Assert.Equal(1, shop.Deliveries(back["invoice_id"]));
    }

    [Fact]
    public async Task Eight_callbacks_at_once_deliver_once()
    {
        var back = await Pay();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => shop.ComeBack(back, get: i % 2 == 1)));

        Assert.Equal("paid", await shop.Status(back["invoice_id"]));
        Assert.Equal(1, shop.Deliveries(back["invoice_id"]));
    }

    [Fact]
    public async Task What_the_payer_cancels_after_a_decline_is_cancelled()
    {
        using var browser = shop.World.NewBrowser();
        var token = await Begin();
        var declined = await browser.Pay(token, NoMoney);
        var back = shop.WayBack(await browser.Submit(token, "cancel", Browser.FormToken(declined)));

        Assert.True(await shop.ComeBack(back));

        Assert.Equal("0", back["success"]);
        Assert.Equal("cancelled", await shop.Status(back["invoice_id"]));
        Assert.Equal(0, shop.Deliveries(back["invoice_id"]));
    }

    [Fact]
    public async Task A_forged_callback_delivers_nothing()
    {
        var others = await Pay();
        var unpaid = await Pay(card: null);

        Assert.True(await shop.ComeBack(With(unpaid, "success", "1")));
        Assert.Equal("open", await shop.Status(unpaid["invoice_id"]));
        foreach (var (field, value) in new[]
        {
            ("token", others["token"]), ("token", ""), ("token", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), ("amount", "1"), ("amount", "150000.0"),
            ("invoice_id", ""), ("invoice_id", others["invoice_id"]), ("invoice_id", "../delivered.log"), ("invoice_id", "<script>"),
        })
        {
            Assert.False(await shop.ComeBack(With(With(unpaid, "success", "1"), field, value)), $"{field}={value} was believed");
        }

        Assert.Equal("open", await shop.Status(unpaid["invoice_id"]));
        Assert.Equal(0, shop.Deliveries(unpaid["invoice_id"]));
        Assert.True(await shop.ComeBack(With(others, "success", "0"))); // cancels nothing, either
        Assert.Equal("paid", await shop.Status(others["invoice_id"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_verification_without_an_answer_is_unknown_and_settled_later(bool theGatewayHeard)
    {
        var back = await Pay();
        shop.Middleman.Do = theGatewayHeard ? shop.Middleman.LoseTheAnswer : Middleman.LoseTheCall;

        Assert.True(await shop.ComeBack(back));
        var meanwhile = await shop.Status(back["invoice_id"]);
        var deliveredMeanwhile = shop.Deliveries(back["invoice_id"]);
        shop.Middleman.Do = shop.Middleman.Pass;

        Assert.Equal(("unknown", 0), (meanwhile, deliveredMeanwhile));
        Assert.Equal("paid", await shop.Status(back["invoice_id"]));
        Assert.Equal(1, shop.Deliveries(back["invoice_id"]));
    }

    [Fact]
    public async Task A_payer_who_never_comes_back_has_paid_all_the_same()
    {
        var back = await Pay();

        Assert.Contains($"{back["invoice_id"]} paid", await shop.Settle(), StringComparison.Ordinal);
        Assert.Equal(1, shop.Deliveries(back["invoice_id"]));
        Assert.True(await shop.ComeBack(back));
        Assert.Equal(1, shop.Deliveries(back["invoice_id"]));
    }

    [Fact]
    public async Task A_restart_loses_no_order()
    {
        var back = await Pay();

        await shop.Restart();

        Assert.True(await shop.ComeBack(back));
        await shop.Restart();
        Assert.Equal("paid", await shop.Status(back["invoice_id"]));
        Assert.Equal(1, shop.Deliveries(back["invoice_id"]));
    }

    [Fact]
    public async Task A_refusal_is_shown_with_its_code_and_nothing_of_it_is_markup()
    {
        shop.Middleman.Do = context => CannedGateway.Write(
            context,
            """{"status":false,"error":"on_hold","code":811,"message":"<script>alert(1)</script>","description":"\"><img src=x> wait"}""",
            409);

        var (page, error) = await shop.Buy();
        shop.Middleman.Do = shop.Middleman.Pass;

        Assert.Null(page);
        Assert.Contains("811", error, StringComparison.Ordinal);
        Assert.Contains("on_hold", error, StringComparison.Ordinal);
        Assert.Contains("wait", error, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", error, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_gateway_that_is_away_is_said_and_nothing_breaks()
    {
        shop.Middleman.Do = Middleman.LoseTheCall;

        var (page, error) = await shop.Buy();
        shop.Middleman.Do = shop.Middleman.Pass;

        Assert.Null(page);
        Assert.Contains("پاسخ نداد", error, StringComparison.Ordinal);
        await Begin();
    }

    private async Task<string> Begin() => SampleShop.TokenOf((await shop.Buy()).Page);

    /// <summary>Buys, and pays if there is a card.</summary>
    /// <returns>What the browser would take back to the shop.</returns>
    private async Task<IReadOnlyDictionary<string, string>> Pay(string? card = World.ApprovedCard)
    {
        using var browser = shop.World.NewBrowser();
        var token = await Begin();
        if (card is not null)
        {
            return shop.WayBack(await browser.Pay(token, card));
        }

        var payment = await shop.World.Payment(token);
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["success"] = "0",
            ["token"] = token,
            ["amount"] = payment.Amount.Amount.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["invoice_id"] = payment.InvoiceId,
        };
    }

    private static Dictionary<string, string> With(IReadOnlyDictionary<string, string> fields, string name, string value) =>
        new(fields, StringComparer.Ordinal) { [name] = value };
}
