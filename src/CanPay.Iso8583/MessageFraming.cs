using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.IO.Pipelines;

namespace CanPay.Iso8583;

/// <summary>How the length of a message is written before it. It does not count itself.</summary>
public enum LengthPrefix
{
    /// <summary>Four ASCII digits, as jPOS's ASCIIChannel writes it.</summary>
    AsciiDigits4,

    /// <summary>Two bytes, the higher one first.</summary>
    Binary2,
}

/// <summary>How messages follow each other on a TCP connection: a length, then so many bytes.</summary>
public static class MessageFraming
{
    /// <summary>Bytes before a message at the most.</summary>
    public const int MaxPrefixLength = 4;

    /// <summary>Bytes before each message: 4 or 2.</summary>
    public static int LengthOf(LengthPrefix prefix) => prefix is LengthPrefix.Binary2 ? 2 : 4;

    /// <summary>Writes the prefix of a message of <paramref name="length"/> bytes.</summary>
    /// <param name="length">1 to <see cref="MessageCodec.MaxLength"/>.</param>
    /// <param name="target">At least <see cref="LengthOf"/> bytes.</param>
    /// <param name="prefix">How it is written.</param>
    public static void WritePrefix(int length, Span<byte> target, LengthPrefix prefix = LengthPrefix.AsciiDigits4)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MessageCodec.MaxLength);
        if (prefix is LengthPrefix.Binary2)
        {
            BinaryPrimitives.WriteUInt16BigEndian(target, (ushort)length);
            return;
        }

        for (var i = LengthOf(prefix) - 1; i >= 0; i--)
        {
            target[i] = (byte)('0' + (length % 10));
            length /= 10;
        }
    }

    /// <summary>Reads the next message from a connection.</summary>
    /// <param name="reader">The connection.</param>
    /// <param name="target">At least <see cref="MessageCodec.MaxLength"/> bytes.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>How many bytes the message has, or -1 where the peer closed the connection between two messages.</returns>
    /// <exception cref="IsoFormatException">What came is no prefix, a length out of range, or half a message: the place of the next message is lost, only a new connection helps.</exception>
    public static ValueTask<int> ReadAsync(PipeReader reader, Memory<byte> target, CancellationToken ct) =>
        ReadAsync(reader, target, LengthPrefix.AsciiDigits4, ct);

    /// <summary>Reads the next message from a connection.</summary>
    /// <param name="reader">The connection.</param>
    /// <param name="target">At least <see cref="MessageCodec.MaxLength"/> bytes.</param>
    /// <param name="prefix">How lengths are written.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>As of the other overload.</returns>
    /// <exception cref="IsoFormatException">As of the other overload.</exception>
    public static async ValueTask<int> ReadAsync(
        PipeReader reader, Memory<byte> target, LengthPrefix prefix, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var prefixLength = LengthOf(prefix);
        while (true)
        {
            var result = await reader.ReadAsync(ct).ConfigureAwait(false);
            var buffer = result.Buffer;
            var length = buffer.Length >= prefixLength ? Length(buffer, prefix) : 0;
            if (length > 0 && buffer.Length >= prefixLength + length)
            {
                buffer.Slice(prefixLength, length).CopyTo(target.Span);
                reader.AdvanceTo(buffer.GetPosition(prefixLength + length));
                return length;
            }

            if (result.IsCompleted)
            {
                reader.AdvanceTo(buffer.End);
                return buffer.IsEmpty ? -1 : throw new IsoFormatException("the connection ended inside a message", 0, 0);
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private static int Length(ReadOnlySequence<byte> buffer, LengthPrefix prefix)
    {
        Span<byte> bytes = stackalloc byte[LengthOf(prefix)];
        buffer.Slice(0, bytes.Length).CopyTo(bytes);
        uint length = 0;
        var isNumber = true;
        if (prefix is LengthPrefix.Binary2)
        {
            length = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        }
        else
        {
            isNumber = Utf8Parser.TryParse(bytes, out length, out var consumed) && consumed == bytes.Length;
        }

        return isNumber && length is > 0 and <= MessageCodec.MaxLength
            ? (int)length
            : throw new IsoFormatException("the length prefix is not a length", 0, 0);
    }
}
