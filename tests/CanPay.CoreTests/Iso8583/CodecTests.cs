using System.Text;
using CanPay.Iso8583;
using CsCheck;

namespace CanPay.Tests.Iso8583;

public sealed class CodecTests
{
    private static readonly RetailMac Mac = new(Convert.FromHexString("0123456789ABCDEFFEDCBA9876543210"));

    [Theory]
    [InlineData(2, "1234567890123456789")]
    [InlineData(4, "000000000100")]
    [InlineData(7, "0611191024")]
    [InlineData(11, "000001")]
    [InlineData(12, "010203193005")]
    [InlineData(22, "ABCDEFGHIJKL")]
    [InlineData(30, "000000000100000000000100")]
    [InlineData(32, "12345678901")]
    [InlineData(35, "1234567890123456=12345678901234567890")]
    [InlineData(37, "123456789ABC")]
    [InlineData(39, "000")]
    [InlineData(41, "0001ABCD")]
    [InlineData(42, "123456789012345")]
    [InlineData(43, "JPOS CARD ACCEPTOR / WWW.JPOS.ORG       ")]
    [InlineData(90, "1234567890")]
    public void The_1993_message_of_another_implementation_is_read(int field, string value) =>
        Assert.Equal(value, Decoded(MessageFormat.Iso1993Ascii, Vectors.Iso1993).GetText(field));

    [Fact]
    public void Binary_fields_of_the_1993_message_are_bytes()
    {
        var message = Decoded(MessageFormat.Iso1993Ascii, Vectors.Iso1993);

        Assert.Equal("0001020304050607", Convert.ToHexString(message.Get(52)));
        Assert.Equal("1234567890123456", Convert.ToHexString(message.Get(53)));
        Assert.Equal("CAFEBABECAFEBABE", Convert.ToHexString(message.Get(64)));
    }

    [Theory]
    [InlineData(4, "000000000100")]
    [InlineData(22, "000")]
    [InlineData(32, "123456")]
    [InlineData(39, "00")]
    [InlineData(43, "JPOS CARD ACCEPTOR / WWW.JPOS.ORG       ")]
    public void The_1987_message_of_another_implementation_is_read(int field, string value) =>
        Assert.Equal(value, Decoded(MessageFormat.Iso1987Ascii, Vectors.Iso1987).GetText(field));

    [Fact]
    public void Both_messages_are_written_byte_for_byte()
    {
        Assert.Equal(Vectors.Iso1993, MessageFormat.Iso1993Ascii.Encoded(Decoded(MessageFormat.Iso1993Ascii, Vectors.Iso1993)));
        Assert.Equal(Vectors.Iso1987, MessageFormat.Iso1987Ascii.Encoded(Decoded(MessageFormat.Iso1987Ascii, Vectors.Iso1987)));
    }

    [Fact]
    public void What_is_written_is_read_back() => Messages.Sample(message =>
    {
        var again = Decoded(MessageFormat.Shetab, MessageFormat.Shetab.Encoded(message));

        Assert.Equal(message.Mti, again.Mti);
        for (var field = message.Next(1); field != 0; field = message.Next(field))
        {
            Assert.True(message.Get(field).SequenceEqual(again.Get(field)), $"field {field}");
        }

        Assert.Equal(message.ToString(), again.ToString());
    });

    [Fact]
    public void Bytes_left_over_are_an_error() => Assert.Throws<IsoFormatException>(
        () => MessageFormat.Iso1993Ascii.Decode([.. Vectors.Iso1993, 0x30], new IsoMessage()));

    [Theory]
    [InlineData(4, "12A")]
    [InlineData(4, "1234567890123")]
    [InlineData(37, "1234567890123")]
    [InlineData(11, "-00001")]
    public void A_value_that_does_not_fit_its_field_is_not_written(int field, string value)
    {
        var message = new IsoMessage { Mti = 1200 };
        message.Set(field, value);

        var error = Assert.Throws<IsoFormatException>(() => MessageFormat.Shetab.Encoded(message));
        Assert.Equal(field, error.Field);
        Assert.DoesNotContain(value, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encoding_and_decoding_a_purchase_allocates_nothing()
    {
        var purchase = SomePurchase.Request();
        var read = new IsoMessage();
        var bytes = new byte[MessageCodec.MaxLength];
        RoundTrips(10);

        var before = GC.GetAllocatedBytesForCurrentThread();
        RoundTrips(1_000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void RoundTrips(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var length = MessageFormat.Shetab.Encode(purchase, bytes);
                MessageFormat.Shetab.TryDecode(bytes.AsSpan(0, length), read, out _);
            }
        }
    }

    [Fact]
    public void A_description_shows_no_secret()
    {
        var text = SomePurchase.Request().Describe(MessageFormat.Shetab);

        Assert.Contains("2=502229******7122", text, StringComparison.Ordinal);
        Assert.DoesNotContain("5022290000087122", text, StringComparison.Ordinal);
        Assert.DoesNotContain("CV2003123", text, StringComparison.Ordinal);
        Assert.DoesNotContain("0A020304050607F8", text, StringComparison.Ordinal);
        Assert.DoesNotContain("0912", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_with_any_bit_turned_is_refused_by_its_mac()
    {
        var bytes = new byte[MessageCodec.MaxLength];
        var length = MessageFormat.Shetab.EncodeWithMac(SomePurchase.Request(), Mac, bytes);
        Assert.True(MessageAuthentication.HasValidMac(bytes.AsSpan(0, length), Mac));

        for (var bit = 0; bit < length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(MessageAuthentication.HasValidMac(bytes.AsSpan(0, length), Mac), $"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData(MacPadding.Zeros, "3DDE5C5511661CBF")]
    [InlineData(MacPadding.OneAndZeros, "E16941032C3BC7D4")]
    public void The_retail_mac_is_that_of_the_standard(MacPadding padding, string expected)
    {
        using var mac = new RetailMac("AAAAAAAABBBBBBBB"u8, padding);
        var code = new byte[8];

        mac.Compute("hello world"u8, code);

        Assert.Equal(expected, Convert.ToHexString(code));
    }

    private static Gen<IsoMessage> Messages { get; } =
        from mti in Gen.Int[0, 9999]
        from fields in Gen.Select(Gen.Int[2, 128], Gen.String[Gen.Char['0', '9'], 1, 40]).Array[0, 30]
        select Made(mti, fields);

    /// <summary>Values of the length that their field takes.</summary>
    private static IsoMessage Made(int mti, (int Field, string Digits)[] fields)
    {
        var message = new IsoMessage { Mti = mti };
        foreach (var (field, digits) in fields)
        {
            if (MessageFormat.Shetab[field] is not { } row || message.Has(field))
            {
                continue;
            }

            var value = row.IsFixed ? digits.PadRight(row.Length, '7')[..row.Length] : digits[..Math.Min(digits.Length, row.Length)];
            message.Set(field, Encoding.ASCII.GetBytes(value));
        }

        return message;
    }

    private static IsoMessage Decoded(MessageFormat format, byte[] bytes)
    {
        var message = new IsoMessage();
        format.Decode(bytes, message);
        return message;
    }
}
