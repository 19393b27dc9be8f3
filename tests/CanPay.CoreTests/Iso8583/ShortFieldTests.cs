using System.Runtime.Intrinsics;
using CanPay.Iso8583;

namespace CanPay.Tests.Iso8583;

/// <summary>The steps by which short values are moved, each by itself: where they refuse too much, only speed is lost, and no message shows it.</summary>
public sealed class ShortFieldTests
{
    [Theory]
    [InlineData(FieldKind.Numeric, 6, 0, 6, 6)]
    [InlineData(FieldKind.Numeric, 16, 0, 16, 16)]
    [InlineData(FieldKind.Numeric, 17, 0, 0, -1)]
    [InlineData(FieldKind.Numeric, 11, 2, 1, 11)]
    [InlineData(FieldKind.Numeric, 19, 2, 1, 16)]
    [InlineData(FieldKind.Text, 12, 0, 12, 12)]
    [InlineData(FieldKind.Text, 999, 3, 1, 16)]
    [InlineData(FieldKind.Text, 40, 0, 0, -1)]
    [InlineData(FieldKind.Hex, 8, 0, 8, 8)]
    [InlineData(FieldKind.Hex, 9, 0, 0, -1)]
    [InlineData(FieldKind.Hex, 48, 2, 1, 8)]
    [InlineData(FieldKind.Hex, 5, 2, 1, 5)]
    [InlineData(FieldKind.Binary, 8, 2, 0, -1)]
    [InlineData(FieldKind.Track, 8, 2, 0, -1)]
    [InlineData(FieldKind.SignedNumeric, 8, 0, 0, -1)]
    public void A_row_takes_these_lengths_in_one_step(FieldKind kind, int length, int lengthDigits, int least, int most)
    {
        var row = new ShortField(new FieldFormat(2, "x", kind, length, lengthDigits));

        Assert.Equal(
            most < 0 ? [] : Enumerable.Range(least, most - least + 1),
            Enumerable.Range(-1, 1_002).Where(count => row.Takes(count)));
        Assert.Equal((least, lengthDigits, kind is FieldKind.Hex), (row.FixedLength, (int)row.LengthDigits, row.IsHex));
        Assert.Equal(
            kind is FieldKind.Numeric ? ('0', '9') : (' ', '~'),
            ((char)row.Lowest, (char)(row.Lowest + row.Reach)));
    }

    [Fact]
    public void Two_digits_are_a_number_and_nothing_else_is()
    {
        for (var first = 0; first <= 255; first++)
        {
            for (var second = 0; second <= 255; second++)
            {
                var areDigits = char.IsAsciiDigit((char)first) && char.IsAsciiDigit((char)second);
                Assert.Equal(
                    areDigits ? (10 * (first - '0')) + second - '0' : -1,
                    CanPay.Iso8583.Digits.ReadTwo([0, (byte)first, (byte)second], 1));
            }
        }
    }

    [Fact]
    public void Each_byte_of_the_first_so_many_is_looked_at_and_none_after()
    {
        for (var count = 0; count <= 16; count++)
        {
            for (var at = 0; at < 16; at++)
            {
                foreach (var (value, isWithin) in (ReadOnlySpan<(byte, bool)>)[((byte)'/', false), ((byte)'0', true), ((byte)'9', true), ((byte)':', false), (0, false), (255, false)])
                {
                    var bytes = Vector128.Create((byte)'5').WithElement(at, value);
                    Assert.Equal(isWithin || at >= count, Sixteen.AreWithin(bytes, count, (byte)'0', 9));
                }
            }
        }
    }

    /// <summary>Tables that are made by the test itself, so that the rows of this moment are asked.</summary>
    [Theory]
    [InlineData(11, 6, 36)]
    [InlineData(2, 16, 38)]
    [InlineData(37, 12, 36)]
    [InlineData(52, 8, 36)]
    public void A_byte_that_does_not_belong_into_a_short_field_is_refused(int field, int length, int start)
    {
        var format = MessageFormat.Shetab.WithHeader("");
        var message = new IsoMessage { Mti = 1200 };
        message.Set(field, new string('7', length));
        message.Set(128, new byte[8]);
        var bytes = new byte[200];
        var end = format.Encode(message, bytes) - 16;

        for (var at = start; at < end; at++)
        {
            bytes[at] = field == 37 ? (byte)0x1F : (byte)'G';
            Assert.False(format.TryDecode(bytes.AsSpan(0, end + 16), new IsoMessage(), out var error));
            Assert.Equal(field, error.Field);
            bytes[at] = (byte)'7';
        }
    }
}
