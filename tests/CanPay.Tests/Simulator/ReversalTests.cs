using CanPay.Iso8583;
using CanPay.Simulator;

namespace CanPay.Tests.Simulator;

/// <summary>Reversal advices: acknowledged as often as they come, booked once, never undone.</summary>
public sealed class ReversalTests
{
    private const string GoodCard = "5022290000087122";

    [Theory]
    [InlineData(GoodCard)]
    [InlineData("6037990000000006")]
    [InlineData("6219860000070004")]
    [InlineData("6396070000090003")]
    public async Task A_purchase_is_given_back_once_however_often_it_is_asked(string card)
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();
        var purchase = Acquirer.Purchase(card);
        await acquirer.Ask(purchase, TimeSpan.FromMilliseconds(200));
        var advice = Acquirer.Reversal(purchase);

        var first = await acquirer.Ask(advice);
        var second = await acquirer.Ask(advice);
        var third = await acquirer.Ask(Acquirer.Reversal(purchase));

        Assert.Equal(Mti.ReversalAdviceResponse, first!.Mti);
        Assert.Equal(["400", "400", "400"], new[] { first, second, third }.Select(answer => answer!.GetText(39)!));
        Assert.Equal(Acquirer.Encode(first), Acquirer.Encode(second!));
        var reversal = Assert.Single(sandbox.Books, entry => entry.Kind == Entry.Reversal);
        Assert.Equal((Entry.Reversed, 2, true), (reversal.Outcome, reversal.Repeats, reversal.OriginalKnown));
        Assert.Equal(purchase.GetText(11), reversal.Stan);
    }

    [Fact]
    public async Task Twenty_advices_at_once_give_back_once()
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();
        var purchase = Acquirer.Purchase(GoodCard);
        await acquirer.Ask(purchase);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => acquirer.Ask(Acquirer.Reversal(purchase))));

        Assert.All(answers, answer => Assert.Equal("400", answer!.GetText(39)));
        Assert.Equal(19, Assert.Single(sandbox.Books, entry => entry.Kind == Entry.Reversal).Repeats);
    }

    [Fact]
    public async Task A_purchase_that_its_reversal_overtook_is_declined_for_ever()
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();
        var purchase = Acquirer.Purchase(GoodCard);

        var acknowledged = await acquirer.Ask(Acquirer.Reversal(purchase));
        var first = await acquirer.Ask(purchase);
        var second = await acquirer.Ask(purchase);

        Assert.Equal(["400", "100", "100"], new[] { acknowledged, first, second }.Select(answer => answer!.GetText(39)!));
        Assert.False(sandbox.Books.Single(entry => entry.Kind == Entry.Reversal).OriginalKnown);
        Assert.DoesNotContain(sandbox.Books, entry => entry.Outcome == Entry.Approved);
    }

    [Fact]
    public async Task A_purchase_repeated_after_its_reversal_gets_its_old_answer_and_takes_nothing_again()
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();
        var purchase = Acquirer.Purchase(GoodCard);
        await acquirer.Ask(purchase);
        await acquirer.Ask(Acquirer.Reversal(purchase));

        var again = await acquirer.Ask(purchase);

        Assert.Equal("000", again!.GetText(39));
        Assert.Equal([Entry.Approved, Entry.Reversed], sandbox.Books.Select(entry => entry.Outcome));
    }

    [Theory]
    [InlineData("amount", "110")]
    [InlineData("terminal", "109")]
    [InlineData("card", "111")]
    public async Task What_does_not_fit_its_purchase_is_refused_and_the_right_advice_is_still_taken(string wrong, string code)
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();
        var purchase = Acquirer.Purchase(GoodCard);
        await acquirer.Ask(purchase);
        var unfit = wrong switch
        {
            "amount" => Acquirer.Reversal(purchase, amount: 1),
            "terminal" => Acquirer.Reversal(purchase, terminal: "20000002"),
            _ => Acquirer.Reversal(purchase, pan: "6037990000000006"),
        };

        var refused = await acquirer.Ask(unfit);
        var refusedAgain = await acquirer.Ask(unfit);
        var taken = await acquirer.Ask(Acquirer.Reversal(purchase));

        Assert.Equal([code, code, "400"], new[] { refused, refusedAgain, taken }.Select(answer => answer!.GetText(39)!));
        Assert.Equal([Entry.Approved, Entry.Refused, Entry.Reversed], sandbox.Books.Select(entry => entry.Outcome));
        Assert.Equal(1, sandbox.Books[1].Repeats);
    }

    [Theory]
    [InlineData("12")]
    [InlineData("1200000001260131120000")]
    [InlineData("12000000012601311200000958167200")]
    [InlineData("14200000012601311200000" + "9581672000")]
    public async Task An_advice_that_does_not_say_what_it_means_is_refused(string originalData)
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();
        var advice = Acquirer.Reversal(Acquirer.Purchase(GoodCard));
        advice.Set(56, originalData);

        Assert.Equal("902", (await acquirer.Ask(advice))!.GetText(39));
        Assert.Equal(Entry.Refused, Assert.Single(sandbox.Books).Outcome);
    }

    [Fact]
    public async Task A_refused_advice_keeps_no_purchase_away()
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();
        var purchase = Acquirer.Purchase(GoodCard);
        var advice = Acquirer.Reversal(purchase);
        advice.Set(11, purchase.GetText(11)!);
        advice.Set(12, purchase.GetText(12)!);
        advice.Remove(56);

        Assert.Equal("902", (await acquirer.Ask(advice))!.GetText(39));
        Assert.Equal("000", (await acquirer.Ask(purchase))!.GetText(39));
    }
}
