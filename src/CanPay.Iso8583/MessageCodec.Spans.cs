using System.Buffers.Text;

namespace CanPay.Iso8583;

/// <content>Digits and bytes at a place that moves on.</content>
public static partial class MessageCodec
{
    private static bool TryParseHex(ReadOnlySpan<byte> digits, Span<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            var high = Nibble(digits[2 * i]);
            var low = Nibble(digits[(2 * i) + 1]);
            if ((high | low) < 0)
            {
                return false;
            }

            bytes[i] = (byte)((high << 4) | low);
        }

        return true;
    }

    private static int Nibble(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        _ => -1,
    };

    private ref struct Writer(Span<byte> target)
    {
        private readonly Span<byte> _target = target;

        public int Length { get; private set; }

        public void Bytes(ReadOnlySpan<byte> bytes, int field) => bytes.CopyTo(Take(bytes.Length, field));

        public void Fill(byte with, int count, int field) => Take(count, field).Fill(with);

        public void Number(int number, int digits, int field)
        {
            var room = Take(digits, field);
            for (var i = digits - 1; i >= 0; i--)
            {
                room[i] = (byte)('0' + (number % 10));
                number /= 10;
            }
        }

        public void Hex(ulong bits, int field) => Utf8Formatter.TryFormat(bits, Take(BitmapLength, field), out _, new('X', 16));

        public void HexBytes(ReadOnlySpan<byte> bytes, int field)
        {
            var room = Take(bytes.Length * 2, field);
            for (var i = 0; i < bytes.Length; i++)
            {
                room[2 * i] = "0123456789ABCDEF"u8[bytes[i] >> 4];
                room[(2 * i) + 1] = "0123456789ABCDEF"u8[bytes[i] & 15];
            }
        }

        private Span<byte> Take(int count, int field)
        {
            if (count > _target.Length - Length)
            {
                throw new IsoFormatException("the target is too small", field, Length);
            }

            Length += count;
            return _target.Slice(Length - count, count);
        }
    }

    private ref struct Reader(ReadOnlySpan<byte> source)
    {
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
    }
}
