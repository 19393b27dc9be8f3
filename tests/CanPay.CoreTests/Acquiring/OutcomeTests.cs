using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Acquiring.Direct;

namespace CanPay.Tests.Acquiring;

/// <summary>Of all numbers that field 39 can hold each means one thing for money.</summary>
public sealed class OutcomeTests
{
    private static readonly IEnumerable<int> All = Enumerable.Range(0, 1_000);

    [Fact]
    public void A_purchase_is_declined_only_where_it_provably_went_nowhere()
    {
        var codes = All.ToLookup(code => ActionCodes.Purchase(code, "123456").GetType().Name);

        Assert.Equal([0], codes["Approved"]);
        Assert.Equal(
            [.. Enumerable.Range(100, 100), 902, 903, 905, 906, 907, 908, 910, 912, 915, 916, 917, 919, 928, 935, 983, 986],
            codes["Declined"]);
        Assert.Equal(1_000 - 1 - 116, codes["Unknown"].Count());
        Assert.Equal(("123456", 116), (
            Assert.IsType<AuthorizationOutcome.Approved>(ActionCodes.Purchase(0, "123456")).ApprovalCode,
            Assert.IsType<AuthorizationOutcome.Declined>(ActionCodes.Purchase(116, "123456")).ActionCode));
    }

    [Fact]
    public void A_reversal_is_over_only_where_the_network_says_that_nothing_is_left_to_reverse()
    {
        var codes = All.ToLookup(code => ActionCodes.Reversal(code).GetType().Name);

        Assert.Equal([0, 182, 400, 472, 480, 482], codes["Acknowledged"]);
        Assert.Equal([914], codes["OriginalNotFound"]);
        Assert.Equal([.. Enumerable.Range(100, 100).Where(code => code != 182), 416, 902, 903, 905, 928, 935], codes["Refused"]);
        Assert.Equal(1_000 - 6 - 1 - 105, codes["Unknown"].Count());
    }
}
