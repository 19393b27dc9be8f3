using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace CanPay.Simulator;

/// <summary>
/// Opens PIN blocks of ISO 9564 format 0 under the zone PIN key. Written apart from the gateway's, so that each proves the other.
/// </summary>
internal sealed class ZonePinKey : IDisposable
{
    private const int BlockLength = 8;
    private readonly TripleDES _cipher;
    private readonly ConcurrentBag<ICryptoTransform> _decryptors = [];

    /// <param name="hex">Double length: 32 hexadecimal digits.</param>
    public ZonePinKey(string hex)
    {
        var key = Convert.FromHexString(hex);
#pragma warning disable CA5350 // PIN blocks of this format are TDES
        _cipher = TripleDES.Create();
#pragma warning restore CA5350
#pragma warning disable CA5358 // one block: there is nothing to chain
        _cipher.Mode = CipherMode.ECB;
#pragma warning restore CA5358
        _cipher.Padding = PaddingMode.None;
        _cipher.Key = [.. key, .. key.AsSpan(0, BlockLength)];
    }

    /// <returns>The PIN; null where it is no such block for this card.</returns>
    public string? Open(ReadOnlySpan<byte> block, string pan)
    {
        if (block.Length != BlockLength || pan.Length < 13)
        {
            return null;
        }

        // Setting a cipher up costs more than its one block.
        var decryptor = _decryptors.TryTake(out var free) ? free : _cipher.CreateDecryptor();
        var clear = block.ToArray();
        decryptor.TransformBlock(clear, 0, BlockLength, clear, 0);
        _decryptors.Add(decryptor);
        var account = Convert.FromHexString("0000" + pan[^13..^1]);
        for (var i = 0; i < BlockLength; i++)
        {
            clear[i] ^= account[i];
        }

        var length = clear[0];
        if (length is < 4 or > 12)
        {
            return null;
        }

        var digits = Convert.ToHexString(clear.AsSpan(1));
        return digits[..length].All(char.IsAsciiDigit) && digits[length..].All(c => c == 'F') ? digits[..length] : null;
    }

    public void Dispose()
    {
        while (_decryptors.TryTake(out var decryptor))
        {
            decryptor.Dispose();
        }

        _cipher.Dispose();
    }
}
