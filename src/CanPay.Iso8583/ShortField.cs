using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CanPay.Iso8583;

/// <summary>
/// What the codec must know of a row to move a short value in one step. It only ever says "this is right": absent rows, odd
/// kinds, long values, fill, and whatever is wrong are left to the row itself.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct ShortField
{
    private readonly byte _least;
    private readonly byte _lengths;

    public ShortField(FieldFormat row)
    {
        IsHex = row.Kind is FieldKind.Hex;
        LengthDigits = (byte)row.LengthDigits;
        (Lowest, var highest) = row.Kind is FieldKind.Numeric ? ((byte)'0', (byte)'9') : ((byte)' ', (byte)'~');
        Reach = (byte)(highest - Lowest);
        var most = IsHex ? Sixteen.Length / 2 : Sixteen.Length;
        if (row.Kind is FieldKind.Numeric or FieldKind.Text or FieldKind.Hex && (!row.IsFixed || row.Length <= most))
        {
            _least = (byte)(row.IsFixed ? row.Length : 1);
            _lengths = (byte)(Math.Min(row.Length, most) - _least + 1);
        }
    }

    /// <summary>Units are bytes in hexadecimal; otherwise characters from <see cref="Lowest"/> on.</summary>
    public bool IsHex { get; }

    /// <summary>Decimal digits of the length before the value: 0 (fixed), 2 or 3.</summary>
    public byte LengthDigits { get; }

    /// <summary>The first character that may stand in the value.</summary>
    public byte Lowest { get; }

    /// <summary>How many more characters after it.</summary>
    public byte Reach { get; }

    /// <summary>Units of a fixed field.</summary>
    public int FixedLength => _least;

    /// <summary>A value of so many units can be moved in one step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Takes(int length) => unchecked((uint)(length - _least)) < _lengths;
}
