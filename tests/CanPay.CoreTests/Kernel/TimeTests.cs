using CanPay.Gateway.Kernel;

namespace CanPay.Tests.Kernel;

public sealed class TimeTests
{
    [Theory]
    [InlineData("2026-11-24T11:06:00Z", "2026-11-24 14:36:00", "1405/09/03")]
    [InlineData("2022-06-01T00:00:00Z", "2022-06-01 04:30:00", "1401/03/11")]
    [InlineData("2026-03-20T20:29:59Z", "2026-03-20 23:59:59", "1404/12/29")]
    [InlineData("2026-03-20T20:30:00Z", "2026-03-21 00:00:00", "1405/01/01")]
    public void An_instant_has_a_time_and_a_day_in_Tehran(string instant, string local, string jalali)
    {
        var at = DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(local, Tehran.Local(at).ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(jalali, Tehran.Jalali(at).ToString());
        Assert.Equal(jalali, Tehran.Jalali(at).ToString());
    }

    [Fact]
    public void An_instant_that_is_kept_is_cut_to_its_millisecond() => Assert.Equal(
        new DateTimeOffset(2026, 11, 24, 9, 0, 0, 123, TimeSpan.Zero),
        new DateTimeOffset(2026, 11, 24, 9, 0, 0, 123, TimeSpan.Zero).AddTicks(9_999).ToMilliseconds());

    [Fact]
    public void A_result_is_a_value_or_a_refusal()
    {
        var no = new Refusal(1, "no", 409, new("", ""), new("", ""));
        Result<string> taken = "yes";
        Result<string> refused = no;

        Assert.False(taken.Refused(out _, out var value));
        Assert.Equal("yes", value);
        Assert.True(refused.Refused(out var refusal, out _));
        Assert.Equal(no, refusal);
        Assert.True(no.Is(no.With("amount", "5")));
        Assert.Equal("5", no.With("amount", "5").Details["amount"]);
        Assert.False(no.Is(no with { Code = 2 }));
    }
}
