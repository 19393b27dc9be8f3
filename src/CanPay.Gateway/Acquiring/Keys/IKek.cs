namespace CanPay.Gateway.Acquiring.Keys;

/// <summary>A key-encryption key: it wraps the keys of the card vault, and stays where it is.</summary>
internal interface IKek : IDisposable
{
    /// <summary>Recognises the key and tells nothing of it: see <see cref="KeyCheck"/>.</summary>
    string CheckValue { get; }

    /// <summary>AES-256-GCM: nonce (12 bytes), ciphertext, tag (16).</summary>
    /// <param name="place">What the wrapped key is; it opens as nothing else.</param>
    byte[] Wrap(ReadOnlySpan<byte> key, string place);

    /// <exception cref="System.Security.Cryptography.CryptographicException">It was not wrapped by this key, or is something else.</exception>
    byte[] Unwrap(byte[] wrapped, string place);
}
