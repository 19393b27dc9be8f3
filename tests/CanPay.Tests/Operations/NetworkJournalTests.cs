using CanPay.Simulator;
using CanPay.Tests.EndToEnd;

namespace CanPay.Tests.Operations;

/// <summary>The comparison with the network's books sees each kind of difference.</summary>
public sealed class NetworkJournalTests
{
    [Theory]
    [InlineData("the purchase is missing", "paid here, not held by the network")]
    [InlineData("the purchase was declined", "paid here, not held by the network")]
    [InlineData("the purchase was reversed", "paid here, not held by the network")]
    [InlineData("the amount differs", "10000 rials here, 10001 there")]
    [InlineData("one more purchase", "held by the network, unknown here")]
    [InlineData("the reversal is missing", "held by the network, Reversed here")]
    public async Task Books_that_differ_are_seen(string difference, string finding)
    {
        await using var world = await World.Start();
        using var browser = world.NewBrowser();
        var returned = await world.Token();
        await browser.Pay(returned, "6396070000090003");
        await world.UntilStatus(returned, Gateway.Payments.PaymentStatus.Reversed);
        var token = await world.Token();
        await browser.Pay(token);
        await world.Verify(token);
        await world.AssertHealthy();
        var books = world.Books;
        var held = books.Single(entry => entry is { Kind: Entry.Purchase, Answered: true });

        var altered = difference switch
        {
            "the purchase is missing" => books.Where(entry => entry != held),
            "the purchase was declined" => books.Select(entry => entry == held ? entry with { Outcome = "declined" } : entry),
            "the purchase was reversed" => books.Append(held with { Kind = Entry.Reversal, Outcome = Entry.Reversed }),
            "the amount differs" => books.Select(entry => entry == held ? entry with { Amount = 10_001 } : entry),
            "one more purchase" => books.Append(held with { Rrn = "999999999999" }),
            _ => books.Where(entry => entry.Kind != Entry.Reversal),
        };

        var seen = await world.CompareWith([.. altered]);
        Assert.Contains(seen!.Examples, example => example.Contains(finding, StringComparison.Ordinal));
    }
}
