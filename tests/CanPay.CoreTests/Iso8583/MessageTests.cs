using System.Text;
using CanPay.Iso8583;

namespace CanPay.Tests.Iso8583;

/// <summary>A message by itself: which fields are there, numbers, room, and what is shown.</summary>
public sealed class MessageTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(66)]
    [InlineData(128)]
    public void A_field_is_found_where_it_is_and_nowhere_else(int field)
    {
        var message = new IsoMessage();
        message.Set(field, "x");

        Assert.Equal([field], Enumerable.Range(-1, 140).Where(message.Has));
        Assert.Equal("x", message.GetText(field));
        Assert.Null(message.GetText(field + 1));
        Assert.Equal(field > 64, message.HasSecondary);
        for (var from = 1; from <= 129; from++)
        {
            Assert.Equal(from < field ? field : 0, message.Next(from));
        }
    }

    [Fact]
    public void Fields_follow_each_other_in_order_across_the_halves()
    {
        var message = new IsoMessage { Mti = 200 };
        foreach (var field in (int[])[128, 3, 64, 65, 2, 100])
        {
            message.Set(field, "x");
        }

        Assert.Equal("0200 2 3 64 65 100 128", message.ToString());
        message.Remove(64);
        message.Remove(64);
        message.Remove(128);
        Assert.Equal("0200 2 3 65 100", message.ToString());
        Assert.True(message.Get(64).IsEmpty);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(129)]
    public void There_is_no_field_beyond_2_to_128(int field)
    {
        var message = new IsoMessage();

        Assert.Throws<ArgumentOutOfRangeException>(() => message.Set(field, "x"));
        Assert.False(message.Has(field));
    }

    [Theory]
    [InlineData(0, 0, "0")]
    [InlineData(0, 1, "0")]
    [InlineData(0, 3, "000")]
    [InlineData(9, 1, "9")]
    [InlineData(10, 1, "10")]
    [InlineData(364, 3, "364")]
    [InlineData(364, 4, "0364")]
    [InlineData(1_000_000_000_000, 12, "1000000000000")]
    [InlineData(long.MaxValue, 12, "9223372036854775807")]
    [InlineData(1, 20, "00000000000000000001")]
    [InlineData(1, 21, "00000000000000000001")]
    public void A_number_has_at_least_its_width(long number, int width, string text)
    {
        var message = new IsoMessage();
        message.SetNumber(4, number, width);

        Assert.Equal(text, message.GetText(4));
        Assert.True(message.TryGetNumber(4, out var read));
        Assert.Equal(number, read);
    }

    [Fact]
    public void A_negative_number_is_not_set() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new IsoMessage().SetNumber(4, -1, 12));

    [Theory]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("12a")]
    [InlineData("a12")]
    [InlineData(" 12")]
    [InlineData("")]
    [InlineData("9223372036854775808")]
    public void What_is_not_all_digits_is_no_number(string text)
    {
        var message = new IsoMessage();
        message.Set(4, text);

        Assert.False(message.TryGetNumber(4, out _));
        Assert.False(message.TryGetNumber(5, out _));
    }

    [Fact]
    public void A_message_holds_its_capacity_and_not_a_byte_more()
    {
        var message = new IsoMessage();
        message.Set(60, new byte[IsoMessage.Capacity - 1]);
        Assert.Throws<IsoFormatException>(() => message.Set(61, [1, 2]));
        Assert.False(message.Has(61));

        message.Set(61, [1]);

        Assert.Equal([1], message.Get(61).ToArray());
        Assert.Throws<IsoFormatException>(() => message.Set(62, [2]));
    }

    /// <summary>A repetition sets the same fields again and again.</summary>
    [Fact]
    public void A_value_of_the_same_length_takes_the_place_of_the_last()
    {
        var message = new IsoMessage();
        for (var i = 0; i < IsoMessage.Capacity; i++)
        {
            message.Set(128, BitConverter.GetBytes((long)i));
            Assert.Equal(i, BitConverter.ToInt64(message.Get(128)));
        }
    }

    [Fact]
    public void A_value_of_another_length_leaves_its_neighbours_alone()
    {
        var message = new IsoMessage();
        message.Set(2, "aaaa");
        message.Set(3, "bbbb");
        message.Set(2, "cccccc");
        message.Set(4, "dd");
        message.Set(3, "e");

        Assert.Equal(["cccccc", "e", "dd"], [message.GetText(2), message.GetText(3), message.GetText(4)]);
    }

    [Fact]
    public void A_message_that_was_cleared_has_room_again_and_nothing_else()
    {
        var message = new IsoMessage { Mti = 1200 };
        message.Set(2, new byte[IsoMessage.Capacity / 2]);
        message.Set(100, new byte[IsoMessage.Capacity / 2]);

        message.Clear();

        Assert.Equal((0, 0, false), (message.Mti, message.Next(1), message.HasSecondary));
        message.Set(60, new byte[IsoMessage.Capacity]);
        Assert.Equal(IsoMessage.Capacity, message.Get(60).Length);
    }

    [Theory]
    [InlineData(2, "5022290000087122", "502229******7122")]
    [InlineData(2, "5022290000087", "502229***0087")]
    [InlineData(2, "502229000008", "(12)")]
    [InlineData(11, "000001", "000001")]
    [InlineData(128, "\u0001\u0002", "0102")]
    [InlineData(52, "\u0001\u0002", "(2)")]
    [InlineData(48, "CV2003123", "(9)")]
    public void A_field_is_shown_as_far_as_its_row_lets_it(int field, string value, string shown)
    {
        var message = new IsoMessage { Mti = 210 };
        message.Set(field, value);

        Assert.Equal($"0210 {field}={shown}", message.Describe(MessageFormat.Shetab));
    }

    [Fact]
    public void A_field_that_the_format_does_not_know_is_not_shown()
    {
        var message = new IsoMessage { Mti = 1200 };
        message.Set(100, "12345");

        Assert.Equal("1200 100=(5)", message.Describe(MessageFormat.Iso1987Ascii));
    }

    [Fact]
    public void Text_beyond_ASCII_becomes_what_no_number_accepts()
    {
        var message = new IsoMessage { Mti = 1200 };
        message.Set(11, "۰۰۰۰۰۱");

        Assert.Equal("??????", message.GetText(11));
        Assert.Equal(11, Assert.Throws<IsoFormatException>(() => MessageFormat.Shetab.Encode(message, new byte[100])).Field);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(1814)]
    [InlineData(9999)]
    public void A_type_has_four_digits(int mti)
    {
        var bytes = new byte[100];

        var length = MessageFormat.Shetab.Encode(new IsoMessage { Mti = mti }, bytes);

        Assert.Equal($"{mti:0000}0000000000000000", Encoding.ASCII.GetString(bytes, 0, length));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(10_000)]
    public void A_type_of_more_or_less_is_not_written(int mti) =>
        Assert.Throws<IsoFormatException>(() => MessageFormat.Shetab.Encode(new IsoMessage { Mti = mti }, new byte[100]));

    [Fact]
    public void The_function_digit_says_who_answers()
    {
        Assert.Equal([1110, 1130, 1210, 1230, 1410, 1430, 1810, 1814], ((int[])[1100, 1110, 1120, 1130, 1200, 1210, 1220, 1230, 1240, 1400, 1410, 1420, 1430, 1804, 1810, 1814]).Where(Mti.IsAnswer));
        Assert.Equal((1210, 1430, 1814), (Mti.AnswerTo(Mti.FinancialRequest), Mti.AnswerTo(Mti.ReversalAdvice), Mti.AnswerTo(Mti.NetworkRequest)));
    }
}
