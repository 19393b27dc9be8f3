using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CanPay.Iso8583;

/// <content>Bytes to message.</content>
public static partial class MessageCodec
{
    /// <returns>How many bytes are read now, or -1 with an error; as of the methods below.</returns>
    private static int ReadHead(
        MessageFormat format,
        ReadOnlySpan<byte> source,
        IsoMessage message,
        out ulong primary,
        out ulong secondary,
        out DecodeError error)
    {
        (primary, secondary, error) = (0, 0, default);
        var reader = new MessageReader(source, 0);
        if (!reader.TryTake(format.Header.Length, out var header) || !header.SequenceEqual(format.Header))
        {
            return reader.Fail("the header is missing", 0, out error);
        }

        if (!reader.TryMti(out var mti))
        {
            return reader.Fail("the message type has not four digits", 0, out error);
        }

        message.Mti = mti;
        if (!reader.TryBitmap(out var bitmap))
        {
            return reader.Fail("the primary bitmap is not hexadecimal", 0, out error);
        }

        if ((bitmap & SecondaryFollows) != 0 && !reader.TryBitmap(out secondary))
        {
            return reader.Fail("the secondary bitmap is not hexadecimal", 1, out error);
        }

        primary = bitmap & ~SecondaryFollows;
        return reader.At;
    }

    /// <param name="format">The table.</param>
    /// <param name="source">The whole message.</param>
    /// <param name="at">Bytes that are read already.</param>
    /// <param name="bitmap">Which fields, of one half.</param>
    /// <param name="first">The field of the bitmap's highest bit.</param>
    /// <param name="message">Takes the values.</param>
    /// <param name="error">What is wrong, where the answer is -1.</param>
    // Compiled by itself: as a part of a long caller the small steps in it would no longer be inlined.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int ReadFields(
        MessageFormat format, ReadOnlySpan<byte> source, int at, ulong bitmap, int first, IsoMessage message, out DecodeError error)
    {
        error = default;
        var shortFields = format.ShortFields;
        while (bitmap != 0 && at >= 0)
        {
            var field = TakeField(ref bitmap, first);
            var after = TryReadShort(shortFields[field], source, at, message, field);
            at = after >= 0 ? after : ReadByRow(format, source, at, message, field, out error);
        }

        return at;
    }

    /// <returns>-1 where the field is for <see cref="ReadByRow"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int TryReadShort(in ShortField row, ReadOnlySpan<byte> source, int at, IsoMessage message, int field)
    {
        if (source.Length - at < row.LengthDigits + Sixteen.Length)
        {
            return -1;
        }

        var length = row.FixedLength;
        if (row.LengthDigits != 0)
        {
            if (row.LengthDigits == 3 && source[at++] != (byte)'0')
            {
                return -1;
            }

            length = Digits.ReadTwo(source, at);
            at += 2;
        }

        if (!row.Takes(length) || !message.HasRoom(length))
        {
            return -1;
        }

        var onWire = row.IsHex ? 2 * length : length;
        var value = Sixteen.Load(source, at, onWire);
        if (row.IsHex)
        {
            if (!Sixteen.TryParseHex(value, onWire, out var bytes))
            {
                return -1;
            }

            value = Vector128.CreateScalar(bytes).AsByte();
        }
        else if (!Sixteen.AreWithin(value, length, row.Lowest, row.Reach))
        {
            return -1;
        }

        message.Append(field, value, length);
        return at + onWire;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int ReadByRow(
        MessageFormat format, ReadOnlySpan<byte> source, int at, IsoMessage message, int field, out DecodeError error)
    {
        error = default;
        var reader = new MessageReader(source, at);
        if (format[field] is not { } row)
        {
            return reader.Fail("the format has no such field", field, out error);
        }

        var length = row.Length;
        if (!row.IsFixed && !reader.TryNumber(row.LengthDigits, out length))
        {
            return reader.Fail("the length is not a number", field, out error);
        }

        if (length > row.Length || row.IsEmptyUnfit(length))
        {
            return reader.Fail("the field cannot have this length", field, out error);
        }

        if (row.Kind is FieldKind.Hex)
        {
            return reader.TryTake(length * 2, out var digits) && message.HasRoom(length)
                && Convert.FromHexString(digits, message.Reserve(field, length), out _, out _) is OperationStatus.Done
                ? reader.At
                : reader.Fail("the value is cut off or not hexadecimal", field, out error);
        }

        if (!reader.TryTake(length, out var value) || !message.HasRoom(length))
        {
            return reader.Fail("the value is cut off", field, out error);
        }

        if (row.FirstUnfit(value) >= 0)
        {
            return reader.Fail("a character does not belong there", field, out error);
        }

        message.Set(field, value);
        return reader.At;
    }
}
