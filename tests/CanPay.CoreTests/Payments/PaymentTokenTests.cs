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

    [Fact]
    public void A_token_begins_with_its_minute_and_that_of_a_test_with_the_word()
    {
        var at = new DateTimeOffset(2026, 3, 21, 0, 0, 59, TimeSpan.Zero);
        var minute = at.ToUnixTimeSeconds() / 60;
        var five = string.Concat(Enumerable.Range(0, 5).Select(place => "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(int)(minute / (long)Math.Pow(36, 4 - place) % 36)]));

        var (token, test) = (PaymentToken.New(at), PaymentToken.New(at, isTest: true));

        Assert.StartsWith(five, token, StringComparison.Ordinal);
        Assert.StartsWith("TEST" + five, test, StringComparison.Ordinal);
        Assert.True(PaymentToken.IsWellFormed(test));
        Assert.True(PaymentToken.IsTest(test));
        Assert.False(PaymentToken.IsTest(token));
        Assert.Equal(five, PaymentToken.New(at.AddSeconds(-59))[..5]);
    }

    [Theory]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZ0189", true)]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZ018", false)]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZ01899", false)]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZ018a", false)]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZ018 ", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_token_has_thirty_letters_and_digits(string? text, bool isToken) => Assert.Equal(isToken, PaymentToken.IsWellFormed(text));

    [Fact]
    public void Every_letter_comes_as_often_as_every_other()
    {
        var letters = Enumerable.Range(0, 16_000).SelectMany(_ => PaymentToken.New(SomePayment.Start)[5..]).ToLookup(letter => letter);

        // 400,000 letters, 11,111 of each, and six standard deviations to either side. One that a byte more made would come 12,648 times.
        Assert.Equal(36, letters.Count);
        Assert.All(letters, letter => Assert.InRange(letter.Count(), 10_480, 11_740));
    }
}
