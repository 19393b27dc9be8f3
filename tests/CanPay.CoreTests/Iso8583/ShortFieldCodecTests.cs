using System.Text;
using CanPay.Iso8583;

namespace CanPay.Tests.Iso8583;

/// <summary>Short values go through the codec in one step: it must be as strict as the rows of the table, at every place.</summary>
public sealed class ShortFieldCodecTests
{
    private const int PlaceOf48 = 169;

    [Theory]
    [InlineData(11, 6, 0)]
    [InlineData(37, 12, 0)]
    [InlineData(48, 1, 3)]
    [InlineData(48, 16, 3)]
    [InlineData(2, 16, 2)]
    [InlineData(52, 8, 0)]
    [InlineData(53, 5, 2)]
    public void Any_byte_at_any_place_is_taken_or_refused_as_the_row_has_it(int field, int length, int lengthDigits)
    {
        var row = MessageFormat.Shetab[field]!;
        var message = new IsoMessage { Mti = Mti.FinancialRequest };
        message.Set(field, Encoding.ASCII.GetBytes(new string('7', length)));
        message.Set(128, new byte[8]);
        var bytes = MessageFormat.Shetab.Encoded(message);
        var start = 36 + lengthDigits;
        var end = bytes.Length - 16;
        Assert.Equal(row.Kind is FieldKind.Hex ? 2 * length : length, end - start);

        for (var at = start; at < end; at++)
        {
            var was = bytes[at];
            for (var value = 0; value <= 255; value++)
            {
                bytes[at] = (byte)value;
                var mayStand = row.Kind switch
                {
                    FieldKind.Numeric => char.IsAsciiDigit((char)value),
                    FieldKind.Hex => char.IsAsciiHexDigit((char)value),
                    _ => value is >= ' ' and <= '~',
                };

                Assert.Equal(mayStand, MessageFormat.Shetab.TryDecode(bytes, message, out var error));
                Assert.Equal(mayStand ? 0 : field, error.Field);
                if (mayStand && row.Kind is FieldKind.Hex)
                {
                    Assert.Equal(Convert.FromHexString(Encoding.ASCII.GetString(bytes, start, end - start)), message.Get(field));
                }
                else if (mayStand)
                {
                    Assert.Equal(bytes.AsSpan(start..end), message.Get(field));
                    Assert.Equal(bytes, MessageFormat.Shetab.Encoded(message));
                }
            }

            bytes[at] = was;
        }
    }

    [Theory]
    [InlineData("0/9")]
    [InlineData("0:9")]
    [InlineData("1 9")]
    [InlineData("999")]
    [InlineData("010")]
    [InlineData("-09")]
    public void A_length_that_is_none_or_not_the_values_is_refused(string length)
    {
        var bytes = MessageFormat.Shetab.Encoded(SomePurchase.Request());
        Assert.Equal("009CV2003123", Encoding.ASCII.GetString(bytes, PlaceOf48, 12));
        Encoding.ASCII.GetBytes(length, bytes.AsSpan(PlaceOf48));

        Assert.False(MessageFormat.Shetab.TryDecode(bytes, new IsoMessage(), out _));
    }

    [Fact]
    public void A_target_may_be_as_long_as_the_message_but_not_shorter()
    {
        var message = SomePurchase.Request();
        var bytes = MessageFormat.Shetab.Encoded(message);
        var target = new byte[bytes.Length];

        Assert.Equal(bytes.Length, MessageFormat.Shetab.Encode(message, target));
        Assert.Equal(bytes, target);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<IsoFormatException>(() => MessageFormat.Shetab.Encode(message, target.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Nothing_of_other_fields_stands_after_a_message()
    {
        var message = new IsoMessage { Mti = Mti.FinancialRequest };
        message.Set(49, "364");
        message.Set(2, "5022290000087122");
        var target = new byte[100];

        var length = MessageFormat.Shetab.Encode(message, target);

        Assert.Equal(-1, target.AsSpan(length).IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void After_an_error_a_message_is_empty()
    {
        var bytes = MessageFormat.Shetab.Encoded(SomePurchase.Request());
        bytes[^1] = (byte)'G';
        var message = new IsoMessage();

        Assert.False(MessageFormat.Shetab.TryDecode(bytes, message, out _));

        Assert.Equal(0, message.Next(1));
        Assert.Equal(0, message.Mti);
    }
}
