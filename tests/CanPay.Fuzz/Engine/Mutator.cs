namespace CanPay.Fuzz.Engine;

/// <summary>Makes inputs from inputs: flips, cuts, repeats, numbers at their limits, words of the target, pieces of other inputs.</summary>
internal sealed class Mutator(Rng rng, Target target)
{
    private static readonly byte[] Interesting = [0, 1, 9, 10, 13, 32, (byte)'"', (byte)'%', (byte)'/', (byte)'0', (byte)'9', (byte)'@', (byte)'\\', 127, 128, 0xC0, 0xED, 0xFF];

    private static readonly byte[][] CommonWords =
    [
        .. new[]
        {
            "0", "1", "-1", "00", "2147483648", "4294967296", "9223372036854775807", "18446744073709551616", "1e999", "0x7f", "NaN", "-Infinity", "null", "true",
            "۰", "۹", "٠", "٩", "\u200C", "\u202E", "\uFEFF", "\uD83D\uDE00", "é", "ı", "。", "%00", "%0a", "%ff", "..", "//", "\\", "\0", " ", "\n", "\r\n", "\t",
        }.Select(System.Text.Encoding.UTF8.GetBytes),
    ];

    /// <summary>Fills <paramref name="room"/> with the next input.</summary>
    /// <returns>Its length.</returns>
    public int Next(IReadOnlyList<byte[]> corpus, byte[] room)
    {
        var length = 0;
        if (rng.OneIn(4))
        {
            length = target.Build(rng, room);
        }

        if (length == 0)
        {
            // The newest have been tried least.
            var from = rng.OneIn(2) ? corpus.Count * 3 / 4 : 0;
            var source = corpus[from + rng.Below(corpus.Count - from)];
            length = Math.Min(source.Length, target.MaxLength);
            source.AsSpan(0, length).CopyTo(room);
        }
        else if (rng.OneIn(4))
        {
            return length;
        }

        for (var steps = 1 + rng.Below(1 << rng.Below(4)); steps > 0; steps--)
        {
            length = Step(corpus, room, length);
        }

        return length;
    }

    private int Step(IReadOnlyList<byte[]> corpus, byte[] room, int length)
    {
        var at = rng.Below(length);
        switch (rng.Below(12))
        {
            case 0 when length > 0:
                room[at] ^= (byte)(1 << rng.Below(8));
                return length;
            case 1 when length > 0:
                room[at] = Interesting[rng.Below(Interesting.Length)];
                return length;
            case 2 when length > 0:
                room[at] = (byte)rng.Next();
                return length;
            case 3 when length > 0:
                room[at] += (byte)(rng.OneIn(2) ? 1 : 255);
                return length;
            case 4 when length > 0:
                return Cut(room, length, at, 1 + rng.Below(Math.Min(length - at, 1 << rng.Below(8))));
            case 5 when length > 0:
                return Insert(room, length, rng.Below(length + 1), room.AsSpan(at, 1 + rng.Below(Math.Min(length - at, 1 << rng.Below(8)))));
            case 6:
                Span<byte> random = stackalloc byte[1 + rng.Below(4)];
                foreach (ref var one in random)
                {
                    one = (byte)rng.Next();
                }

                return Insert(room, length, rng.Below(length + 1), random);
            case 7:
                return Insert(room, length, rng.Below(length + 1), CommonWords[rng.Below(CommonWords.Length)]);
            case 8 or 9 when target.Words.Count > 0:
                return Insert(room, length, rng.Below(length + 1), rng.Of(target.Words));
            case 10 when length > 0 && target.Words.Count > 0:
                var word = rng.Of(target.Words);
                length = Cut(room, length, at, Math.Min(word.Length, length - at));
                return Insert(room, length, at, word);
            default:
                return Splice(room, at, rng.Of(corpus));
        }
    }

    private int Splice(byte[] room, int at, byte[] other)
    {
        var from = rng.Below(other.Length);
        var count = Math.Min(other.Length - from, target.MaxLength - at);
        other.AsSpan(from, count).CopyTo(room.AsSpan(at));
        return at + count;
    }

    private static int Cut(byte[] room, int length, int at, int count)
    {
        room.AsSpan(at + count, length - at - count).CopyTo(room.AsSpan(at));
        return length - count;
    }

    private int Insert(byte[] room, int length, int at, ReadOnlySpan<byte> piece)
    {
        var count = Math.Min(piece.Length, target.MaxLength - length);
        if (count <= 0)
        {
            return length;
        }

        Span<byte> copy = stackalloc byte[Math.Min(count, 256)];
        piece[..copy.Length].CopyTo(copy);
        room.AsSpan(at, length - at).CopyTo(room.AsSpan(at + copy.Length));
        copy.CopyTo(room.AsSpan(at));
        return length + copy.Length;
    }
}
