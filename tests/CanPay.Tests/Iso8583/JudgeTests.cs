using System.Text;
using CanPay.Iso8583;
using CsCheck;

namespace CanPay.Tests.Iso8583;

/// <summary>
/// Our bytes before an independent codec, npm's iso_8583. It cannot judge what it does not know: the inside of field 53, raw
/// bytes (fields 55 and 96), field 127, the types 1804 and 1814, messages without a field beyond 64, padding, and the MAC itself.
/// </summary>
public sealed class JudgeTests
{
    private static readonly RetailMac Mac = new(Convert.FromHexString("0123456789ABCDEFFEDCBA9876543210"));

    [Fact]
    public void A_foreign_codec_reads_in_our_bytes_what_we_meant()
    {
        IsoMessage[] messages = [Purchase(), Answer(), Reversal(), .. EveryField()];

        var read = Judge.Read(MessageFormat.Shetab, messages);

        foreach (var (message, foreign) in messages.Zip(read))
        {
            Assert.Equal(Judge.Texts(MessageFormat.Shetab, message), foreign);
        }
    }

    [Fact]
    public void We_read_in_a_foreign_codecs_bytes_what_it_was_given()
    {
        IsoMessage[] messages = [Purchase(), Answer(), Reversal(), .. EveryField()];

        var written = Judge.Written(MessageFormat.Shetab, messages);

        var ours = new byte[MessageCodec.MaxLength];
        foreach (var (message, foreign) in messages.Zip(written))
        {
            var read = new IsoMessage();
            MessageFormat.Shetab.Decode(foreign, read);
            Assert.Equal(Judge.Texts(MessageFormat.Shetab, message), Judge.Texts(MessageFormat.Shetab, read));

            Assert.Equal(Encoding.ASCII.GetString(ours, 0, MessageFormat.Shetab.Encode(message, ours)), Encoding.ASCII.GetString(foreign));
        }
    }

    [Fact]
    public void Two_codecs_agree_on_messages_of_any_fields()
    {
        var messages = new List<IsoMessage>();
        AnyFields.Array[40].Sample(messages.AddRange, iter: 1, threads: 1, seed: "0000Kp0SV4J0");

        var read = Judge.Read(MessageFormat.Shetab, messages);
        var written = Judge.Written(MessageFormat.Shetab, messages);

        var ours = new byte[MessageCodec.MaxLength];
        for (var i = 0; i < messages.Count; i++)
        {
            Assert.Equal(Judge.Texts(MessageFormat.Shetab, messages[i]), read[i]);
            Assert.Equal(ours[..MessageFormat.Shetab.Encode(messages[i], ours)], written[i]);
        }
    }

    /// <summary>One message a field, at its greatest length: where a length or a place is wrong, the MAC after it is not where it should be.</summary>
    private static IEnumerable<IsoMessage> EveryField() =>
        from field in Enumerable.Range(2, 126)
        where IsJudged(field)
        select Made((field, MessageFormat.Shetab[field]!.Length));

    private static Gen<IsoMessage> AnyFields { get; } =
        from fields in Gen.Select(Gen.Int[2, 126], Gen.Int[1, 99]).Array[1, 30]
        select Made([.. fields.Where(field => IsJudged(field.Item1)).DistinctBy(field => field.Item1)]);

    private static bool IsJudged(int field) => field != 127 && MessageFormat.Shetab[field] is { Kind: not FieldKind.Binary };

    private static IsoMessage Made(params (int Field, int Length)[] fields)
    {
        var message = new IsoMessage { Mti = Mti.FinancialRequest };
        foreach (var (field, length) in fields)
        {
            var row = MessageFormat.Shetab[field]!;
            var units = row.IsFixed ? row.Length : Math.Min(length, row.Length);
            if (row.Kind is FieldKind.Hex)
            {
                message.Set(field, [.. Enumerable.Range(0, units).Select(i => (byte)(i * 37 % 256))]);
            }
            else
            {
                message.Set(field, string.Concat(Enumerable.Range(0, units).Select(i => (char)('0' + (i % 10)))));
            }
        }

        return WithMac(message);
    }

    private static IsoMessage Purchase()
    {
        var message = Common(Mti.FinancialRequest);
        message.Set(14, "0912");
        message.Set(18, "5999");
        message.Set(22, "700101700100");
        message.Set(48, "CV2003123");
        message.Set(52, [0x0A, 2, 3, 4, 5, 6, 7, 0xF8]);
        message.Set(53, [1, 1, 0, 1]);
        return WithMac(message);
    }

    private static IsoMessage Answer()
    {
        var message = Common(Mti.FinancialResponse);
        message.Set(15, "261124");
        message.Set(38, "123ABC");
        message.Set(39, "000");
        return WithMac(message);
    }

    private static IsoMessage Reversal()
    {
        var message = Common(Mti.ReversalAdvice);
        message.Set(25, "4021");
        message.Set(56, "120000000126112414360009581672000");
        return WithMac(message);
    }

    private static IsoMessage Common(int mti)
    {
        var message = new IsoMessage { Mti = mti };
        message.Set(2, "5022290000087122");
        message.SetNumber(3, 0, 6);
        message.SetNumber(4, 10_000, 12);
        message.Set(7, "1124110600");
        message.Set(11, "000001");
        message.Set(12, "261124143600");
        message.SetNumber(24, 200, 3);
        message.Set(32, "581672000");
        message.Set(37, "632814000001");
        message.Set(41, "00000001");
        message.Set(42, "000000000000001");
        message.SetNumber(49, 364, 3);
        return message;
    }

    private static IsoMessage WithMac(IsoMessage message)
    {
        MessageFormat.Shetab.EncodeWithMac(message, Mac, new byte[MessageCodec.MaxLength]);
        var whole = new byte[MessageCodec.MaxLength];
        var length = MessageFormat.Shetab.EncodeWithMac(message, Mac, whole);
        MessageFormat.Shetab.Decode(whole.AsSpan(0, length), message);
        return message;
    }
}
