using CanPay.Gateway.Acquiring.Direct;

namespace CanPay.Tests.Acquiring;

/// <summary>Card numbers, PIN blocks and trace numbers at their least and greatest lengths.</summary>
public sealed class PanTests
{
    [Theory]
    [InlineData("000000000000000", null)]
    [InlineData("5022290000087122", "5022-29**-****-7122")]
    [InlineData("50222900000000008", "5022-29**-****-*000-8")]
    [InlineData("5022290000000000008", "5022-29**-****-***0-008")]
    [InlineData("00000000000000000000", null)]
    public void A_card_number_has_16_to_19_digits_and_prints_masked(string digits, string? mask)
    {
        Assert.Equal(mask is not null, Pan.TryParse(digits, out var pan));

        Assert.Equal(mask, pan?.Mask);
        Assert.Equal(mask, pan?.ToString());
        Assert.Equal(mask is null ? null : "502229", pan?.Bin);
        Assert.Equal(mask is null ? null : digits, pan?.Reveal());
    }

    [Theory]
    [InlineData("123456789012")]
    [InlineData("")]
    [InlineData("123456789012A")]
    public void Without_thirteen_digits_of_a_card_there_is_no_pin_block(string pan)
    {
        Assert.Throws<ArgumentException>(() => PinBlock.Encode("1234", pan, new byte[8]));
        Assert.Throws<ArgumentException>(() => PinBlock.TryDecode(new byte[8], pan, new char[12], out _));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    public void A_block_has_eight_bytes(int length)
    {
        var block = new byte[9];
        PinBlock.Encode("1234", "5555555551234567", block);

        Assert.False(PinBlock.TryDecode(block.AsSpan(0, length), "5555555551234567", new char[12], out var none));
        Assert.Equal(0, none);
        Assert.Equal(0, block[8]);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(12)]
    [InlineData(13)]
    public void A_pin_of_4_to_12_digits_is_read_back_and_no_other(int digits)
    {
        // Made by hand: encoding refuses what decoding must.
        var nibbles = $"0{digits:X}{"1234567890123"[..digits]}".PadRight(16, 'F');
        var block = Convert.FromHexString(nibbles);
        var account = Convert.FromHexString("0000" + "555555123456");
        for (var i = 0; i < 8; i++)
        {
            block[i] ^= account[i];
        }

        Assert.Equal(digits is >= 4 and <= 12, PinBlock.TryDecode(block, "5555555551234567", new char[13], out var length));
        Assert.Equal(digits is >= 4 and <= 12 ? digits : 0, length);
    }

    [Theory]
    [InlineData(0, "000001", "632800000000")]
    [InlineData(46, "000047", "632800000046")]
    [InlineData(999_998, "999999", "632800999998")]
    [InlineData(999_999, "000001", "632800999999")]
    [InlineData(99_999_999, "000100", "632899999999")]
    [InlineData(100_000_000, "000101", "632800000000")]
    public void A_trace_number_comes_round_after_999999_and_a_reference_after_a_hundred_million(long number, string stan, string rrn)
    {
        var trace = new TraceNumber(number);

        Assert.Equal((stan, rrn), (trace.Stan, trace.Rrn(new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero))));
    }

    [Theory]
    [InlineData("2026-12-31T20:29:59Z", "6365")]
    [InlineData("2026-12-31T20:30:00Z", "7001")]
    [InlineData("2028-12-31T08:00:00Z", "8366")]
    public void A_reference_begins_with_the_day_in_Tehran(string at, string day) => Assert.StartsWith(
        day, new TraceNumber(1).Rrn(DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture)), StringComparison.Ordinal);
}
