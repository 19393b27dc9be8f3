using System.Numerics;

namespace CanPay.Iso8583;

/// <summary>Bytes to message and back, by a table of fields; on spans, without allocating.</summary>
public static class MessageCodec
{
    private const int MtiLength = 4;

    /// <summary>Longest message that any format makes, in bytes.</summary>
    public const int MaxLength = 8192;

    /// <summary>Writes the message.</summary>
    /// <param name="format">The table.</param>
    /// <param name="message">What to write.</param>
    /// <param name="target">At least <see cref="MaxLength"/> bytes are always enough.</param>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="IsoFormatException">A value does not fit its field, or the target is too small.</exception>
    public static int Encode(this MessageFormat format, IsoMessage message, Span<byte> target)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentNullException.ThrowIfNull(message);
        var writer = new MessageWriter(target);
        writer.Bytes(format.Header, 0);
        if (message.Mti is < 0 or > 9999)
        {
            throw new IsoFormatException("the message type has not four digits", 0, -1);
        }

        writer.Number(message.Mti, MtiLength, 0);
        writer.Hex(message.Bitmap(0), 0);
        if (message.HasSecondary)
        {
            writer.Hex(message.Bitmap(1), 1);
        }

        for (var field = message.Next(1); field != 0; field = message.Next(field))
        {
            var row = format[field] ?? throw new IsoFormatException("the format has no such field", field, -1);
            EncodeField(row, message.Get(field), ref writer);
        }

        return writer.Length;
    }

    /// <summary>Reads a message; the whole of <paramref name="source"/> and nothing else.</summary>
    /// <param name="format">The table.</param>
    /// <param name="source">The bytes, without the length prefix of the line.</param>
    /// <param name="message">Is cleared and filled; after an error its content means nothing.</param>
    /// <exception cref="IsoFormatException">The bytes are no message of this format.</exception>
    public static void Decode(this MessageFormat format, ReadOnlySpan<byte> source, IsoMessage message)
    {
        if (!format.TryDecode(source, message, out var error))
        {
            throw new IsoFormatException(error.Problem, error.Field, error.Offset);
        }
    }

    /// <summary>As <see cref="Decode"/>, without an exception: a line meets bad bytes as a matter of course.</summary>
    /// <param name="format">The table.</param>
    /// <param name="source">The bytes, without the length prefix of the line.</param>
    /// <param name="message">Is cleared and filled; after an error its content means nothing.</param>
    /// <param name="error">What is wrong, where the answer is false.</param>
    public static bool TryDecode(
        this MessageFormat format, ReadOnlySpan<byte> source, IsoMessage message, out DecodeError error)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentNullException.ThrowIfNull(message);
        message.Clear();
        var reader = new MessageReader(source);
        error = Read(format, ref reader, message);
        return error.Problem is null;
    }

    private static DecodeError Read(MessageFormat format, ref MessageReader reader, IsoMessage message)
    {
        if (!reader.TryTake(format.Header.Length, out var header) || !header.SequenceEqual(format.Header))
        {
            return reader.Error("the header is missing", 0);
        }

        if (!reader.TryNumber(MtiLength, out var mti))
        {
            return reader.Error("the message type has not four digits", 0);
        }

        message.Mti = mti;
        if (!reader.TryHex(out var primary))
        {
            return reader.Error("the primary bitmap is not hexadecimal", 0);
        }

        var secondary = 0UL;
        if ((primary & (1UL << 63)) != 0 && !reader.TryHex(out secondary))
        {
            return reader.Error("the secondary bitmap is not hexadecimal", 1);
        }

        for (var half = 0; half < 2; half++)
        {
            // Bit 1 of the primary bitmap says that there is a secondary one.
            var rest = half == 0 ? primary & ~(1UL << 63) : secondary;
            for (; rest != 0; rest &= ~(1UL << (63 - BitOperations.LeadingZeroCount(rest))))
            {
                var field = (half * 64) + BitOperations.LeadingZeroCount(rest) + 1;
                if (format[field] is not { } row)
                {
                    return reader.Error("the format has no such field", field);
                }

                if (DecodeField(row, ref reader, message) is { Problem: not null } error)
                {
                    return error;
                }
            }
        }

        return reader.IsAtEnd ? default : reader.Error("bytes are left over", 0);
    }

    private static void EncodeField(FieldFormat row, ReadOnlySpan<byte> value, ref MessageWriter writer)
    {
        var mayBeFilled = !row.IsFixed || row.Kind is FieldKind.Numeric or FieldKind.Text;
        if (value.Length > row.Length || (value.Length < row.Length && !mayBeFilled) || row.IsEmptyUnfit(value.Length))
        {
            throw new IsoFormatException($"{value.Length} units do not fit", row.Number, writer.Length);
        }

        if (row.FirstUnfit(value) >= 0)
        {
            throw new IsoFormatException("a character does not belong there", row.Number, writer.Length);
        }

        if (!row.IsFixed)
        {
            writer.Number(value.Length, row.LengthDigits, row.Number);
        }

        var fill = row.IsFixed ? row.Length - value.Length : 0;
        if (row.Kind is FieldKind.Numeric)
        {
            writer.Fill((byte)'0', fill, row.Number);
        }

        if (row.Kind is FieldKind.Hex)
        {
            writer.HexBytes(value, row.Number);
        }
        else
        {
            writer.Bytes(value, row.Number);
        }

        if (row.Kind is not FieldKind.Numeric)
        {
            writer.Fill((byte)' ', fill, row.Number);
        }
    }

    private static DecodeError DecodeField(FieldFormat row, ref MessageReader reader, IsoMessage message)
    {
        var length = row.Length;
        if (!row.IsFixed && !reader.TryNumber(row.LengthDigits, out length))
        {
            return reader.Error("the length is not a number", row.Number);
        }

        if (length > row.Length || row.IsEmptyUnfit(length))
        {
            return reader.Error("the field cannot have this length", row.Number);
        }

        if (row.Kind is FieldKind.Hex)
        {
            return reader.TryTake(length * 2, out var digits) && message.HasRoom(length)
                && TryParseHex(digits, message.Reserve(row.Number, length))
                ? default
                : reader.Error("the value is cut off or not hexadecimal", row.Number);
        }

        if (!reader.TryTake(length, out var value) || !message.HasRoom(length))
        {
            return reader.Error("the value is cut off", row.Number);
        }

        if (row.FirstUnfit(value) >= 0)
        {
            return reader.Error("a character does not belong there", row.Number);
        }

        message.Set(row.Number, value);
        return default;
    }

    private static bool TryParseHex(ReadOnlySpan<byte> digits, Span<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            var high = MessageReader.Nibble(digits[2 * i]);
            var low = MessageReader.Nibble(digits[(2 * i) + 1]);
            if ((high | low) < 0)
            {
                return false;
            }

            bytes[i] = (byte)((high << 4) | low);
        }

        return true;
    }
}
