using System.Buffers.Text;

namespace CanPay.Iso8583;

/// <summary>Fills a span with a message's bytes.</summary>
internal ref struct MessageWriter(Span<byte> target)
{
    private const int BitmapLength = 16;

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
