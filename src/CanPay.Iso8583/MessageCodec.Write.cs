using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CanPay.Iso8583;

/// <content>Message to bytes.</content>
public static partial class MessageCodec
{
    /// <returns>How many bytes are written now, as of the methods below.</returns>
    private static int WriteHead(MessageFormat format, IsoMessage message, Span<byte> target)
    {
        var writer = new MessageWriter(target, 0);
        writer.Bytes(format.Header, 0);
        if (message.Mti is < 0 or > 9999)
        {
            throw new IsoFormatException("the message type has not four digits", 0, -1);
        }

        writer.Mti(message.Mti);
        writer.Bitmap(message.Bitmap(0), 0);
        if (message.HasSecondary)
        {
            writer.Bitmap(message.Bitmap(1), 1);
        }

        return writer.Length;
    }

    /// <param name="format">The table.</param>
    /// <param name="message">Where the values are.</param>
    /// <param name="bitmap">Which fields, of one half.</param>
    /// <param name="first">The field of the bitmap's highest bit.</param>
    /// <param name="target">Takes the message from its beginning.</param>
    /// <param name="at">Bytes that are written already.</param>
    // Compiled by itself: as a part of a long caller the small steps in it would no longer be inlined.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int WriteFields(MessageFormat format, IsoMessage message, ulong bitmap, int first, Span<byte> target, int at)
    {
        var shortFields = format.ShortFields;
        var values = message.Values;
        while (bitmap != 0)
        {
            var field = TakeField(ref bitmap, first);
            var after = TryWriteShort(shortFields[field], values, message.Place(field), target, at);
            at = after >= 0 ? after : WriteByRow(format, message, field, target, at);
        }

        return at;
    }

    /// <returns>-1 where the field is for <see cref="WriteByRow"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int TryWriteShort(in ShortField row, ReadOnlySpan<byte> values, Place place, Span<byte> target, int at)
    {
        var length = place.Length;
        if (!row.Takes(length) || target.Length - at < row.LengthDigits + Sixteen.Length)
        {
            return -1;
        }

        var value = Sixteen.Load(values, place.Offset, length);
        if (!row.IsHex && !Sixteen.AreWithin(value, length, row.Lowest, row.Reach))
        {
            return -1;
        }

        if (row.LengthDigits != 0)
        {
            if (row.LengthDigits == 3)
            {
                target[at++] = (byte)'0';
            }

            Digits.WriteTwo(length, target, at);
            at += 2;
        }

        Sixteen.Store(row.IsHex ? Sixteen.ToHex(value.AsUInt64().ToScalar()) : value, target, at);
        return at + (row.IsHex ? 2 * length : length);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int WriteByRow(MessageFormat format, IsoMessage message, int field, Span<byte> target, int at)
    {
        var row = format[field] ?? throw new IsoFormatException("the format has no such field", field, -1);
        var value = message.Get(field);
        var mayBeFilled = !row.IsFixed || row.Kind is FieldKind.Numeric or FieldKind.Text;
        if (value.Length > row.Length || (value.Length < row.Length && !mayBeFilled) || row.IsEmptyUnfit(value.Length))
        {
            throw new IsoFormatException($"{value.Length} units do not fit", field, at);
        }

        if (row.FirstUnfit(value) >= 0)
        {
            throw new IsoFormatException("a character does not belong there", field, at);
        }

        var writer = new MessageWriter(target, at);
        if (!row.IsFixed)
        {
            writer.Number(value.Length, row.LengthDigits, field);
        }

        var fill = row.IsFixed ? row.Length - value.Length : 0;
        if (row.Kind is FieldKind.Numeric)
        {
            writer.Fill((byte)'0', fill, field);
        }

        if (row.Kind is FieldKind.Hex)
        {
            writer.HexBytes(value, field);
        }
        else
        {
            writer.Bytes(value, field);
        }

        if (row.Kind is not FieldKind.Numeric)
        {
            writer.Fill((byte)' ', fill, field);
        }

        return writer.Length;
    }
}
