using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CanPay.Iso8583;

/// <summary>
/// Up to sixteen bytes handled at once. Nearly every value of a message is that short: it is then checked and moved in a
/// handful of instructions, whatever its length. Bytes beyond the length are zeros.
/// </summary>
internal static class Sixteen
{
    public const int Length = 16;

    /// <summary>The first <paramref name="count"/> bytes; sixteen must be readable.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Load(ReadOnlySpan<byte> source, int at, int count) =>
        Vector128.Create(source.Slice(at, Length)) & FirstBytes(count);

    /// <summary>Writes all sixteen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<byte> bytes, Span<byte> target, int at) => bytes.CopyTo(target.Slice(at, Length));

    /// <summary>Each of the first <paramref name="count"/> bytes is <paramref name="lowest"/> or up to <paramref name="reach"/> more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreWithin(Vector128<byte> bytes, int count, byte lowest, byte reach)
    {
        var beyond = Vector128.SubtractSaturate(bytes - Vector128.Create(lowest), Vector128.Create(reach));
        return (beyond & FirstBytes(count)) == Vector128<byte>.Zero;
    }

    /// <summary>Two hexadecimal digits for each of eight bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ToHex(ulong bytes)
    {
        var wide = Vector128.WidenLower(Vector128.CreateScalar(bytes).AsByte());
        var nibbles = (((wide << 8) | (wide >> 4)) & Vector128.Create((ushort)0x0F0F)).AsByte();
        return Vector128.Shuffle(Vector128.Create("0123456789ABCDEF"u8), nibbles);
    }

    /// <summary>Eight bytes of the first <paramref name="count"/> digits; false where one of them is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryParseHex(Vector128<byte> digits, int count, out ulong bytes)
    {
        var number = digits - Vector128.Create((byte)'0');
        var letter = (digits | Vector128.Create((byte)0x20)) - Vector128.Create((byte)'a');
        var isNumber = Vector128.LessThanOrEqual(number, Vector128.Create((byte)9));
        var isLetter = Vector128.LessThanOrEqual(letter, Vector128.Create((byte)5));
        var nibbles = Vector128.ConditionalSelect(isNumber, number, letter + Vector128.Create((byte)10)) & FirstBytes(count);
        var pairs = ((nibbles.AsUInt16() << 4) | (nibbles.AsUInt16() >> 8)) & Vector128.Create((ushort)0xFF);
        bytes = Vector128.Narrow(pairs, pairs).AsUInt64().ToScalar();
        return Vector128.AndNot(FirstBytes(count), isNumber | isLetter) == Vector128<byte>.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> FirstBytes(int count) =>
        Vector128.LessThan(Vector128<sbyte>.Indices, Vector128.Create(unchecked((sbyte)count))).AsByte();
}
