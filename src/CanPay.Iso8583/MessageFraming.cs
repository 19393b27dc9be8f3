using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;

namespace CanPay.Iso8583;

/// <summary>How messages follow each other on a TCP connection: four ASCII digits with the length, then so many bytes.</summary>
public static class MessageFraming
{
    /// <summary>Bytes before each message.</summary>
    public const int PrefixLength = 4;

    /// <summary>Writes the prefix of a message of <paramref name="length"/> bytes.</summary>
    public static void WritePrefix(int length, Span<byte> target)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 9999);
        for (var i = PrefixLength - 1; i >= 0; i--)
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
    public static async ValueTask<int> ReadAsync(PipeReader reader, Memory<byte> target, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(reader);
        while (true)
        {
            var result = await reader.ReadAsync(ct).ConfigureAwait(false);
            var buffer = result.Buffer;
            var length = buffer.Length >= PrefixLength ? Length(buffer) : 0;
            if (length > 0 && buffer.Length >= PrefixLength + length)
            {
                buffer.Slice(PrefixLength, length).CopyTo(target.Span);
                reader.AdvanceTo(buffer.GetPosition(PrefixLength + length));
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

    private static int Length(ReadOnlySequence<byte> buffer)
    {
        Span<byte> digits = stackalloc byte[PrefixLength];
        buffer.Slice(0, PrefixLength).CopyTo(digits);
        return Utf8Parser.TryParse(digits, out uint length, out var consumed) && consumed == PrefixLength
            && length is > 0 and <= MessageCodec.MaxLength
                ? (int)length
                : throw new IsoFormatException("the length prefix is not a length", 0, 0);
    }
}
