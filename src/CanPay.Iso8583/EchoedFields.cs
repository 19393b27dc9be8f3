using System.Runtime.InteropServices;

namespace CanPay.Iso8583;

/// <summary>What an answer must repeat to be about the same purchase as its request: reference (37), amount (4), currency (49).</summary>
/// <remarks>Values, not views: the request may be cleared while its answer is awaited. 0 and -1 stand for "not there".</remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct EchoedFields(UInt128 Rrn, long Amount, long Currency)
{
    public static EchoedFields Of(IsoMessage message)
    {
        UInt128 rrn = 0;
        foreach (var character in message.Get(37))
        {
            rrn = (rrn << 8) | character;
        }

        return new(
            rrn,
            message.TryGetNumber(4, out var amount) ? amount : -1,
            message.TryGetNumber(49, out var currency) ? currency : -1);
    }

    /// <summary>The answer repeats whatever the request, which this is of, has.</summary>
    public bool AreIn(IsoMessage answer)
    {
        var its = Of(answer);
        return (Rrn == 0 || Rrn == its.Rrn) && (Amount == -1 || Amount == its.Amount)
            && (Currency == -1 || Currency == its.Currency);
    }
}
