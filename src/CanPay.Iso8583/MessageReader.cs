namespace CanPay.Iso8583;

/// <summary>Takes a message's bytes one after the other; every step says whether there was enough.</summary>
internal ref struct MessageReader(ReadOnlySpan<byte> source)
{
    private const int BitmapLength = 16;

    private readonly ReadOnlySpan<byte> _source = source;
    private int _at;

    public readonly bool IsAtEnd => _at == _source.Length;

    public readonly DecodeError Error(string problem, int field) => new(problem, field, _at);

    public bool TryTake(int count, out ReadOnlySpan<byte> taken)
    {
        if (count > _source.Length - _at)
        {
            taken = default;
            return false;
        }

        taken = _source.Slice(_at, count);
        _at += count;
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

    public bool TryHex(out ulong bits)
    {
        bits = 0;
        if (!TryTake(BitmapLength, out var digits))
        {
            return false;
        }

        foreach (var digit in digits)
        {
            var nibble = Nibble(digit);
            if (nibble < 0)
            {
                return false;
            }

            bits = (bits << 4) | (uint)nibble;
        }

        return true;
    }

    /// <summary>The value of a hexadecimal digit, or -1.</summary>
    public static int Nibble(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        _ => -1,
    };
}
