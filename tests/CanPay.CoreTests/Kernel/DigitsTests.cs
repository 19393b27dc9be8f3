using CanPay.Gateway.Kernel;

namespace CanPay.Tests.Kernel;

public sealed class DigitsTests
{
    [Theory]
    [InlineData("۰۱۲۳۴۵۶۷۸۹", "0123456789")]
    [InlineData("٠١٢٣٤٥٦٧٨٩", "0123456789")]
    [InlineData("a۴۷", "a47")]
    [InlineData("۴۷a ٣", "47a 3")]
    [InlineData("0123456789", "0123456789")]
    [InlineData("\u06EF\u06FA\u065F\u066A", "\u06EF\u06FA\u065F\u066A")]
    [InlineData("", "")]
    public void Persian_and_Arabic_digits_become_Latin_ones_and_nothing_else_changes(string text, string folded) =>
        Assert.Equal(folded, Digits.Fold(text));

    [Theory]
    [InlineData("0", true)]
    [InlineData("0123456789", true)]
    [InlineData("", false)]
    [InlineData("1/", false)]
    [InlineData(":1", false)]
    [InlineData("۱", false)]
    public void Digits_are_0_to_9_and_at_least_one(string text, bool areAll) => Assert.Equal(areAll, Digits.IsAll(text));

    /// <summary>The check digit of every prefix, by the standard's table of doubled digits; all others fail.</summary>
    [Theory]
    [InlineData("7992739871", 3)]
    [InlineData("502229000008712", 2)]
    [InlineData("603799123456789", 3)]
    [InlineData("0", 0)]
    [InlineData("1", 8)]
    [InlineData("2", 6)]
    [InlineData("3", 4)]
    [InlineData("4", 2)]
    [InlineData("5", 9)]
    [InlineData("6", 7)]
    [InlineData("7", 5)]
    [InlineData("8", 3)]
    [InlineData("9", 1)]
    public void One_check_digit_passes_and_nine_fail(string number, int check)
    {
        for (var digit = 0; digit <= 9; digit++)
        {
            Assert.Equal(digit == check, Digits.PassesLuhn($"{number}{digit}"));
        }
    }

    [Fact]
    public void No_digits_pass_no_check() => Assert.False(Digits.PassesLuhn(""));
}
