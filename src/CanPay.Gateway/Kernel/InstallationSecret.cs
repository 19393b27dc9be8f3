using System.Security.Cryptography;
using System.Text;

namespace CanPay.Gateway.Kernel;

/// <summary>A secret that all nodes of an installation share, and nobody else knows. There once the books are open.</summary>
public sealed class InstallationSecret
{
    /// <summary>Bytes of a secret.</summary>
    public const int Length = 32;

    private byte[]? _key;

    public void Open(ReadOnlySpan<byte> secret) => _key = secret.ToArray();

    /// <summary>What only a node of ours can write below a text: HMAC-SHA-256 in hexadecimal.</summary>
    /// <param name="purpose">A signature for one purpose is worth nothing for another.</param>
    /// <exception cref="InvalidOperationException">The books are not open yet.</exception>
    public string Sign(string purpose, string text) => Convert.ToHexStringLower(HMACSHA256.HashData(
        _key ?? throw new InvalidOperationException("The secret is in the books, and they are not open yet."),
        Encoding.UTF8.GetBytes($"{purpose}|{text}")));

    /// <summary>The signature is ours.</summary>
    public bool Signed(string purpose, string text, string signature) => CryptographicOperations.FixedTimeEquals(
        Encoding.ASCII.GetBytes(Sign(purpose, text)), Encoding.UTF8.GetBytes(signature));
}
