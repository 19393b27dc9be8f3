using CanPay.Gateway.Kernel;
using CanPay.Gateway.Risk;

namespace CanPay.Tests.Risk;

public sealed class CountersTests
{
    private const long Minute = 60_000;
    private static readonly MerchantId Shop = new(1);

    private readonly RiskOptions _limits = new()
    {
        DeclinesPerCardAndDay = 5,
        CaptchaAfterDeclinesPerAddressAndHour = 3,
        DeclinedCardsPerAddressAndHour = 10,
        DeclinesPerBinAndShopIn10Minutes = 30,
        DeclinesPerShopIn10Minutes = 100,
        CardsPerMinuteOfAttackedShop = 2,
    };

    [Fact]
    public void A_card_that_was_declined_five_times_rests_for_a_day_wherever_it_comes_from()
    {
        var counters = new Counters(_limits);
        for (var i = 0; i < 5; i++)
        {
            Decline(counters, Of("card", $"10.0.0.{i}"), i * Minute);
        }

        Assert.Equal(Verdict.CardStopped, counters.Begin(Of("card", "10.0.0.9"), isHuman: true, 5 * Minute));
        Assert.Equal(Verdict.CardStopped, counters.Begin(Of("card", "10.0.0.9"), isHuman: true, (24 * 60 * Minute) - 1));
        Assert.Equal(Verdict.Go, counters.Begin(Of("card", "10.0.0.9"), isHuman: true, 24 * 60 * Minute));
    }

    [Fact]
    public void An_address_is_asked_after_three_declines_and_stopped_after_ten_cards_and_free_again_after_an_hour()
    {
        var counters = new Counters(_limits);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(i >= 3, counters.AsksIfHuman("a", Shop, i));
            Assert.Equal(i >= 3 ? Verdict.AskIfHuman : Verdict.Go, Peek(counters, Of($"card{i}", "a"), isHuman: false, i));
            Decline(counters, Of($"card{i}", "a"), i);
        }

        Assert.Equal(Verdict.AddressStopped, counters.Begin(Of("another", "a"), isHuman: true, 20));
        Assert.Equal(Verdict.Go, Peek(counters, Of("another", "b"), isHuman: false, 20));
        Assert.Equal(Verdict.Go, Peek(counters, Of("another", "a"), isHuman: false, (60 * Minute) + 9));
    }

    [Fact]
    public void Many_who_share_an_address_and_pay_are_nobody_s_business()
    {
        var counters = new Counters(_limits);
        for (var i = 0; i < 1_000; i++)
        {
            Assert.Equal(Verdict.Go, counters.Begin(Of($"card{i}", "a"), isHuman: false, i));
            counters.End(Of($"card{i}", "a"), isApproved: true, i);
        }

        Assert.False(counters.AsksIfHuman("a", Shop, 1_000));
        Assert.Equal(2, counters.Count); // the shop and the BIN: nothing by card or address
    }

    [Fact]
    public void What_may_still_be_declined_holds_a_place()
    {
        var counters = new Counters(_limits);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(Verdict.Go, counters.Begin(Of($"card{i}", "a"), isHuman: false, 0));
        }

        Assert.Equal(Verdict.Busy, counters.Begin(Of("late", "a"), isHuman: false, 0));
        counters.End(Of("card0", "a"), isApproved: null, 1);
        Assert.Equal(Verdict.Go, counters.Begin(Of("late", "a"), isHuman: false, 1));
    }

    [Fact]
    public void A_shop_where_a_hundred_cards_are_declined_is_attacked_unless_as_many_pay()
    {
        var attacked = new Counters(_limits);
        var popular = new Counters(_limits);
        for (var i = 0; i < 100; i++)
        {
            var attempt = Of($"card{i}", $"address{i}", bin: $"{i:000000}");
            Assert.Equal(Verdict.Go, attacked.Begin(attempt, isHuman: false, i));
            Assert.Equal(i == 99, attacked.End(attempt, isApproved: false, i));

            Approve(popular, Of($"good{i}", "b"), i);
            Approve(popular, Of($"fine{i}", "b"), i);
            Decline(popular, attempt, i);
        }

        Assert.Equal(Verdict.AskIfHuman, attacked.Begin(Of("next", "new"), isHuman: false, 200));
        Assert.Equal(Verdict.Go, attacked.Begin(Of("next", "new"), isHuman: true, 200));
        Assert.Equal(Verdict.Go, attacked.Begin(Of("after", "new"), isHuman: true, 200));
        Assert.Equal(Verdict.ShopStopped, attacked.Begin(Of("third", "new"), isHuman: true, 200));
        Assert.Equal(Verdict.Go, attacked.Begin(Of("third", "new"), isHuman: true, 200 + Minute));
        Assert.Equal(Verdict.Go, attacked.Begin(Of("next", "new") with { Shop = new MerchantId(2) }, isHuman: false, 200));
        Assert.Equal(Verdict.Go, popular.Begin(Of("next", "new"), isHuman: false, 200));
    }

    [Fact]
    public void A_BIN_that_is_tried_out_at_a_shop_asks_its_payers_only()
    {
        var counters = new Counters(_limits);
        for (var i = 0; i < 30; i++)
        {
            Decline(counters, Of($"card{i}", $"address{i}"), i);
        }

        Assert.Equal(Verdict.AskIfHuman, Peek(counters, Of("next", "new"), isHuman: false, 40));
        Assert.Equal(Verdict.Go, Peek(counters, Of("next", "new"), isHuman: true, 40));
        Assert.Equal(Verdict.Go, Peek(counters, Of("next", "new", bin: "603799"), isHuman: false, 40));
    }

    [Fact]
    public void What_other_nodes_heard_counts_as_well()
    {
        var counters = new Counters(_limits);
        for (var i = 0; i < 10; i++)
        {
            counters.Add(Of($"card{i}", "a"), i);
        }

        Assert.Equal(Verdict.AddressStopped, counters.Begin(Of("another", "a"), isHuman: true, 20));
    }

    [Fact]
    public void Nothing_is_kept_for_longer_than_it_counts()
    {
        var counters = new Counters(_limits);
        Decline(counters, Of("card", "a"), 0);
        counters.Sweep(24 * 60 * Minute);

        Assert.Equal(0, counters.Count);
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    public void All_addresses_of_one_line_are_one(string address, string network) =>
        Assert.Equal(network, Attempt.NetworkOf(System.Net.IPAddress.Parse(address)));

    private static Attempt Of(string card, string network, string bin = "502229") => new(new PaymentId(1), Shop, card, bin, network);

    private static Verdict Peek(Counters counters, Attempt attempt, bool isHuman, long now)
    {
        var verdict = counters.Begin(attempt, isHuman, now);
        if (verdict is Verdict.Go)
        {
            counters.End(attempt, isApproved: null, now);
        }

        return verdict;
    }

    private static void Decline(Counters counters, Attempt attempt, long now)
    {
        Assert.Equal(Verdict.Go, counters.Begin(attempt, isHuman: true, now));
        counters.End(attempt, isApproved: false, now);
    }

    private static void Approve(Counters counters, Attempt attempt, long now)
    {
        Assert.Equal(Verdict.Go, counters.Begin(attempt, isHuman: true, now));
        counters.End(attempt, isApproved: true, now);
    }
}
