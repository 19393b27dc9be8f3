using System.Text.RegularExpressions;
using CanPay.Gateway.Cards;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CanPay.Tests.EndToEnd;

/// <summary>The payer's own cards: a code opens them, here and now only; they say nothing before, and never a whole number.</summary>
public sealed partial class WalletTests
{
    private const string WithCards = "09123456789"; // two cards in Peyvand
    private const string WithoutCards = "09121112233";

    [Theory]
    [InlineData(nameof(EngineKind.Sqlite))]
    [InlineData(nameof(EngineKind.Postgres))]
    public async Task A_card_that_paid_is_kept_and_pays_again_without_being_typed(string engine)
    {
        await using var world = await World.Start(Enum.Parse<EngineKind>(engine), "--Cards:CodesApartSeconds=1");
        using var first = new Visit(world, await world.Token(mobile: WithoutCards));
        var page = await first.Prove(WithoutCards);
        Assert.Contains("هنوز کارتی ندارید", page, StringComparison.Ordinal);
        await first.Pay(("pan", World.ApprovedCard), ("month", "12"), ("year", "09"), ("keep", "1"));
        await world.UntilStatus(first.Token, PaymentStatus.Authorized);
        await world.Until(async () => await Count(world) == 1);

        await NextSlot();
        using var second = new Visit(world, await world.Token(mobile: WithoutCards));
        page = await second.Prove(WithoutCards);
        Assert.Contains("5022-29**-****-7122", page, StringComparison.Ordinal);
        var id = CardLink().Match(page).Groups[1].Value;
        page = await second.Browser.Page($"/ipg/{second.Token}?card={id}");
        Assert.DoesNotContain("cc-number", page, StringComparison.Ordinal);
        Assert.Contains("cc-csc", page, StringComparison.Ordinal);
        Assert.DoesNotContain(World.ApprovedCard, page, StringComparison.Ordinal);
        await second.Pay(("saved", id));

        await world.UntilStatus(second.Token, PaymentStatus.Authorized);
        Assert.Equal("5022-29**-****-7122", (await world.Verify(second.Token)).Body.GetProperty("data").GetProperty("card").GetString());
        Assert.Equal(1, await Count(world));
    }

    [Theory]
    [InlineData(nameof(EngineKind.Sqlite))]
    [InlineData(nameof(EngineKind.Postgres))]
    public async Task A_card_of_Peyvand_pays_without_being_typed(string engine)
    {
        await using var world = await World.Start(Enum.Parse<EngineKind>(engine));
        using var visit = new Visit(world, await world.Token(mobile: WithCards));
        var page = await visit.Prove(WithCards);
        Assert.Contains("5022-29**-****-7122", page, StringComparison.Ordinal);
        Assert.Contains("6037-99**-****-0006", page, StringComparison.Ordinal);

        await visit.Pay(("saved", "p-1"));

        await world.UntilStatus(visit.Token, PaymentStatus.Authorized);
    }

