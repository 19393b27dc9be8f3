using CanPay.Iso8583;
using CanPay.Simulator;
using Microsoft.Extensions.Time.Testing;

namespace CanPay.Tests.Simulator;

/// <summary>What the issuers say to purchases, over a socket.</summary>
public sealed class PurchaseTests
{
    private const string GoodCard = "5022290000087122";
    private static readonly TimeSpan ShortPatience = TimeSpan.FromMilliseconds(250);

    [Fact]
    public async Task The_good_card_is_approved_and_the_answer_repeats_what_was_asked()
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();
        var purchase = Acquirer.Purchase(GoodCard, amount: 125_000);

        var answer = await acquirer.Ask(purchase);

        Assert.Equal(Mti.FinancialResponse, answer!.Mti);
        Assert.Equal("000", answer.GetText(39));
        Assert.Equal(6, answer.GetText(38)!.Length);
        Assert.All([2, 3, 4, 11, 12, 32, 37, 41, 42, 49], field => Assert.Equal(purchase.GetText(field), answer.GetText(field)));
        var booked = Assert.Single(sandbox.Books);
        Assert.Equal((Entry.Purchase, Entry.Approved, 125_000L, true), (booked.Kind, booked.Outcome, booked.Amount, booked.Answered));
        Assert.Equal("5022-29**-****-7122", booked.Card);
    }

    [Theory]
    [InlineData("6037990000000006", "116")]
    [InlineData("6104330000040009", "117")]
    [InlineData("6274120000040008", "101")]
    [InlineData("5894630000070005", "121")]
    [InlineData("6037690000050007", "907")]
    public async Task A_declining_card_declines_with_its_own_code_whatever_was_typed(string card, string code)
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();

        var answer = await acquirer.Ask(Acquirer.Purchase(card));
        var withRubbish = await acquirer.Ask(Acquirer.Purchase(card, pin: "99999", cvv2: "999", expiry: "0001"));

        Assert.Equal((code, code), (answer!.GetText(39), withRubbish!.GetText(39)));
        Assert.False(answer.Has(38));
        Assert.All(sandbox.Books, entry => Assert.Equal(Entry.Declined, entry.Outcome));
    }

    [Theory]
    [InlineData("6219860000070004", Entry.NoAnswer)]
    [InlineData("6396070000090003", Entry.Approved)]
    public async Task A_card_without_an_answer_is_booked_and_stays_silent_when_asked_again(string card, string outcome)
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();
        var purchase = Acquirer.Purchase(card);

        Assert.Null(await acquirer.Ask(purchase, ShortPatience));
        Assert.Null(await acquirer.Ask(purchase, ShortPatience));

        var booked = Assert.Single(sandbox.Books);
        Assert.Equal((outcome, false, 1), (booked.Outcome, booked.Answered, booked.Repeats));
        Assert.Equal("000", (await acquirer.Ask(Acquirer.Purchase(GoodCard)))!.GetText(39));
    }

    [Fact]
    public async Task The_slow_card_is_approved_late_and_holds_nobody_up()
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();
        var started = TimeProvider.System.GetTimestamp();

        var slow = acquirer.Ask(Acquirer.Purchase("6273530000010002"));
        Assert.Equal("000", (await acquirer.Ask(Acquirer.Purchase(GoodCard)))!.GetText(39));
        Assert.False(slow.IsCompleted);

        Assert.Equal("000", (await slow)!.GetText(39));
        Assert.True(TimeProvider.System.GetElapsedTime(started) >= TimeSpan.FromMilliseconds(390));
    }

    [Fact]
    public async Task The_dropping_card_takes_the_money_and_breaks_its_own_line_only()
    {
        await using var sandbox = await Sandbox.Start();
        await using var one = await sandbox.Connect();
        await using var other = await sandbox.Connect();

        Assert.Null(await one.Ask(Acquirer.Purchase("6277600000090001")));
        await one.Dropped.WaitAsync(TimeSpan.FromSeconds(5));

        Assert.Equal((Entry.Approved, false), (sandbox.Books[0].Outcome, sandbox.Books[0].Answered));
        Assert.Equal("000", (await other.Ask(Acquirer.Purchase(GoodCard)))!.GetText(39));
    }

    [Theory]
    [InlineData("12346", "123", "0912", "117")]
    [InlineData("12345", "124", "0912", "145")]
    [InlineData("12345", "", "0912", "145")]
    [InlineData("12345", "123", "0411", "101")]
    [InlineData("12345", "123", "9812", "101")]
    [InlineData("12345", "123", "0913", "101")]
    [InlineData("12345", "123", "0412", "000")]
    public async Task What_the_payer_types_is_checked_where_the_card_would_be_approved(string pin, string cvv2, string expiry, string code)
    {
        // 1404/12/05 in Tehran.
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 2, 24, 8, 0, 0, TimeSpan.Zero));
        await using var sandbox = await Sandbox.Start(clock);
        await using var acquirer = await sandbox.Connect();

        var answer = await acquirer.Ask(Acquirer.Purchase(GoodCard, pin: pin, cvv2: cvv2, expiry: expiry));

        Assert.Equal(code, answer!.GetText(39));
    }

    [Fact]
    public async Task A_dynamic_pin_is_good_in_its_window_and_the_next_and_for_its_card_only()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 2, 24, 8, 0, 1, TimeSpan.Zero));
        await using var sandbox = await Sandbox.Start(clock);
        await using var acquirer = await sandbox.Connect();
        var pin = sandbox.Pins.Dynamic(GoodCard);
        var others = sandbox.Pins.Dynamic("6396070000090003");

        var now = await acquirer.Ask(Acquirer.Purchase(GoodCard, pin: pin));
        var foreign = await acquirer.Ask(Acquirer.Purchase(GoodCard, pin: others));
        clock.Advance(TimeSpan.FromSeconds(120));
        var graced = await acquirer.Ask(Acquirer.Purchase(GoodCard, pin: pin));
        clock.Advance(TimeSpan.FromSeconds(120));
        var over = await acquirer.Ask(Acquirer.Purchase(GoodCard, pin: pin));

        Assert.Equal(["000", "117", "000", "117"], new[] { now, foreign, graced, over }.Select(answer => answer!.GetText(39)!));
    }

    [Theory]
    [InlineData("5022290000087130", "118")]
    [InlineData("5022290000087123", "111")]
    public async Task A_card_that_no_bank_issued_is_declined(string card, string code)
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();

        Assert.Equal(code, (await acquirer.Ask(Acquirer.Purchase(card)))!.GetText(39));
    }

    [Fact]
    public async Task A_pin_block_that_is_none_and_a_missing_one_are_told_apart_from_a_wrong_pin()
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();
        var garbled = Acquirer.Purchase(GoodCard);
        garbled.Set(52, new byte[8]);
        var without = Acquirer.Purchase(GoodCard);
        without.Remove(52);

        Assert.Equal("126", (await acquirer.Ask(garbled))!.GetText(39));
        Assert.Equal("112", (await acquirer.Ask(without))!.GetText(39));
    }

    [Fact]
    public async Task The_same_purchase_again_gets_the_same_bytes_and_is_booked_once_also_twenty_at_once()
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();
        var purchase = Acquirer.Purchase(GoodCard);
        var first = Acquirer.Encode((await acquirer.Ask(purchase))!);
        var lines = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => sandbox.Connect()));

        var again = await Task.WhenAll(lines.Select(line => line.Ask(purchase)));

        Assert.All(again, answer => Assert.Equal(first, Acquirer.Encode(answer!)));
        Assert.Equal(20, Assert.Single(sandbox.Books).Repeats);
        foreach (var line in lines)
        {
            await line.DisposeAsync();
        }
    }

    [Fact]
    public async Task Another_purchase_under_the_identity_of_one_is_a_duplicate_and_moves_nothing()
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();
        var purchase = Acquirer.Purchase(GoodCard, amount: 10_000);
        await acquirer.Ask(purchase);

        purchase.SetNumber(4, 90_000, 12);
        var answer = await acquirer.Ask(purchase);

        Assert.Equal("913", answer!.GetText(39));
        Assert.Equal(10_000, Assert.Single(sandbox.Books, entry => entry.Outcome == Entry.Approved).Amount);
    }

    [Fact]
    public async Task A_hundred_purchases_at_once_on_two_lines_are_each_booked_and_answered_with_their_own()
    {
        await using var sandbox = await Sandbox.Start();
        await using var one = await sandbox.Connect();
        await using var other = await sandbox.Connect();
        var purchases = Enumerable.Range(1, 100).Select(i => Acquirer.Purchase(GoodCard, amount: i * 1_000)).ToList();

        var answers = await Task.WhenAll(purchases.Select((purchase, i) => (i % 2 == 0 ? one : other).Ask(purchase)));

        Assert.All(answers.Zip(purchases), pair => Assert.Equal(
            ("000", pair.Second.GetText(4), pair.Second.GetText(37)),
            (pair.First!.GetText(39), pair.First.GetText(4), pair.First.GetText(37))));
        Assert.Equal(5_050_000, sandbox.Books.Sum(entry => entry.Amount));
        Assert.Equal(100, sandbox.Books.Count);
    }
}
