using System.Runtime.CompilerServices;

namespace CanPay.Iso8583;

/// <summary>Numbers of two decimal digits, which lengths and message types are made of.</summary>
internal static class Digits
{
    /// <param name="number">0 to 99.</param>
    /// <param name="target">Where to.</param>
    /// <param name="at">Of the first digit.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteTwo(int number, Span<byte> target, int at)
    {
        unchecked
        {
            var tens = (uint)number * 103 >> 10;
            var ones = (uint)number - (10 * tens);
            target[at] = (byte)('0' + tens);
            target[at + 1] = (byte)('0' + ones);
        }
    }

    /// <returns>0 to 99, or -1 where one of them is no digit.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ReadTwo(ReadOnlySpan<byte> source, int at)
    {
        unchecked
        {
            var tens = (uint)(source[at] - '0');
            var ones = (uint)(source[at + 1] - '0');
            return tens <= 9 && ones <= 9 ? (int)((10 * tens) + ones) : -1;
        }
    }
}
