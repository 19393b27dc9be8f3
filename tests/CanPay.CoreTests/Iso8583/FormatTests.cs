using System.Text;
using CanPay.Iso8583;

namespace CanPay.Tests.Iso8583;

/// <summary>Tables that a new network might bring, and rows of kinds that ours hardly uses.</summary>
public sealed class FormatTests
{
    [Theory]
    [InlineData(1, 10, 0)]
    [InlineData(129, 10, 0)]
    [InlineData(2, 0, 0)]
    [InlineData(2, 1000, 0)]
    [InlineData(2, 1000, 3)]
    [InlineData(2, 100, 2)]
    [InlineData(2, 1, 1)]
    [InlineData(2, 1, 4)]
    public void A_row_that_cannot_be_read_back_is_refused(int number, int length, int lengthDigits) =>
        Assert.Throws<ArgumentException>(() => new MessageFormat("x", [new(number, "x", FieldKind.Text, length, lengthDigits)]));

    [Theory]
    [InlineData(2, 1, 0)]
    [InlineData(128, 999, 0)]
    [InlineData(2, 999, 3)]
    [InlineData(2, 99, 2)]
    public void The_longest_row_is_read_back(int number, int length, int lengthDigits)
    {
        var format = new MessageFormat("x", [new(number, "x", FieldKind.Text, length, lengthDigits)]);
        var message = new IsoMessage { Mti = 1200 };
        message.Set(number, new string('a', length));

        Assert.Equal(new string('a', length), RoundTrip(format, message).GetText(number));
        Assert.Equal(number, format[number]!.Number);
        Assert.Null(format[1]);
        Assert.Null(format[129]);
    }

    [Fact]
    public void A_field_is_in_a_table_once() => Assert.Throws<ArgumentException>(
        () => new MessageFormat("x", [new(2, "x", FieldKind.Text, 1), new(2, "y", FieldKind.Text, 1)]));

    [Theory]
    [InlineData("C0000000000000000", true)]
    [InlineData("D1234567890123456", true)]
    [InlineData("01234567890123456", true)]
    [InlineData("C000000000000000A", false)]
    [InlineData("CD000000000000000", false)]
    [InlineData("E0000000000000000", false)]
    [InlineData("C000000000000000", false)]
    public void An_amount_with_a_sign_has_one_sign_and_digits(string value, bool fits) => Assert.Equal(fits, Fits(97, value));

    [Theory]
    [InlineData("5022290000087122=0912", true)]
    [InlineData("5022290000087122D0912", true)]
    [InlineData("5022290000087122E0912", false)]
    [InlineData("", false)]
    public void A_track_has_digits_and_separators(string value, bool fits) => Assert.Equal(fits, Fits(35, value));

    [Theory]
    [InlineData(31, "", true)]
    [InlineData(48, "", true)]
    [InlineData(2, "", false)]
    [InlineData(53, "", false)]
    [InlineData(52, "1234567", false)]
    [InlineData(37, "", true)]
    [InlineData(11, "", false)]
    public void Only_a_text_may_be_there_and_empty(int field, string value, bool fits) => Assert.Equal(fits, Fits(field, value));

    [Theory]
    [InlineData(11, "12", "000012")]
    [InlineData(3, "1", "000001")]
    [InlineData(37, "RRN", "RRN         ")]
    [InlineData(90, "1", "0000000001")]
    [InlineData(98, "name", "name                     ")]
    public void A_short_value_is_filled_as_its_kind_has_it(int field, string value, string filled)
    {
        var message = new IsoMessage { Mti = 1200 };
        message.Set(field, value);

        Assert.Equal(filled, RoundTrip(MessageFormat.Shetab, message).GetText(field));
    }

