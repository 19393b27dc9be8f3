using CanPay.Iso8583;
using CanPay.Simulator;

namespace CanPay.Tests.Simulator;

/// <summary>Refunds: credited once however often they come, and never more than the purchase.</summary>
public sealed class RefundTests
{
    private const string GoodCard = "5022290000087122";

    [Fact]
    public async Task A_refund_is_credited_once_however_often_it_is_sent()
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();
        var purchase = Acquirer.Purchase(GoodCard);
        await acquirer.Ask(purchase);
        var refund = Acquirer.Refund(purchase, 50_000);

        var answers = new List<IsoMessage>();
        for (var i = 0; i < 3; i++)
        {
            answers.Add((await acquirer.Ask(refund))!);
        }

        Assert.Equal(Mti.FinancialAdviceResponse, answers[0].Mti);
        Assert.Equal(["000", "000", "000"], answers.Select(answer => answer.GetText(39)!));
        Assert.Equal(Acquirer.Encode(answers[0]), Acquirer.Encode(answers[2]));
        var credit = Assert.Single(sandbox.Books, entry => entry.Kind == Entry.Refund);
        Assert.Equal((Entry.Refunded, 2, 50_000, purchase.GetText(37)), (credit.Outcome, credit.Repeats, credit.Amount, credit.Purchased));
    }

    [Fact]
    public async Task All_refunds_of_a_purchase_are_not_more_than_it_also_after_a_restart()
    {
        await using var before = await Sandbox.Start();
        var purchase = Acquirer.Purchase(GoodCard, amount: 100_000);
        var refund = Acquirer.Refund(purchase, 60_000);
        await using (var acquirer = await before.Connect())
        {
            await acquirer.Ask(purchase);
            Assert.Equal("000", (await acquirer.Ask(refund))!.GetText(39));
            Assert.Equal("110", (await acquirer.Ask(Acquirer.Refund(purchase, 40_001)))!.GetText(39));
        }

        await using var sandbox = await before.KilledAndStartedAgain();
        await using var again = await sandbox.Connect();
        Assert.Equal("000", (await again.Ask(refund))!.GetText(39));
        Assert.Equal("110", (await again.Ask(Acquirer.Refund(purchase, 40_001)))!.GetText(39));
        Assert.Equal("000", (await again.Ask(Acquirer.Refund(purchase, 40_000)))!.GetText(39));
        Assert.Equal("110", (await again.Ask(Acquirer.Refund(purchase, 1)))!.GetText(39));
        Assert.Equal(100_000, sandbox.Books.Where(entry => entry.Outcome == Entry.Refunded).Sum(entry => entry.Amount));
    }

    [Fact]
    public async Task Only_a_purchase_that_stands_is_refunded_to_its_own_card_at_its_own_terminal()
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();
        var good = Acquirer.Purchase(GoodCard);
        var declined = Acquirer.Purchase("6037990000000006");
        var reversed = Acquirer.Purchase(GoodCard);
        foreach (var message in new[] { good, declined, reversed, Acquirer.Reversal(reversed) })
        {
            await acquirer.Ask(message);
        }

        var nameless = Acquirer.Refund(good, 1);
        nameless.Set(56, "1200");
        Assert.Equal("914", (await acquirer.Ask(Acquirer.Refund(Acquirer.Purchase(GoodCard), 1)))!.GetText(39));
        Assert.Equal("902", (await acquirer.Ask(nameless))!.GetText(39));
        Assert.Equal("100", (await acquirer.Ask(Acquirer.Refund(declined, 1)))!.GetText(39));
        Assert.Equal("100", (await acquirer.Ask(Acquirer.Refund(reversed, 1)))!.GetText(39));
        Assert.Equal("111", (await acquirer.Ask(Acquirer.Refund(good, 1, pan: "6037990000000006")))!.GetText(39));
        Assert.Equal("109", (await acquirer.Ask(Acquirer.Refund(good, 1, terminal: "10000002")))!.GetText(39));
        Assert.DoesNotContain(sandbox.Books, entry => entry.Outcome == Entry.Refunded);
    }

    [Fact]
    public async Task A_planned_decline_hits_the_next_refund_and_its_repetitions_alone()
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();
        var purchase = Acquirer.Purchase(GoodCard);
        await acquirer.Ask(purchase);
        await sandbox.Control("next-refund?decline=116");
        var declined = Acquirer.Refund(purchase, 1);

        Assert.Equal("116", (await acquirer.Ask(declined))!.GetText(39));
        Assert.Equal("116", (await acquirer.Ask(declined))!.GetText(39));
        Assert.Equal("000", (await acquirer.Ask(Acquirer.Refund(purchase, 1)))!.GetText(39));
        var shown = (await sandbox.Json("/books.json")).EnumerateArray().Last();
        Assert.Equal(("refund", "refunded", purchase.GetText(37)), (shown.GetProperty("kind").GetString(), shown.GetProperty("outcome").GetString(), shown.GetProperty("purchased").GetString()));
        Assert.Contains("بازگرداندن وجه", await sandbox.Http.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_answer_to_a_refund_may_get_lost()
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();
        var purchase = Acquirer.Purchase(GoodCard);
        await acquirer.Ask(purchase);
        await sandbox.Control("next-answer?fault=lost");
        var refund = Acquirer.Refund(purchase, 1);

        Assert.Null(await acquirer.Ask(refund, TimeSpan.FromMilliseconds(300)));
        Assert.Equal("000", (await acquirer.Ask(refund))!.GetText(39));
        Assert.Single(sandbox.Books, entry => entry.Kind == Entry.Refund);
    }
}
