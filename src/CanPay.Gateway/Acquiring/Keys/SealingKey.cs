using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace CanPay.Gateway.Acquiring.Keys;

/// <summary>A key that seals cards, in the clear, in a memory that the collector leaves where it is.</summary>
internal sealed class SealingKey : IDisposable
{
    private readonly byte[] _key = GC.AllocateUninitializedArray<byte>(SoftwareKek.KeyLength, pinned: true);
    private readonly ConcurrentBag<AesGcm> _ciphers = [];
    private volatile bool _isGone;

    /// <param name="key">32 bytes. Zeros when this returns.</param>
    public SealingKey(int version, byte[] key)
    {
        Version = version;
        key.CopyTo(_key, 0);
        CryptographicOperations.ZeroMemory(key);
    }

    public int Version { get; }

    public void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> clear, Span<byte> sealedText, Span<byte> tag, ReadOnlySpan<byte> row)
    {
        var cipher = Take();
        cipher.Encrypt(nonce, clear, sealedText, tag, row);
        _ciphers.Add(cipher);
    }

    /// <exception cref="AuthenticationTagMismatchException">It was sealed for another row, by another key, or was changed.</exception>
    public void Decrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> sealedText, ReadOnlySpan<byte> tag, Span<byte> clear, ReadOnlySpan<byte> row)
    {
        var cipher = Take();
        try
        {
            cipher.Decrypt(nonce, sealedText, tag, clear, row);
        }
        finally
        {
            _ciphers.Add(cipher);
        }
    }

    public void Dispose()
    {
        _isGone = true;
        while (_ciphers.TryTake(out var cipher))
        {
            cipher.Dispose();
        }

        CryptographicOperations.ZeroMemory(_key);
    }

    /// <summary>Setting a cipher up costs more than a card.</summary>
    private AesGcm Take()
    {
        ObjectDisposedException.ThrowIf(_isGone, this);
        return _ciphers.TryTake(out var free) ? free : new AesGcm(_key, SoftwareKek.TagLength);
    }
}
