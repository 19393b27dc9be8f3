using System.Security.Cryptography;
using System.Text;

namespace CanPay.Gateway.Acquiring.Keys;

/// <summary>A key-encryption key in this process's memory.</summary>
internal sealed class SoftwareKek : IKek
{
    public const int KeyLength = 32;
    public const int NonceLength = 12;
    public const int TagLength = 16;

    private readonly Lock _lock = new();
    private readonly AesGcm _cipher;

    /// <param name="key">32 bytes. Zeros when this returns.</param>
    public SoftwareKek(byte[] key)
    {
        CheckValue = KeyCheck.Of(key);
        _cipher = new AesGcm(key, TagLength);
        CryptographicOperations.ZeroMemory(key);
    }

    public string CheckValue { get; }

    public byte[] Wrap(ReadOnlySpan<byte> key, string place)
    {
        var wrapped = new byte[NonceLength + key.Length + TagLength];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, NonceLength));
        lock (_lock)
        {
            _cipher.Encrypt(
                wrapped.AsSpan(0, NonceLength), key, wrapped.AsSpan(NonceLength, key.Length), wrapped.AsSpan(NonceLength + key.Length), Encoding.ASCII.GetBytes(place));
        }

        return wrapped;
    }

    public byte[] Unwrap(byte[] wrapped, string place)
    {
        if (wrapped.Length != NonceLength + KeyLength + TagLength)
        {
            throw new CryptographicException("This is no wrapped key.");
        }

        var key = new byte[KeyLength];
        lock (_lock)
        {
            _cipher.Decrypt(
                wrapped.AsSpan(0, NonceLength), wrapped.AsSpan(NonceLength, KeyLength), wrapped.AsSpan(NonceLength + KeyLength), key, Encoding.ASCII.GetBytes(place));
        }

        return key;
    }

    public void Dispose() => _cipher.Dispose();
}
