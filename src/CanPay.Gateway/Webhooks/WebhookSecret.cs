using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CanPay.Gateway.Webhooks;

/// <summary>What an endpoint and we sign with, by the rules of Standard Webhooks: HMAC-SHA-256 over id, time and body.</summary>
internal sealed class WebhookSecret
{
    public const string Prefix = "whsec_";

    private const int Length = 32;

    private readonly byte[] _key;

    private WebhookSecret(byte[] key) => _key = key;

    public static WebhookSecret New() => new(RandomNumberGenerator.GetBytes(Length));

    /// <param name="key">As <see cref="ToBytes"/> gave it.</param>
    public static WebhookSecret FromBytes(byte[] key) => new(key);

    /// <exception cref="FormatException">It is not <c>whsec_</c> and base64.</exception>
    public static WebhookSecret Parse(string text) => text.StartsWith(Prefix, StringComparison.Ordinal)
        ? new(Convert.FromBase64String(text[Prefix.Length..]))
        : throw new FormatException("A webhook secret begins with " + Prefix);

    public byte[] ToBytes() => [.. _key];

    /// <summary>As the merchant's developer is given it, once.</summary>
    public string Reveal() => Prefix + Convert.ToBase64String(_key);

    /// <summary>One signature of the header <c>webhook-signature</c>: <c>v1,base64</c>.</summary>
    /// <param name="id">Of the event.</param>
    /// <param name="at">When it is sent; receivers refuse what is more than five minutes off.</param>
    public string Sign(string id, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        var head = Encoding.UTF8.GetBytes($"{id}.{at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}.");
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(_key.AsSpan(), [.. head, .. body]));
    }
}
