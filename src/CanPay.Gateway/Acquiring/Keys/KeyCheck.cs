using System.Security.Cryptography;

namespace CanPay.Gateway.Acquiring.Keys;

/// <summary>
/// The check value of an AES key as ANSI X9.24-1 has it: the first five bytes of the CMAC of a block of zeros. (A block of zeros
/// that is only encrypted, the older check value, would tell a part of the secret by which GCM authenticates.)
/// </summary>
internal static class KeyCheck
{
    public const int BlockLength = 16;
    private const int ShownLength = 5;

    public static string Of(ReadOnlySpan<byte> key)
    {
        using var cipher = Aes.Create();
        cipher.SetKey(key);
        return Of(block => cipher.EncryptEcb(block, PaddingMode.None));
    }

    /// <param name="encrypt">One block under the key, wherever that is.</param>
    public static string Of(Func<byte[], byte[]> encrypt)
    {
        var subkey = encrypt(new byte[BlockLength]);
        var overflow = (byte)(subkey[0] >> 7 == 0 ? 0 : 0x87);
        for (var i = 0; i < BlockLength; i++)
        {
            subkey[i] = (byte)(((subkey[i] << 1) & 0xFF) | (i + 1 < BlockLength ? subkey[i + 1] >> 7 : 0));
        }

        subkey[^1] ^= overflow;
        var mac = encrypt(subkey);
        CryptographicOperations.ZeroMemory(subkey);
        return Convert.ToHexString(mac, 0, ShownLength);
    }
}
