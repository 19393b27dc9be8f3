using System.Buffers;

namespace CanPay.Iso8583;

/// <summary>How the value of a field is written on the wire.</summary>
public enum FieldKind
{
    /// <summary>Digits <c>0-9</c>; a fixed field is filled with zeros on the left.</summary>
    Numeric,

    /// <summary>A sign character (<c>C</c> or <c>D</c>, or a zero) and digits; fixed.</summary>
    SignedNumeric,

    /// <summary>Printable ASCII; a fixed field is filled with spaces on the right.</summary>
    Text,

    /// <summary>Track data: digits, <c>=</c> and <c>D</c>.</summary>
    Track,

    /// <summary>Bytes, written as two ASCII hexadecimal digits each.</summary>
    Hex,

    /// <summary>Bytes, written as they are.</summary>
    Binary,
}

/// <summary>What of a field may be shown to people and logs.</summary>
public enum Secrecy
{
    /// <summary>All of it.</summary>
    None,

    /// <summary>The first six and the last four digits.</summary>
    Pan,

    /// <summary>Only that it is there and how long it is.</summary>
    LengthOnly,
}

/// <summary>One row of a message format: where a field stands and how it is written.</summary>
/// <param name="Number">2 to 128. Field 1 is the secondary bitmap and is written by the codec.</param>
/// <param name="Name">As the standard calls it.</param>
/// <param name="Kind">How the value is written.</param>
/// <param name="Length">Units of the value: exactly so many (fixed), or at the most (variable). Units are bytes for <see cref="FieldKind.Hex"/> and <see cref="FieldKind.Binary"/>, characters otherwise.</param>
/// <param name="LengthDigits">Decimal digits of the length before the value: 0 (fixed), 2 (LL) or 3 (LLL).</param>
/// <param name="Secrecy">What may be shown.</param>
public sealed record FieldFormat(
    int Number, string Name, FieldKind Kind, int Length, int LengthDigits = 0, Secrecy Secrecy = Secrecy.None)
{
    private static readonly SearchValues<byte> TrackCharacters = SearchValues.Create("0123456789=D"u8);

    /// <summary>The value always has <see cref="Length"/> units.</summary>
    public bool IsFixed => LengthDigits == 0;

    /// <summary>Only a text may be there and empty; a number, a track or bytes would say nothing.</summary>
    internal bool IsEmptyUnfit(int length) => length == 0 && Kind is not FieldKind.Text;

    /// <summary>The first unit of the value that does not belong there, or -1.</summary>
    internal int FirstUnfit(ReadOnlySpan<byte> value) => Kind switch
    {
        FieldKind.Numeric => value.IndexOfAnyExceptInRange((byte)'0', (byte)'9'),
        FieldKind.SignedNumeric when value is [(byte)'C' or (byte)'D', ..] =>
            value[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') is var at and >= 0 ? at + 1 : -1,
        FieldKind.SignedNumeric => value.IndexOfAnyExceptInRange((byte)'0', (byte)'9'),
        FieldKind.Text => value.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7E),
        FieldKind.Track => value.IndexOfAnyExcept(TrackCharacters),
        FieldKind.Hex or FieldKind.Binary => -1,
    };
}
