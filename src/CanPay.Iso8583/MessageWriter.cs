using System.Buffers.Binary;

namespace CanPay.Iso8583;

/// <summary>Fills a span with a message's bytes.</summary>
/// <param name="target">Takes the message from its beginning.</param>
/// <param name="length">Bytes that are written already.</param>
internal ref struct MessageWriter(Span<byte> target, int length)
{
    private readonly Span<byte> _target = target;

    public int Length { get; private set; } = length;

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

    public void Mti(int mti)
    {
        var room = Take(MessageCodec.MtiLength, 0);
        Digits.WriteTwo(mti / 100, room, 0);
        Digits.WriteTwo(mti % 100, room, 2);
    }

    public void Bitmap(ulong bits, int field) =>
        Sixteen.Store(Sixteen.ToHex(BinaryPrimitives.ReverseEndianness(bits)), Take(Sixteen.Length, field), 0);

    public void HexBytes(ReadOnlySpan<byte> bytes, int field) =>
        Convert.TryToHexString(bytes, Take(bytes.Length * 2, field), out _);

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
