using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CanPay.Gateway.Storage.Copy;

/// <summary>
/// How many rows a table has, and one number over all its values: the sum of the rows' SHA-256, so that the order of the rows,
/// which the engines do not share, does not matter. It finds errors; it is no seal against a forger.
/// </summary>
internal readonly record struct BookDigest(long Rows, string Text)
{
    public override string ToString() => $"{Rows} rows, {Text}";
}

/// <summary>Takes the values of row after row in one form for both engines: a letter for the kind, the length, the value.</summary>
internal sealed class BookDigester
{
    private readonly ulong[] _sum = new ulong[4];
    private readonly byte[] _hash = new byte[32];
    private byte[] _row = new byte[4096];
    private int _length;
    private long _rows;

    public BookDigest Digest
    {
        get
        {
            var bytes = new byte[32];
            for (var i = 0; i < 4; i++)
            {
                BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8 * i), _sum[i]);
            }

            return new BookDigest(_rows, Convert.ToHexStringLower(bytes));
        }
    }

    public void AddNull() => Room('0', 0);

    public void Add(long value) => BinaryPrimitives.WriteInt64BigEndian(Room('i', 8), value);

    public void Add(bool value) => Room('f', 1)[0] = value ? (byte)1 : (byte)0;

    public void Add(string value) => Encoding.UTF8.GetBytes(value, Room('t', Encoding.UTF8.GetByteCount(value)));

    public void Add(byte[] value) => value.CopyTo(Room('b', value.Length));

    public void EndRow()
    {
        SHA256.HashData(_row.AsSpan(0, _length), _hash);
        for (var i = 0; i < 4; i++)
        {
            _sum[i] = unchecked(_sum[i] + BinaryPrimitives.ReadUInt64BigEndian(_hash.AsSpan(8 * i)));
        }

        _length = 0;
        _rows++;
    }

    private Span<byte> Room(char kind, int length)
    {
        var end = _length + 5 + length;
        if (end > _row.Length)
        {
            Array.Resize(ref _row, Math.Max(end, 2 * _row.Length));
        }

        _row[_length] = (byte)kind;
        BinaryPrimitives.WriteInt32BigEndian(_row.AsSpan(_length + 1), length);
        var room = _row.AsSpan(_length + 5, length);
        _length = end;
        return room;
    }
}