    /// <summary>From the length that goes in one step to the lengths that do not, and back.</summary>
    [Theory]
    [InlineData(48)]
    [InlineData(31)]
    [InlineData(53)]
    [InlineData(55)]
    [InlineData(2)]
    public void A_value_of_any_length_its_row_allows_is_read_back(int field)
    {
        var row = MessageFormat.Shetab[field]!;
        for (var length = 1; length <= row.Length; length++)
        {
            var message = new IsoMessage { Mti = 1200 };
            message.Set(field, [.. Enumerable.Range(0, length).Select(i => (byte)('0' + (i % 10)))]);
            message.Set(128, [1, 2, 3, 4, 5, 6, 7, 8]);

            var read = RoundTrip(MessageFormat.Shetab, message);

            Assert.True(message.Get(field).SequenceEqual(read.Get(field)), $"{length}");
            Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], read.Get(128).ToArray());
        }
    }

    [Fact]
    public void A_message_with_more_values_than_it_has_room_for_is_refused_and_one_with_as_many_read()
    {
        var format = new MessageFormat("x", [.. Enumerable.Range(2, 6).Select(number => new FieldFormat(number, "x", FieldKind.Text, 999, 3))]);
        string Text(int last) => $"12007E00000000000000{string.Concat(Enumerable.Repeat("999" + new string('a', 999), 4))}{last:000}{new string('b', last)}000";

        Assert.True(format.TryDecode(Encoding.ASCII.GetBytes(Text(IsoMessage.Capacity - (4 * 999))), new IsoMessage(), out _));
        Assert.False(format.TryDecode(Encoding.ASCII.GetBytes(Text(IsoMessage.Capacity - (4 * 999) + 1)), new IsoMessage(), out var error));
        Assert.Equal(6, error.Field);
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    public void A_short_value_that_the_message_has_no_room_for_is_refused_too(int length, bool fits)
    {
        var format = new MessageFormat("x", [.. Enumerable.Range(2, 8).Select(number => new FieldFormat(number, "x", FieldKind.Text, 999, 3))]);
        var left = IsoMessage.Capacity - (4 * 999) - 16;
        var text = $"12007F80000000000000{string.Concat(Enumerable.Repeat("999" + new string('a', 999), 4))}{left:000}{new string('b', left)}"
            + $"{length - 8:000}{new string('c', length - 8)}008{new string('d', 8)}000";

        // Bytes enough after it for the one step by which short values are read.
        Assert.Equal(fits, format.TryDecode(Encoding.ASCII.GetBytes(text), new IsoMessage(), out _));
        Assert.False(format.TryDecode(Encoding.ASCII.GetBytes(text[..^3] + "016" + new string('e', 16)), new IsoMessage(), out var error));
        Assert.Equal(fits ? 9 : 8, error.Field);
    }

    [Theory]
    [InlineData("ISO52000000")]
    [InlineData("           ")]
    public void Another_header_of_the_same_length_is_refused(string header)
    {
        var format = MessageFormat.Shetab.WithHeader("ISO51000000");
        var bytes = new byte[MessageCodec.MaxLength];
        var length = MessageFormat.Shetab.WithHeader(header).Encode(SomePurchase.Request(), bytes);

        Assert.False(format.TryDecode(bytes.AsSpan(0, length), new IsoMessage(), out var error));
        Assert.Equal("the header is missing", error.Problem);
    }

    [Fact]
    public void A_type_with_anything_but_digits_is_refused_though_the_rest_is_right()
    {
        var bytes = new byte[MessageCodec.MaxLength];
        var length = MessageFormat.Shetab.Encode(SomePurchase.Request(), bytes);
        for (var at = 0; at < 4; at++)
        {
            foreach (var wrong in "/:A "u8)
            {
                var was = bytes[at];
                bytes[at] = wrong;
                Assert.False(MessageFormat.Shetab.TryDecode(bytes.AsSpan(0, length), new IsoMessage(), out _));
                bytes[at] = was;
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("00")]
    [InlineData("A00")]
    [InlineData("00A")]
    [InlineData("0 0")]
    public void A_length_of_anything_but_its_digits_is_refused_though_nothing_follows_it(string length) => Assert.False(
        MessageFormat.Shetab.TryDecode(Encoding.ASCII.GetBytes("12000000000000010000" + length), new IsoMessage(), out _));

    [Theory]
    [InlineData(52, 7)]
    [InlineData(64, 1)]
    [InlineData(97, 16)]
    public void Bytes_and_amounts_with_a_sign_are_not_filled(int field, int length)
    {
        var message = new IsoMessage { Mti = 1200 };
        message.Set(field, new string('1', length));

        Assert.Equal(field, Assert.Throws<IsoFormatException>(() => MessageFormat.Shetab.Encode(message, new byte[200])).Field);
    }

    [Fact]
    public void A_target_is_filled_to_its_last_byte_by_a_long_value()
    {
        var message = new IsoMessage { Mti = 1200 };
        message.Set(48, new string('a', 30));

        Assert.Equal(53, MessageFormat.Shetab.Encode(message, new byte[53]));
        Assert.Throws<IsoFormatException>(() => MessageFormat.Shetab.Encode(message, new byte[52]));
    }

    [Fact]
    public void A_message_may_be_read_into_again_and_again_and_keeps_nothing_of_the_last()
    {
        var bytes = new byte[MessageCodec.MaxLength];
        var length = MessageFormat.Shetab.Encode(SomePurchase.Request(), bytes);
        var message = new IsoMessage();
        for (var i = 0; i < 100; i++)
        {
            Assert.True(MessageFormat.Shetab.TryDecode(bytes.AsSpan(0, length), message, out _));
        }

        var cvv2 = message.Get(48);
        MessageFormat.Shetab.Decode("12000000000000000000"u8, message);

        Assert.Equal(0, message.Next(1));
        Assert.Equal(-1, cvv2.IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void An_error_says_field_and_offset_and_no_value()
    {
        Assert.Equal("Field 4: x.", new IsoFormatException("x", 4, -1).Message);
        Assert.Equal("Field 4 at offset 0: x.", new IsoFormatException("x", 4, 0).Message);
        Assert.Equal("Field 4 at offset 7: x.", new DecodeError("x", 4, 7).ToString());
        Assert.Equal((4, 7), (new IsoFormatException("x", 4, 7).Field, new IsoFormatException("x", 4, 7).Offset));
    }

    [Theory]
    [InlineData("12", 0, 0)]
    [InlineData("120000000000000000", 0, 4)]
    [InlineData("1200C0000000000000000", 1, 20)]
    [InlineData("120040000000000000001650222900", 2, 22)]
    [InlineData("12006000000000000000165022290000087122A00000", 3, 38)]
    [InlineData("12004000000000000000165022290000087122000", 0, 38)]
    public void An_error_says_where_the_bytes_went_wrong(string text, int field, int least)
    {
        Assert.False(MessageFormat.Shetab.TryDecode(Encoding.ASCII.GetBytes(text), new IsoMessage(), out var error));

        Assert.Equal(field, error.Field);
        Assert.InRange(error.Offset, least, text.Length);
    }

    [Fact]
    public void Without_a_format_or_a_message_nothing_is_read_or_written()
    {
        var message = new IsoMessage();
        Assert.Throws<ArgumentNullException>(() => MessageCodec.Encode(null!, message, new byte[100]));
        Assert.Throws<ArgumentNullException>(() => MessageFormat.Shetab.Encode(null!, new byte[100]));
        Assert.Throws<ArgumentNullException>(() => MessageCodec.TryDecode(null!, [], message, out _));
        Assert.Throws<ArgumentNullException>(() => MessageFormat.Shetab.TryDecode([], null!, out _));
        Assert.Throws<ArgumentNullException>(() => message.Describe(null!));
        Assert.Throws<ArgumentNullException>(() => new MessageFormat("x", null!));
        Assert.Throws<ArgumentNullException>(() => new MessageFormat("x", [], null!));
        Assert.Throws<ArgumentNullException>(() => MessageFormat.Shetab.EncodeWithMac(message, null!, new byte[100]));
        Assert.Throws<ArgumentNullException>(() => MessageAuthentication.HasValidMac(new byte[100], null!));
    }

    private static bool Fits(int field, string value)
    {
        var message = new IsoMessage { Mti = 1200 };
        message.Set(field, value);
        try
        {
            RoundTrip(MessageFormat.Shetab, message);
            return true;
        }
        catch (IsoFormatException error)
        {
            Assert.Equal(field, error.Field);
            return false;
        }
    }

    private static IsoMessage RoundTrip(MessageFormat format, IsoMessage message)
    {
        var read = new IsoMessage();
        format.Decode(format.Encoded(message), read);
        return read;
    }
}
