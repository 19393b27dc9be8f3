using System.Globalization;
using System.Text;
using CanPay.Iso8583;

namespace CanPay.Bench;

/// <summary>
/// The usual style of ISO 8583 libraries: a message is a dictionary of strings, a format a table of rows. Written as well as
/// that style allows: one pass, no regular expressions, one builder and one result an operation; it holds a value to its
/// field as strictly as ours and speaks the same bytes.
/// </summary>
internal sealed class DictionaryCodec(MessageFormat format)
{
    private readonly FieldFormat?[] _rows = [.. Enumerable.Range(0, 129).Select(field => format[field])];

    /// <summary>Field 0 is the message type; bytes are given in hexadecimal.</summary>
    public byte[] Encode(Dictionary<int, string> message)
    {
        ulong primary = 0, secondary = 0;
        foreach (var field in message.Keys)
        {
            if (field is > 64)
            {
                secondary |= 1UL << (128 - field);
            }
            else if (field is > 1)
            {
                primary |= 1UL << (64 - field);
            }
        }

        var text = new StringBuilder(512).Append(message[0]);
        text.Append((secondary != 0 ? primary | (1UL << 63) : primary).ToString("X16", CultureInfo.InvariantCulture));
        if (secondary != 0)
        {
            text.Append(secondary.ToString("X16", CultureInfo.InvariantCulture));
        }

        for (var field = 2; field <= 128; field++)
        {
            if (message.TryGetValue(field, out var value))
            {
                Append(text, _rows[field] ?? throw new FormatException($"There is no field {field}."), value);
            }
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    public Dictionary<int, string> Decode(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.ASCII.GetString(bytes);
        var message = new Dictionary<int, string>(32) { [0] = text[..4] };
        var primary = ulong.Parse(text.AsSpan(4, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var at = 20;
        var secondary = 0UL;
        if (primary >> 63 == 1)
        {
            secondary = ulong.Parse(text.AsSpan(20, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            at = 36;
        }

        for (var field = 2; field <= 128; field++)
        {
            if (field <= 64 ? (primary >> (64 - field) & 1) == 1 : (secondary >> (128 - field) & 1) == 1)
            {
                message[field] = Take(text, _rows[field] ?? throw new FormatException($"There is no field {field}."), ref at);
            }
        }

        return at == text.Length ? message : throw new FormatException("Bytes are left over.");
    }

    private static void Append(StringBuilder text, FieldFormat row, string value)
    {
        var units = row.Kind is FieldKind.Hex ? value.Length / 2 : value.Length;
        Require(row, value, units);
        if (row.IsFixed)
        {
            text.Append(row.Kind switch
            {
                FieldKind.Numeric => value.PadLeft(row.Length, '0'),
                FieldKind.Text => value.PadRight(row.Length),
                _ => value,
            });
        }
        else
        {
            text.Append(units.ToString(row.LengthDigits == 2 ? "00" : "000", CultureInfo.InvariantCulture)).Append(value);
        }
    }

    private static string Take(string text, FieldFormat row, ref int at)
    {
        var units = row.Length;
        if (!row.IsFixed)
        {
            units = int.Parse(text.AsSpan(at, row.LengthDigits), NumberStyles.None, CultureInfo.InvariantCulture);
            at += row.LengthDigits;
        }

        var value = text.Substring(at, row.Kind is FieldKind.Hex ? 2 * units : units);
        Require(row, value, units);
        at += value.Length;
        return value;
    }

    private static void Require(FieldFormat row, string value, int units)
    {
        if (units > row.Length)
        {
            throw new FormatException($"Field {row.Number} is too long.");
        }

        foreach (var c in value)
        {
            if (!(row.Kind switch
            {
                FieldKind.Numeric => char.IsAsciiDigit(c),
                FieldKind.Hex => char.IsAsciiHexDigit(c),
                _ => c is >= ' ' and <= '~',
            }))
            {
                throw new FormatException($"Field {row.Number} holds what does not belong there.");
            }
        }
    }
}
