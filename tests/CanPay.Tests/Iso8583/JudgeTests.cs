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
        IsoMessage[] messages = [.. Purchases(), .. EveryField()];

        var read = Judge.Read(MessageFormat.Shetab, messages);

        foreach (var (message, foreign) in messages.Zip(read))
        {
            Assert.Equal(Judge.Texts(MessageFormat.Shetab, message), foreign);
        }
    }

    [Fact]
    public void We_read_in_a_foreign_codecs_bytes_what_it_was_given()
    {
        IsoMessage[] messages = [.. Purchases(), .. EveryField()];

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

    private static IEnumerable<IsoMessage> Purchases() =>
        from message in (IsoMessage[])[SomePurchase.Request(), SomePurchase.Answer(), SomePurchase.Reversal()]
        select WithMac(message);

    private static IsoMessage WithMac(IsoMessage message)
    {
        MessageFormat.Shetab.EncodeWithMac(message, Mac, new byte[MessageCodec.MaxLength]);
        var whole = new byte[MessageCodec.MaxLength];
        var length = MessageFormat.Shetab.EncodeWithMac(message, Mac, whole);
        MessageFormat.Shetab.Decode(whole.AsSpan(0, length), message);
        return message;
    }
}
