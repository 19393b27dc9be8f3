using CanPay.Iso8583;

namespace CanPay.Tests.Iso8583;

/// <summary>Messages as bytes and as a list of fields, to compare them.</summary>
internal static class SomeBytes
{
    public static byte[] Encoded(this MessageFormat format, IsoMessage message)
    {
        var bytes = new byte[MessageCodec.MaxLength];
        return bytes[..format.Encode(message, bytes)];
    }

    /// <summary>What is there, by field; 52 and 53 as hexadecimal digits. 128 is the line's own.</summary>
    public static SortedDictionary<int, string> Fields(this IsoMessage message) => new(Enumerable.Range(2, 126).Where(message.Has).ToDictionary(
        field => field, field => field is 52 or 53 ? Convert.ToHexString(message.Get(field)) : message.GetText(field)!));
}