    [Theory]
    [InlineData(nameof(EngineKind.Sqlite))]
    [InlineData(nameof(EngineKind.Postgres))]
    public async Task Many_who_ask_at_once_from_one_address_are_sent_no_more_codes_than_it_may_have(string engine)
    {
        await using var world = await World.Start(Enum.Parse<EngineKind>(engine));
        var wallet = world.Gateway.Services.GetRequiredService<IWalletStore>();
        var now = DateTimeOffset.UtcNow;
        var limits = new CodeLimits(TimeSpan.FromMinutes(1), PerMobileAndDay: 5, PerAddressAndHour: 5, PerMerchantAndHour: 50);

        var sent = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => wallet.TryAdd(
            new SentCode($"{i:00000000000000000000000000000000}", i, 1, $"owner{i}", "browser", "192.0.2.1", "hash", now, now.AddMinutes(2)), limits, CancellationToken.None))));

        await using var books = await world.NewBooks();
        Assert.InRange(sent.Count(isSent => isSent), 0, 5);
        Assert.Equal(sent.Count(isSent => isSent), await books.OneTimeCodes.CountAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Before_the_code_nobody_learns_whether_a_mobile_has_cards()
    {
        await using var world = await World.Start();
        var pages = new List<string[]>();
        foreach (var mobile in new[] { WithCards, WithoutCards })
        {
            using var visit = new Visit(world, await world.Token(invoice: "same-" + mobile, mobile: mobile));
            var opened = await visit.Open();
            var asked = await visit.Browser.Submit(visit.Token, "cards", Browser.FormToken(opened));
            var refused = await visit.Browser.Submit(visit.Token, "code", Browser.FormToken(asked), ("code", "000000"));
            pages.Add([.. new[] { opened, asked, refused }.Select(page => visit.WithoutItsOwn(page, mobile))]);
        }

        Assert.Equal(pages[0], pages[1]);
        Assert.Equal(2, world.Messages.Count);
    }

    [Fact]
    public async Task Three_wrong_codes_close_the_way()
    {
        await using var world = await World.Start();
        using var visit = new Visit(world, await world.Token(mobile: WithCards));
        var form = await visit.Ask();
        var right = Visit.Code(world);
        var wrong = right == "000000" ? "000001" : "000000";
        for (var i = 0; i < 3; i++)
        {
            Assert.Contains("کد درست نیست", await visit.Browser.Submit(visit.Token, "code", form, ("code", wrong)), StringComparison.Ordinal);
        }

        Assert.Contains("کد درست نیست", await visit.Browser.Submit(visit.Token, "code", form, ("code", right)), StringComparison.Ordinal);
        Assert.DoesNotContain("-7122", await visit.Browser.Page($"/ipg/{visit.Token}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_guesses_at_once_count_as_many()
    {
        await using var world = await World.Start();
        using var visit = new Visit(world, await world.Token(mobile: WithCards));
        var form = await visit.Ask();
        var right = Visit.Code(world);
        var guesses = Enumerable.Range(0, 60).Select(i => $"{i:000000}").Where(guess => guess != right);

        await Task.WhenAll(guesses.Select(guess => visit.Browser.Submit(visit.Token, "code", form, ("code", guess))));

        await using var books = await world.NewBooks();
        Assert.Equal(3, Assert.Single(books.OneTimeCodes).Tries);
    }

    [Fact]
    public async Task A_code_opens_one_payment_in_one_browser_once()
    {
        await using var world = await World.Start();
        using var visit = new Visit(world, await world.Token(mobile: WithCards));
        using var foreign = new Visit(world, visit.Token);
        using var other = new Visit(world, await world.Token(mobile: WithCards));
        var form = Browser.FormToken(await visit.Open());
        var foreignForm = Browser.FormToken(await foreign.Open());
        var otherForm = Browser.FormToken(await other.Open());
        await visit.Browser.Submit(visit.Token, "cards", form);
        var code = Visit.Code(world);

        Assert.Contains("کد درست نیست", await foreign.Browser.Submit(foreign.Token, "code", foreignForm, ("code", code)), StringComparison.Ordinal);
        Assert.Contains("کد درست نیست", await other.Browser.Submit(other.Token, "code", otherForm, ("code", code)), StringComparison.Ordinal);
        Assert.Contains("7122", await visit.Browser.Submit(visit.Token, "code", form, ("code", code)), StringComparison.Ordinal);
        Assert.DoesNotContain("-7122", await foreign.Browser.Page($"/ipg/{visit.Token}"), StringComparison.Ordinal);
        await foreign.Pay(("saved", "p-1"));
        Assert.Equal(PaymentStatus.Created, (await world.Payment(visit.Token)).Status);
    }

    [Fact]
    public async Task A_second_code_within_a_minute_is_not_sent_and_the_page_says_the_same()
    {
        await using var world = await World.Start();
        using var visit = new Visit(world, await world.Token(mobile: WithCards));
        var form = Browser.FormToken(await visit.Open());

        var first = await visit.Browser.Submit(visit.Token, "cards", form);
        var second = await visit.Browser.Submit(visit.Token, "cards", form);

        Assert.Equal(visit.WithoutItsOwn(first, WithCards), visit.WithoutItsOwn(second, WithCards));
        Assert.Single(world.Messages);
    }

    [Fact]
    public async Task A_saved_card_is_renamed_and_deleted_by_its_owner_alone()
    {
        await using var world = await World.Start("--Cards:CodesApartSeconds=1");
        using var owner = new Visit(world, await world.Token(mobile: WithoutCards));
        await owner.Prove(WithoutCards);
        await owner.Pay(("pan", World.ApprovedCard), ("month", "12"), ("year", "09"), ("keep", "1"));
        await world.Until(async () => await Count(world) == 1);
        string id;
        await using (var books = await world.NewBooks())
        {
            id = books.SavedCards.Single().Id;
        }

        using var stranger = new Visit(world, await world.Token(mobile: WithCards));
        var form = Browser.FormToken(await stranger.Prove(WithCards));
        await stranger.Browser.Submit(stranger.Token, "forget", form, ("card", id));
        await stranger.Pay(("saved", id));
        Assert.Equal(PaymentStatus.Created, (await world.Payment(stranger.Token)).Status);
        Assert.Equal(1, await Count(world));

        await NextSlot();
        using var again = new Visit(world, await world.Token(mobile: WithoutCards));
        form = Browser.FormToken(await again.Prove(WithoutCards));
        await again.Browser.Submit(again.Token, "rename", form, ("card", id), ("label", "کارت خانه"));
        Assert.Contains("کارت خانه", await again.Browser.Page($"/ipg/{again.Token}"), StringComparison.Ordinal);
        foreach (var number in new[] { World.ApprovedCard, "5022-2900 0008 7122", "۵۰۲۲۲۹۰۰۰۰۰۸۷۱۲۲", "کارت 502229000" })
        {
            await again.Browser.Submit(again.Token, "rename", form, ("card", id), ("label", number));
            await using var books = await world.NewBooks();
            Assert.Null(books.SavedCards.Single().Label); // it would stand there in clear
        }

        await again.Browser.Submit(again.Token, "forget", form, ("card", id));
        Assert.Equal(0, await Count(world));
    }

    [Fact]
    public async Task A_card_that_was_declined_is_not_kept()
    {
        await using var world = await World.Start();
        using var visit = new Visit(world, await world.Token(mobile: WithoutCards));
        await visit.Prove(WithoutCards);

        await visit.Pay(("pan", "6037990000000006"), ("month", "12"), ("year", "09"), ("keep", "1"));
        await world.Until(async () => (await world.Payment(visit.Token)).Declines == 1);
        await visit.Pay(("pan", World.ApprovedCard), ("month", "12"), ("year", "09"), ("keep", "1"));
        await world.Until(async () => await Count(world) == 1);

        await using var books = await world.NewBooks();
        Assert.Equal("5022-29**-****-7122", Assert.Single(books.SavedCards).Mask);
    }

    [Fact]
    public async Task Without_a_mobile_nothing_is_offered()
    {
        await using var world = await World.Start();
        using var visit = new Visit(world, await world.Token());

        var page = await visit.Open();
        Assert.DoesNotContain("کارت‌های من", page, StringComparison.Ordinal);
        await visit.Browser.Submit(visit.Token, "cards", Browser.FormToken(page));
        Assert.Empty(world.Messages);
    }

    /// <summary>So long codes to one mobile lie apart in these tests.</summary>
    private static Task NextSlot() => Task.Delay(TimeSpan.FromSeconds(1.1));

    private static async Task<int> Count(World world)
    {
        await using var books = await world.NewBooks();
        return books.SavedCards.Count();
    }

    [GeneratedRegex("""[?]card=([0-9a-f]{32})""")]
    private static partial Regex CardLink();
}
