using System.Buffers.Binary;

namespace CanPay.Iso8583;

/// <summary>Takes a message's bytes one after the other; every step says whether there was enough.</summary>
/// <param name="source">The whole message.</param>
/// <param name="at">Bytes that are taken already.</param>
internal ref struct MessageReader(ReadOnlySpan<byte> source, int at)
{
    private readonly ReadOnlySpan<byte> _source = source;

    /// <summary>Offset of what comes next.</summary>
    public int At { get; private set; } = at;

    /// <returns>-1, the codec's sign of an error.</returns>
    public readonly int Fail(string problem, int field, out DecodeError error)
    {
        error = new(problem, field, At);
        return -1;
    }

    public bool TryTake(int count, out ReadOnlySpan<byte> taken)
    {
        if (count > _source.Length - At)
        {
            taken = default;
            return false;
        }

        taken = _source.Slice(At, count);
        At += count;
        return true;
    }

    public bool TryNumber(int digits, out int number)
    {
        number = 0;
        if (!TryTake(digits, out var taken))
        {
            return false;
        }

        foreach (var digit in taken)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            number = (number * 10) + digit - '0';
        }

        return true;
    }

    public bool TryMti(out int mti)
    {
        mti = 0;
        if (!TryTake(MessageCodec.MtiLength, out var taken)
            || Digits.ReadTwo(taken, 0) is not (>= 0 and var high) || Digits.ReadTwo(taken, 2) is not (>= 0 and var low))
        {
            return false;
        }

        mti = (100 * high) + low;
        return true;
    }

    public bool TryBitmap(out ulong bits)
    {
        bits = 0;
        if (!TryTake(Sixteen.Length, out var digits)
            || !Sixteen.TryParseHex(Sixteen.Load(digits, 0, Sixteen.Length), Sixteen.Length, out var bytes))
        {
            return false;
        }

        bits = BinaryPrimitives.ReverseEndianness(bytes);
        return true;
    }
}
