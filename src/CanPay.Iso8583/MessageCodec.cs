using System.Numerics;
using System.Runtime.CompilerServices;

namespace CanPay.Iso8583;

/// <summary>Bytes to message and back, by a table of fields; on spans, without allocating.</summary>
/// <remarks>
/// Each field is first tried in one step (<see cref="ShortField"/>), which can only succeed; whatever it does not take, errors
/// included, goes by the row of the table, step by step.
/// </remarks>
public static partial class MessageCodec
{
    internal const int MtiLength = 4;

    /// <summary>Bit 1 of the primary bitmap: there is a secondary one.</summary>
    private const ulong SecondaryFollows = 1UL << 63;

    /// <summary>Longest message that any format makes, in bytes.</summary>
    public const int MaxLength = 8192;

    /// <summary>Writes the message.</summary>
    /// <param name="format">The table.</param>
    /// <param name="message">What to write.</param>
    /// <param name="target">At least <see cref="MaxLength"/> bytes are always enough. Bytes after the message may become zeros.</param>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="IsoFormatException">A value does not fit its field, or the target is too small.</exception>
    public static int Encode(this MessageFormat format, IsoMessage message, Span<byte> target)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentNullException.ThrowIfNull(message);
        var at = WriteHead(format, message, target);
        at = WriteFields(format, message, message.Bitmap(0) & ~SecondaryFollows, 1, target, at);
        return message.HasSecondary ? WriteFields(format, message, message.Bitmap(1), 65, target, at) : at;
    }

    /// <summary>Reads a message; the whole of <paramref name="source"/> and nothing else.</summary>
    /// <param name="format">The table.</param>
    /// <param name="source">The bytes, without the length prefix of the line.</param>
    /// <param name="message">Is cleared and filled; empty after an error.</param>
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
    /// <param name="message">Is cleared and filled; empty after an error.</param>
    /// <param name="error">What is wrong, where the answer is false.</param>
    public static bool TryDecode(
        this MessageFormat format, ReadOnlySpan<byte> source, IsoMessage message, out DecodeError error)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentNullException.ThrowIfNull(message);
        message.Clear();
        var at = ReadHead(format, source, message, out var primary, out var secondary, out error);
        if (at >= 0)
        {
            at = ReadFields(format, source, at, primary, 1, message, out error);
        }

        if (at >= 0 && secondary != 0)
        {
            at = ReadFields(format, source, at, secondary, 65, message, out error);
        }

        if (at >= 0 && at != source.Length)
        {
            error = new("bytes are left over", 0, at);
        }

        if (error.Problem is not null)
        {
            message.Clear();
            return false;
        }

        message.SetBitmaps(primary, secondary);
        return true;
    }

    /// <summary>Takes the lowest field out of a bitmap whose highest bit is <paramref name="first"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int TakeField(ref ulong bitmap, int first)
    {
        var zeros = BitOperations.LeadingZeroCount(bitmap);
        bitmap ^= (1UL << 63) >> zeros;
        return first + zeros;
    }
}
