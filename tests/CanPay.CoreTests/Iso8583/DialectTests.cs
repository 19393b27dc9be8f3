using System.Text;
using CanPay.Iso8583;

namespace CanPay.Tests.Iso8583;

/// <summary>The tables themselves, and how strictly they are held to.</summary>
public sealed class DialectTests
{
    public static TheoryData<string> Formats { get; } = new("1987", "1993", "Shetab");

    [Theory]
    [MemberData(nameof(Formats))]
    public void Every_field_survives_alone_at_its_least_and_greatest_length(string name)
    {
        var format = Format(name);
        for (var field = 2; field <= 128; field++)
        {
            if (format[field] is not { } row)
            {
                continue;
            }

            foreach (var length in new[] { row.IsFixed ? row.Length : 1, row.Length })
            {
                var message = new IsoMessage { Mti = 1200 };
                message.Set(field, Encoding.ASCII.GetBytes(new string('7', length)));
                var bytes = format.Encoded(message);
                var read = new IsoMessage();

                Assert.True(format.TryDecode(bytes, read, out var error), error.ToString());
                Assert.True(message.Get(field).SequenceEqual(read.Get(field)), $"field {field}");
                Assert.Equal(bytes, format.Encoded(read));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void No_field_takes_more_than_its_length(string name)
    {
        var format = Format(name);
        for (var field = 2; field <= 128; field++)
        {
            if (format[field] is not { } row)
            {
                continue;
            }

            var message = new IsoMessage { Mti = 1200 };
            message.Set(field, Encoding.ASCII.GetBytes(new string('7', row.Length + 1)));
            Assert.Equal(field, Assert.Throws<IsoFormatException>(() => format.Encoded(message)).Field);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Whatever_is_cut_off_anywhere_is_no_message(string name)
    {
        var format = Format(name);
        var whole = name == "1987" ? Vectors.Iso1987 : name == "1993" ? Vectors.Iso1993 : format.Encoded(SomePurchase.Request());
        var message = new IsoMessage();
        Assert.True(format.TryDecode(whole, message, out _));

        for (var length = 0; length < whole.Length; length++)
        {
            Assert.False(format.TryDecode(whole.AsSpan(0, length), message, out var error), $"{length} bytes");
            Assert.InRange(error.Offset, 0, length);
        }
    }

    [Fact]
    public void Shetab_writes_field_53_in_hexadecimal_after_the_number_of_its_bytes()
    {
        var message = new IsoMessage { Mti = 1200 };
        message.Set(53, [0x01, 0x02, 0x03, 0x04, 0xAB]);

        Assert.EndsWith("0501020304AB", Encoding.ASCII.GetString(MessageFormat.Shetab.Encoded(message)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_purchase_is_these_bytes() => Assert.Equal(
        "1200F234450108C1980000000000000000011650222900000871220000000000000100001124110600"
        + "000001261124143600091259997001017001002000958167200063281400000100000001000000000000001009CV2003123364"
        + "0A020304050607F80401010001" + "0000000000000000",
        Encoding.ASCII.GetString(MessageFormat.Shetab.Encoded(SomePurchase.Request())),
        ignoreCase: false);

    [Theory]
    [InlineData("120", 0)]
    [InlineData("12A0", 0)]
    [InlineData("12001000000000000G00", 0)]
    [InlineData("12009000000000000000", 1)]
    [InlineData("1200100000000000000000000000010A", 4)]
    [InlineData("12001000000000000000000000000100 ", 0)]
    [InlineData("12004000000000000000205022290000087122", 2)]
    [InlineData("1200400000000000000000", 2)]
    [InlineData("120040000000000000001X50222900000871", 2)]
    [InlineData("1200000000002000000037123", 35)]
    [InlineData("120080000000000000008000000000000000", 65)]
    [InlineData("120000000000000010000001020304050G07", 52)]
    public void What_does_not_follow_the_table_is_refused_where_it_goes_wrong(string text, int field)
    {
        var error = Assert.Throws<IsoFormatException>(
            () => MessageFormat.Shetab.Decode(Encoding.ASCII.GetBytes(text), new IsoMessage()));

        Assert.Equal(field, error.Field);
    }

    [Fact]
    public void A_header_is_written_and_demanded()
    {
        var format = MessageFormat.Shetab.WithHeader("ISO51000000");
        var bytes = format.Encoded(SomePurchase.Request());

        Assert.StartsWith("ISO510000001200", Encoding.ASCII.GetString(bytes), StringComparison.Ordinal);
        Assert.True(format.TryDecode(bytes, new IsoMessage(), out _));
        Assert.False(MessageFormat.Shetab.TryDecode(bytes, new IsoMessage(), out _));
        Assert.False(format.TryDecode(MessageFormat.Shetab.Encoded(SomePurchase.Request()), new IsoMessage(), out _));
    }

    [Fact]
    public void No_secret_of_any_field_is_shown()
    {
        var canary = "4929123456781234";
        for (var field = 2; field <= 128; field++)
        {
            if (MessageFormat.Shetab[field] is not { Secrecy: not Secrecy.None })
            {
                continue;
            }

            var message = new IsoMessage { Mti = 1200 };
            message.Set(field, canary);

            Assert.DoesNotContain(canary, message.Describe(MessageFormat.Shetab), StringComparison.Ordinal);
            Assert.DoesNotContain(canary[..7], message.Describe(MessageFormat.Shetab), StringComparison.Ordinal);
            Assert.DoesNotContain(canary[..6], message.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(14)]
    [InlineData(34)]
    [InlineData(35)]
    [InlineData(36)]
    [InlineData(45)]
    [InlineData(48)]
    [InlineData(52)]
    [InlineData(53)]
    [InlineData(55)]
    [InlineData(62)]
    [InlineData(102)]
    [InlineData(103)]
    [InlineData(127)]
    public void What_can_hold_card_data_is_secret_in_Shetab(int field) =>
        Assert.NotEqual(Secrecy.None, MessageFormat.Shetab[field]!.Secrecy);

    [Fact]
    public void A_value_that_was_replaced_or_taken_out_is_wiped()
    {
        var message = new IsoMessage { Mti = 1200 };
        message.Set(48, "CV2003123");
        var room = message.Get(48);
        message.Set(48, "CV20041234");
        Assert.Equal(-1, room.IndexOfAnyExcept((byte)0));

        room = message.Get(48);
        message.Remove(48);
        Assert.Equal(-1, room.IndexOfAnyExcept((byte)0));

        message.Set(52, [1, 2, 3, 4, 5, 6, 7, 8]);
        room = message.Get(52);
        message.Clear();
        Assert.Equal(-1, room.IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void A_message_may_be_sealed_again_and_again()
    {
        using var mac = new RetailMac(Convert.FromHexString("0123456789ABCDEFFEDCBA9876543210"));
        var purchase = SomePurchase.Request();
        var bytes = new byte[MessageCodec.MaxLength];
        var first = bytes[..MessageFormat.Shetab.EncodeWithMac(purchase, mac, bytes)];

        for (var i = 0; i < 1_000; i++)
        {
            Assert.Equal(first.Length, MessageFormat.Shetab.EncodeWithMac(purchase, mac, bytes));
        }

        Assert.Equal(first, bytes[..first.Length]);
    }

    /// <summary>The known answer of DES itself: with equal halves the retail MAC of one block is one encryption.</summary>
    [Fact]
    public void The_block_cipher_gives_its_known_answer()
    {
        using var mac = new RetailMac(Convert.FromHexString("133457799BBCDFF1133457799BBCDFF1"));
        var code = new byte[8];

        mac.Compute(Convert.FromHexString("0123456789ABCDEF"), code);

        Assert.Equal("85E813540F0AB405", Convert.ToHexString(code));
    }

    [Fact]
    public void Codes_are_the_same_from_many_threads_at_once()
    {
        using var mac = new RetailMac("AAAAAAAABBBBBBBB"u8);

        Parallel.For(0, 5_000, _ =>
        {
            Span<byte> code = stackalloc byte[8];
            mac.Compute("hello world"u8, code);
            Assert.Equal("3DDE5C5511661CBF", Convert.ToHexString(code));
        });
    }

    private static MessageFormat Format(string name) => name switch
    {
        "1987" => MessageFormat.Iso1987Ascii,
        "1993" => MessageFormat.Iso1993Ascii,
        _ => MessageFormat.Shetab,
    };
}
