using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace CanPay.Gateway.Merchants;

/// <summary>A key that a merchant's servers may send beside their address. Of its secret only the SHA-256 is known.</summary>
/// <param name="Id">Names it in lists and logs: <c>key_…</c>.</param>
/// <param name="SecretHash">SHA-256 of what is sent, hex.</param>
/// <param name="ExpiresAt">From this instant on it opens nothing; none where it was not replaced.</param>
public sealed record ApiKey(string Id, string SecretHash, ImmutableArray<ApiScope> Scopes, DateTimeOffset? ExpiresAt)
{
    private const string Prefix = "cpk_";
    private const string Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int SecretLength = 43; // 256 bits
    private const int IdLength = 12;

    /// <summary>What the merchant keeps, shown once: <c>cpk_live_…</c>.</summary>
    /// <param name="isTest">Of a test merchant: <c>cpk_test_…</c>.</param>
    public static string NewSecret(bool isTest) => Prefix + (isTest ? "test_" : "live_") + RandomNumberGenerator.GetString(Letters, SecretLength);

    public static string NewId() => "key_" + RandomNumberGenerator.GetString(Letters, IdLength);

    /// <summary>Nothing else is worth being compared.</summary>
    public static bool LooksLikeOne(string text) => text.StartsWith(Prefix, StringComparison.Ordinal) && text.Length <= 100;

    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>The key with that secret, if it is one of these and still good.</summary>
    public static ApiKey? Find(ImmutableArray<ApiKey> keys, string secret, DateTimeOffset now)
    {
        var hash = Encoding.ASCII.GetBytes(Hash(secret));
        ApiKey? found = null;
        foreach (var key in keys)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, Encoding.ASCII.GetBytes(key.SecretHash)))
            {
                found = key;
            }
        }

        return found?.ExpiresAt is { } end && now >= end ? null : found;
    }
}

/// <summary>What a key may be used for. The names are stored and shown in lower case.</summary>
public enum ApiScope
{
    /// <summary><c>token</c>, <c>verify</c>, <c>reverse</c>.</summary>
    Payments,

    /// <summary><c>refund</c>.</summary>
    Refunds,

    /// <summary>What changes nothing.</summary>
    Read,
}
