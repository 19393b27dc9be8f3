using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace CanPay.Iso8583;

/// <summary>A message: its type and the values of its fields, in one buffer that is used again and again.</summary>
/// <remarks>
/// Not safe for several threads. Spans that it gave out are good until the next change. Values are what they mean:
/// digits, text or bytes, without lengths and padding.
/// </remarks>
public sealed class IsoMessage
{
    /// <summary>Values of one message together, in bytes.</summary>
    public const int Capacity = 4096;

    // A short value is read and written as sixteen bytes, also the last one.
    private readonly byte[] _values = new byte[Capacity + Sixteen.Length];
    private Places _places;
    private int _used;
    private ulong _primary;
    private ulong _secondary;

    /// <summary>Message type identifier: four digits as a number, 1200 for a purchase.</summary>
    public int Mti { get; set; }

    /// <summary>A field beyond 64 is there.</summary>
    public bool HasSecondary => _secondary != 0;

    /// <summary>Empties the message for the next use.</summary>
    public void Clear()
    {
        Array.Clear(_values, 0, _used);
        _used = 0;
        _primary = 0;
        _secondary = 0;
        Mti = 0;
    }

    /// <summary>The field is there.</summary>
    public bool Has(int field) => field is >= 2 and <= 128 && (Half(field) & Bit(field)) != 0;

    /// <summary>The value of a field; empty where the field is absent.</summary>
    public ReadOnlySpan<byte> Get(int field)
    {
        if (!Has(field))
        {
            return [];
        }

        return Room(field);
    }

    /// <summary>The value as text, or null where the field is absent.</summary>
    public string? GetText(int field) => Has(field) ? Encoding.ASCII.GetString(Get(field)) : null;

    /// <summary>The value as a number; false where it is absent or not all digits.</summary>
    public bool TryGetNumber(int field, out long number)
    {
        var value = Get(field);
        return Utf8Parser.TryParse(value, out number, out var consumed) && consumed == value.Length && value[0] is not ((byte)'-' or (byte)'+');
    }

    /// <summary>Sets a field to bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such field.</exception>
    /// <exception cref="IsoFormatException">The message has no room for it.</exception>
    public void Set(int field, ReadOnlySpan<byte> value) => value.CopyTo(Reserve(field, value.Length));

    /// <summary>Sets a field to text; characters beyond ASCII become question marks, which no numeric field accepts.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such field.</exception>
    /// <exception cref="IsoFormatException">The message has no room for it.</exception>
    public void Set(int field, ReadOnlySpan<char> value) => Encoding.ASCII.GetBytes(value, Reserve(field, value.Length));

    /// <summary>Sets a field to a number with at least <paramref name="width"/> digits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such field, or the number is negative.</exception>
    public void SetNumber(int field, long number, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        Span<byte> digits = stackalloc byte[20];
        var filled = 20;
        do
        {
            digits[--filled] = (byte)('0' + (number % 10));
            number /= 10;
        }
        while (number > 0);

        while (20 - filled < Math.Min(width, 20))
        {
            digits[--filled] = (byte)'0';
        }

        Set(field, digits[filled..]);
    }

    /// <summary>Takes a field out and wipes it.</summary>
    public void Remove(int field)
    {
        if (Has(field))
        {
            Room(field).Clear();
            Half(field) &= ~Bit(field);
        }
    }

    /// <summary>The lowest field above <paramref name="field"/> that is there, or 0.</summary>
    public int Next(int field)
    {
        for (var at = field + 1; at <= 128;)
        {
            var half = at <= 64 ? _primary : _secondary;
            var rest = half << ((at - 1) & 63);
            if (rest != 0)
            {
                return at + BitOperations.LeadingZeroCount(rest);
            }

            at = at <= 64 ? 65 : 129;
        }

        return 0;
    }

    /// <summary>Room for a value that is written into the message in place.</summary>
    internal Span<byte> Reserve(int field, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(field, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(field, 128);
        if (Has(field))
        {
            var room = Room(field);
            room.Clear();
            if (room.Length == length)
            {
                return room;
            }
        }

        if (_used + length > Capacity)
        {
            throw new IsoFormatException("the message is too large", field, -1);
        }

        _places[field] = new(_used, length);
        Half(field) |= Bit(field);
        _used += length;
        return Room(field);
    }

    internal bool HasRoom(int length) => _used + length <= Capacity;

    internal ulong Bitmap(int half) => half == 0 ? _primary | (HasSecondary ? 1UL << 63 : 0) : _secondary;

    /// <summary>Where in <see cref="Values"/> the value of a field stands that is there.</summary>
    internal Place Place(int field) => _places[field];

    /// <summary>All values, and sixteen bytes more.</summary>
    internal ReadOnlySpan<byte> Values => _values;

    /// <summary>Puts a value of at most sixteen bytes after the others; <see cref="SetBitmaps"/> says later that it is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Append(int field, Vector128<byte> value, int length)
    {
        Sixteen.Store(value, _values, _used);
        _places[field] = new(_used, length);
        _used += length;
    }

    internal void SetBitmaps(ulong primary, ulong secondary) => (_primary, _secondary) = (primary, secondary);

    /// <summary>For people and logs: every field as far as <paramref name="format"/> lets it be shown.</summary>
    public string Describe(MessageFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        var text = new StringBuilder().Append(Mti.ToString("0000", CultureInfo.InvariantCulture));
        for (var field = Next(1); field != 0; field = Next(field))
        {
            text.Append(CultureInfo.InvariantCulture, $" {field}=").Append(Shown(format[field], Get(field)));
        }

        return text.ToString();
    }

    /// <summary>Type and numbers of the fields: no values, since only a format knows which of them are secret.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().Append(Mti.ToString("0000", CultureInfo.InvariantCulture));
        for (var field = Next(1); field != 0; field = Next(field))
        {
            text.Append(CultureInfo.InvariantCulture, $" {field}");
        }

        return text.ToString();
    }

    private static string Shown(FieldFormat? format, ReadOnlySpan<byte> value) => format switch
    {
        null or { Secrecy: Secrecy.LengthOnly } => $"({value.Length})",
        { Secrecy: Secrecy.Pan } when value.Length >= 13 =>
            Encoding.ASCII.GetString(value[..6]) + new string('*', value.Length - 10) + Encoding.ASCII.GetString(value[^4..]),
        { Secrecy: Secrecy.Pan } => $"({value.Length})",
        { Kind: FieldKind.Hex or FieldKind.Binary } => Convert.ToHexString(value),
        _ => Encoding.ASCII.GetString(value),
    };

    private Span<byte> Room(int field) => _values.AsSpan(_places[field].Offset, _places[field].Length);

    private static ulong Bit(int field) => 1UL << (63 - ((field - 1) & 63));

    private ref ulong Half(int field) => ref field <= 64 ? ref _primary : ref _secondary;

    /// <summary>By the number of the field.</summary>
    [InlineArray(129)]
    private struct Places
    {
        private Place _first;
    }
}
