using CanPay.Gateway.Payments;

namespace CanPay.Tests.Payments;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 4)]
    [InlineData(2, 8)]
    [InlineData(5, 64)]
    [InlineData(6, 100)]
    [InlineData(24, 100)]
    [InlineData(int.MaxValue, 100)]
    public void Each_wait_is_twice_the_last_up_to_a_limit(int attempts, double seconds) => Assert.Equal(seconds, Backoff.Seconds(2, 100, attempts));

    [Theory]
    [InlineData(23)]
    [InlineData(24)]
    public void Waits_double_twenty_four_times(int attempts) => Assert.Equal(Math.Pow(2, attempts), Backoff.Seconds(1, double.MaxValue, attempts));

    [Fact]
    public void After_that_they_double_no_more() => Assert.Equal(Math.Pow(2, 24), Backoff.Seconds(1, double.MaxValue, 25));

    /// <summary>Waits of 2, 4, 8, 10, 10 … seconds, of which the longest so far may be none.</summary>
    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(2.5, 3)]
    [InlineData(6, 3)]
    [InlineData(14, 4)]
    [InlineData(14.1, 5)]
    [InlineData(24, 5)]
    [InlineData(25, 6)]
    public void So_many_tries_take_so_long_though_one_wait_is_missing(double seconds, int tries) => Assert.Equal(tries, Backoff.TriesIn(seconds, 2, 10));

    [Fact]
    public void What_failed_together_comes_back_within_a_fifth_of_the_wait_and_not_together()
    {
        var waits = Enumerable.Range(1, 2_000).Select(which => Backoff.Spread(100, which, 1).TotalSeconds).ToList();

        Assert.All(waits, wait => Assert.InRange(wait, 100, 119.9001));
        for (var from = 100; from < 120; from++)
        {
            Assert.InRange(waits.Count(wait => wait >= from && wait < from + 1), 60, 140);
        }
    }

    [Fact]
    public void The_same_waits_as_long_wherever_it_is_and_another_time_otherwise()
    {
        Assert.Equal(Backoff.Spread(10, 47, 3), Backoff.Spread(10, 47, 3));
        Assert.True(Enumerable.Range(0, 50).Select(attempts => Backoff.Spread(10, 47, attempts)).Distinct().Count() > 35);
    }

    /// <summary>Nodes of two versions at work beside each other spread alike: these are the finalizer of splitmix64.</summary>
    [Theory]
    [InlineData(1, 0, 1.135)]
    [InlineData(1, 1, 1.065)]
    [InlineData(47, 3, 1.115)]
    [InlineData(-1, 0, 1.112)]
    [InlineData(1234567890123, 7, 1.052)]
    public void The_spread_is_fixed_by_what_and_how_often(long which, int attempts, double seconds) =>
        Assert.Equal(seconds, Backoff.Spread(1, which, attempts).TotalSeconds, 6);
}
