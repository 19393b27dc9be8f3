using System.Buffers.Binary;

namespace CanPay.Iso8583;

/// <summary>What an answer must have in common with its request to be looked at: type, trace number, local time, terminal.</summary>
/// <param name="RequestMti">Type of the request.</param>
/// <param name="Stan">Field 11.</param>
/// <param name="LocalTime">Field 12.</param>
/// <param name="Terminal">Field 41 as eight bytes; 0 where the message has none.</param>
internal readonly record struct CorrelationKey(int RequestMti, long Stan, long LocalTime, ulong Terminal)
{
    /// <summary>The same in every process: whoever looks for a fault meets requests in the order in which another met them.</summary>
    public override int GetHashCode() => unchecked((int)((Stan * 31) ^ (LocalTime * 127) ^ RequestMti));

    public static bool TryOfRequest(IsoMessage request, out CorrelationKey key) => TryOf(request, request.Mti, out key);

    public static bool TryOfAnswer(IsoMessage answer, out CorrelationKey key) => TryOf(answer, answer.Mti - 10, out key);

    private static bool TryOf(IsoMessage message, int requestMti, out CorrelationKey key)
    {
        key = default;
        if (!message.TryGetNumber(11, out var stan) || !message.TryGetNumber(12, out var time))
        {
            return false;
        }

        var terminal = message.Get(41);
        key = new(requestMti, stan, time, terminal.Length == 8 ? BinaryPrimitives.ReadUInt64BigEndian(terminal) : 0);
        return true;
    }
}
