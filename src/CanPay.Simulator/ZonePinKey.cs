using System.Security.Cryptography;

namespace CanPay.Simulator;

/// <summary>
/// Opens PIN blocks of ISO 9564 format 0 under the zone PIN key. Written apart from the gateway's, so that each proves the other.
/// </summary>
internal sealed class ZonePinKey : IDisposable
{
    private const int BlockLength = 8;
    private readonly TripleDES _cipher;

    /// <param name="hex">Double length: 32 hexadecimal digits.</param>
    public ZonePinKey(string hex)
    {
        var key = Convert.FromHexString(hex);
#pragma warning disable CA5350 // PIN blocks of this format are TDES
        _cipher = TripleDES.Create();
#pragma warning restore CA5350
        _cipher.Key = [.. key, .. key.AsSpan(0, BlockLength)];
    }

    /// <returns>The PIN; null where it is no such block for this card.</returns>
    public string? Open(ReadOnlySpan<byte> block, string pan)
    {
        if (block.Length != BlockLength || pan.Length < 13)
        {
            return null;
        }

        var clear = _cipher.DecryptEcb(block, PaddingMode.None);
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

    public void Dispose() => _cipher.Dispose();
}
