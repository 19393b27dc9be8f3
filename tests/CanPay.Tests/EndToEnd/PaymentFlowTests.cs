using System.Net;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage;
using CanPay.Simulator;

namespace CanPay.Tests.EndToEnd;

/// <summary>Whole payments: API, page, card network over a socket, jobs, books.</summary>
public abstract class PaymentFlowTests
{
    private protected abstract EngineKind Engine { get; }

    [Fact]
    public async Task A_paid_payment_is_verified_and_every_repetition_says_the_same()
    {
        await using var world = await World.Start(Engine);
        using var browser = world.NewBrowser();
        var token = await world.Token("47");

        var page = await browser.Pay(token);
        var (status, first) = await world.Verify(token);
        var (_, second) = await world.Verify(token);

        Assert.Contains("""name="success" value="1" """.Trim(), page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, status);
        var data = first.GetProperty("data");
        Assert.Equal(["card", "reference", "amount", "invoice_id", "verified_at", "already_verified"], data.EnumerateObject().Select(p => p.Name));
        Assert.Equal("5022-29**-****-7122", data.GetProperty("card").GetString());
        Assert.Equal(12, data.GetProperty("reference").GetString()!.Length);
        Assert.Equal("47", data.GetProperty("invoice_id").GetString());
        Assert.False(data.GetProperty("already_verified").GetBoolean());
        Assert.True(second.GetProperty("data").GetProperty("already_verified").GetBoolean());
        Assert.Equal(data.GetProperty("reference").GetString(), second.GetProperty("data").GetProperty("reference").GetString());
        Assert.Equal(data.GetProperty("verified_at").GetString(), second.GetProperty("data").GetProperty("verified_at").GetString());
        await world.AssertHealthy();
    }

    [Theory]
    [InlineData("6037990000000006", "موجودی کارت")]
    [InlineData("6104330000040009", "رمز دوم نادرست")]
    [InlineData("6274120000040008", "مشخصات کارت تأیید نشد")]
    [InlineData("5894630000070005", "سقف مجاز")]
    [InlineData("6037690000050007", "بانک صادرکنندهٔ کارت اکنون پاسخگو نیست")]
    public async Task A_declined_card_is_explained_and_another_may_be_tried(string card, string words)
    {
        await using var world = await World.Start(Engine);
        using var browser = world.NewBrowser();
        var token = await world.Token();

        var declined = await browser.Pay(token, card);
        var paid = await browser.Pay(token);

        Assert.Contains(words, declined, StringComparison.Ordinal);
        Assert.Contains("پرداخت انجام شد", paid, StringComparison.Ordinal);
        await world.AssertHealthy();
    }

