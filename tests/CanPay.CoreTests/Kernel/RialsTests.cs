using CanPay.Gateway.Kernel;

namespace CanPay.Tests.Kernel;

public sealed class RialsTests
{
    [Fact]
    public void An_amount_is_never_negative_and_never_wraps()
    {
        Assert.Equal(0, new Rials(0).Amount);
        Assert.Equal(Rials.Zero, new Rials(5) - new Rials(5));
        Assert.Equal(new Rials(long.MaxValue), new Rials(long.MaxValue - 1) + new Rials(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Rials(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Rials(4) - new Rials(5));
        Assert.Throws<OverflowException>(() => new Rials(long.MaxValue) + new Rials(1));
    }

    [Theory]
    [InlineData(4, 5, -1)]
    [InlineData(5, 5, 0)]
    [InlineData(6, 5, 1)]
    public void Amounts_are_compared_as_numbers(long left, long right, int sign)
    {
        var (one, other) = (new Rials(left), new Rials(right));

        Assert.Equal(sign < 0, one < other);
        Assert.Equal(sign > 0, one > other);
        Assert.Equal(sign <= 0, one <= other);
        Assert.Equal(sign >= 0, one >= other);
        Assert.Equal(sign, one.CompareTo(other));
        Assert.Equal(left + right, (one + other).Amount);
        Assert.Equal(Math.Abs(left - right), (sign < 0 ? other - one : one - other).Amount);
    }

    [Fact]
    public void An_amount_is_written_in_digits_alone() => Assert.Equal("1234567", new Rials(1_234_567).ToString());
}
