using CanPay.Gateway.Payments;

namespace CanPay.Tests.Payments;

public sealed class PaymentTokenTests
{
    [Fact]
    public void Tokens_are_well_formed_and_differ()
    {
        var tokens = Enumerable.Range(0, 1_000).Select(_ => PaymentToken.New(SomePayment.Start)).ToList();

        Assert.All(tokens, token => Assert.True(PaymentToken.IsWellFormed(token), token));
        Assert.Equal(1_000, tokens.Distinct().Count());
        Assert.All(Enumerable.Range(5, 25), place => Assert.True(tokens.Select(token => token[place]).Distinct().Count() > 20));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(35)]
    [InlineData(36)]
    [InlineData(60 * 24 * 365)]
    public void A_later_minute_sorts_behind(int minutes) => Assert.True(string.CompareOrdinal(
        PaymentToken.New(SomePayment.Start), PaymentToken.New(SomePayment.Start.AddMinutes(minutes))) < 0);
}