    [Theory]
    [InlineData("6219860000070004")]
    [InlineData("6396070000090003")]
    [InlineData("6277600000090001")]
    public async Task What_the_network_does_not_answer_is_reversed_and_never_verified(string card)
    {
        await using var world = await World.Start(Engine);
        using var browser = world.NewBrowser();
        var token = await world.Token();

        await browser.Pay(token, card);
        await world.UntilStatus(token, PaymentStatus.Reversed);

        var (status, body) = await world.Verify(token);
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Equal("payment_returned", body.GetProperty("error").GetString());
        Assert.Single(world.Books, entry => entry is { Kind: Entry.Reversal, Outcome: Entry.Reversed });
        Assert.Contains("""name="success" value="0" """.Trim(), await (await browser.Open(token)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await world.AssertHealthy();
    }

    [Fact]
    public async Task A_slow_approval_shows_the_waiting_page_and_then_success()
    {
        await using var world = await World.Start(Engine, "--Checkout:QuickAnswerMs=0");
        using var browser = world.NewBrowser();
        var token = await world.Token();

        var waiting = await browser.Pay(token, "6273530000010002");
        await world.UntilStatus(token, PaymentStatus.Authorized);
        var done = await (await browser.Open(token)).Content.ReadAsStringAsync();

        Assert.Contains("http-equiv=\"refresh\"", waiting, StringComparison.Ordinal);
        Assert.Contains("پرداخت انجام شد", done, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unverified_payment_goes_back_to_the_payer()
    {
        await using var world = await World.Start(Engine, "--Payments:VerifyWindowSeconds=1");
        using var browser = world.NewBrowser();
        var token = await world.Token();
        await browser.Pay(token);

        await world.UntilStatus(token, PaymentStatus.Reversed);

        Assert.Equal(HttpStatusCode.Conflict, (await world.Verify(token)).Status);
        Assert.Equal(["purchase", "reversal"], world.Books.Select(entry => entry.Kind));
        await world.AssertHealthy();
    }

    [Fact]
    public async Task An_unpaid_payment_expires()
    {
        await using var world = await World.Start(Engine, "--Payments:PageLifetimeSeconds=1");
        var token = await world.Token();

        await world.UntilStatus(token, PaymentStatus.Expired);

        var (_, body) = await world.Verify(token);
        Assert.Equal("payment_expired", body.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Twenty_presses_of_pay_at_once_ask_the_network_once()
    {
        await using var world = await World.Start(Engine);
        using var browser = world.NewBrowser();
        var token = await world.Token();
        var form = Browser.FormToken(await (await browser.Open(token)).Content.ReadAsStringAsync());

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => browser.Send(token, "pay", form, World.ApprovedCard, "12345")));
        await world.UntilStatus(token, PaymentStatus.Authorized);

        Assert.Single(world.Books);
        await world.AssertHealthy();
    }

    [Fact]
    public async Task Two_browsers_at_one_payment_charge_once_and_the_second_sees_nothing_of_it()
    {
        await using var world = await World.Start(Engine);
        using var first = world.NewBrowser();
        using var second = world.NewBrowser();
        var token = await world.Token();
        var form = Browser.FormToken(await (await second.Open(token)).Content.ReadAsStringAsync());

        await first.Pay(token);
        var other = await (await second.Send(token, "pay", form, World.ApprovedCard, "12345")).Content.ReadAsStringAsync();

        Assert.Single(world.Books);
        Assert.Contains("مرورگر دیگری", other, StringComparison.Ordinal);
        Assert.DoesNotContain("-7122", other, StringComparison.Ordinal);
        Assert.DoesNotContain((await world.Payment(token)).Rrn!, other, StringComparison.Ordinal);
        Assert.DoesNotContain("callback", other, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Twenty_verifications_at_once_verify_once()
    {
        await using var world = await World.Start(Engine);
        using var browser = world.NewBrowser();
        var token = await world.Token();
        await browser.Pay(token);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => world.Verify(token)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Single(answers, answer => !answer.Body.GetProperty("data").GetProperty("already_verified").GetBoolean());
        await world.AssertHealthy();
    }

    [Fact]
    public async Task Five_declines_end_the_payment()
    {
        await using var world = await World.Start(Engine);
        using var browser = world.NewBrowser();
        var token = await world.Token();

        for (var i = 0; i < 5; i++)
        {
            await browser.Pay(token, "6037990000000006");
        }

        Assert.Equal(PaymentStatus.Failed, (await world.Payment(token)).Status);
        Assert.Equal("payment_failed", (await world.Verify(token)).Body.GetProperty("error").GetString());
        await world.AssertHealthy();
    }

    [Fact]
    public async Task A_cancelled_payment_goes_back_with_success_0_and_is_not_paid_any_more()
    {
        await using var world = await World.Start(Engine);
        using var browser = world.NewBrowser();
        var token = await world.Token();
        var form = Browser.FormToken(await (await browser.Open(token)).Content.ReadAsStringAsync());

        var page = await (await browser.Send(token, "cancel", form)).Content.ReadAsStringAsync();
        await browser.Send(token, "pay", form, World.ApprovedCard, "12345");

        Assert.Contains("""name="success" value="0" """.Trim(), page, StringComparison.Ordinal);
        Assert.Empty(world.Books);
        Assert.Equal("payment_cancelled", (await world.Verify(token)).Body.GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_line_that_drops_with_payments_under_way_leaves_no_money_behind()
    {
        await using var world = await World.Start(Engine);
        var tokens = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => world.Token()));
        var payers = tokens.Select(async (token, i) =>
        {
            using var browser = world.NewBrowser();
            await browser.Pay(token, i % 2 == 0 ? "6273530000010002" : "6396070000090003");
        });
        var paying = Task.WhenAll(payers);
        await world.Until(() => Task.FromResult(world.Books.Count >= 6));

        world.DropLines();
        await paying;

        // Who pressed "pay" while there was no line was not charged and may try again.
        await world.Until(async () => (await Task.WhenAll(tokens.Select(world.Payment)))
            .All(payment => payment.IsFinal || payment.IsPaid || payment.Status is PaymentStatus.Created));
        await world.AssertHealthy();
    }

    [Fact]
    public async Task Without_a_line_nothing_is_begun_and_the_payer_may_try_again()
    {
        await using var world = await World.Start(Engine, "--Acquiring:SwitchHost=127.0.0.1");
        using var browser = world.NewBrowser();
        var token = await world.Token();
        var form = Browser.FormToken(await (await browser.Open(token)).Content.ReadAsStringAsync());
        world.DropLines();
        await world.Until(async () => !(await world.Http.GetAsync("/health/ready")).IsSuccessStatusCode);

        var page = await (await browser.Send(token, "pay", form, World.ApprovedCard, "12345")).Content.ReadAsStringAsync();

        Assert.Contains("ارتباط با شبکهٔ بانکی برقرار نیست", page, StringComparison.Ordinal);
        Assert.Equal(PaymentStatus.Created, (await world.Payment(token)).Status);
        await world.Until(async () => (await world.Http.GetAsync("/health/ready")).IsSuccessStatusCode);
        Assert.Contains("پرداخت انجام شد", await browser.Pay(token), StringComparison.Ordinal);
    }
}

public sealed class SqlitePaymentFlowTests : PaymentFlowTests
{
    private protected override EngineKind Engine => EngineKind.Sqlite;
}

public sealed class PostgresPaymentFlowTests : PaymentFlowTests
{
    private protected override EngineKind Engine => EngineKind.Postgres;
}
