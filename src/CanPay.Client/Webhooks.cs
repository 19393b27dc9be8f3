using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CanPay.Client;

/// <summary>Reads what the gateway sends to your webhook endpoint, if it was the gateway that sent it (Standard Webhooks).</summary>
/// <remarks>
/// The same event may come several times and in any order: do each <see cref="WebhookEvent.Id"/> once. Answer 2xx only after you have
/// stored what you need of it; otherwise it comes again. Safe for several threads.
/// </remarks>
public sealed class Webhooks
{
    /// <summary>Header with the event's id.</summary>
    public const string IdHeader = "webhook-id";

    /// <summary>Header with the time of sending, in seconds since 1970.</summary>
    public const string TimestampHeader = "webhook-timestamp";

    /// <summary>Header with the signatures, separated by spaces.</summary>
    public const string SignatureHeader = "webhook-signature";

    private const string PingType = "webhook.ping";
    private const string SecretPrefix = "whsec_";
    private const string Version = "v1,";

    private readonly byte[][] _keys;
    private readonly TimeSpan _tolerance;
    private readonly TimeProvider _clock;

    /// <summary>Makes a reader.</summary>
    /// <param name="secrets">Those of your endpoint, <c>whsec_…</c>: one, or both while one replaces the other.</param>
    /// <param name="tolerance">How old or how far ahead a message may be; 5 minutes by default.</param>
    /// <param name="clock">The system's by default.</param>
    /// <exception cref="ArgumentException">There is no secret, or one that cannot be read.</exception>
    public Webhooks(IEnumerable<string> secrets, TimeSpan? tolerance = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        _keys = [.. secrets.Select(Key)];
        if (_keys.Length == 0)
        {
            throw new ArgumentException("There is no webhook secret.", nameof(secrets));
        }

        _tolerance = tolerance ?? TimeSpan.FromMinutes(5);
        _clock = clock ?? TimeProvider.System;
    }

    /// <summary>Reads a message.</summary>
    /// <param name="id">The header <see cref="IdHeader"/>.</param>
    /// <param name="timestamp">The header <see cref="TimestampHeader"/>.</param>
    /// <param name="signature">The header <see cref="SignatureHeader"/>.</param>
    /// <param name="body">The body's bytes exactly as they came; written anew from JSON they have another signature.</param>
    /// <param name="problem">Why it is not believed; <see cref="WebhookProblem.None"/> where it is.</param>
    /// <returns>The event, or null.</returns>
    public WebhookEvent? Read(string? id, string? timestamp, string? signature, ReadOnlySpan<byte> body, out WebhookProblem problem)
    {
        problem = Judge(id, timestamp, signature, body);
        if (problem is not WebhookProblem.None)
        {
            return null;
        }

        try
        {
            var read = JsonSerializer.Deserialize(body, ClientJson.Default.EventBody);
            if (read?.Type is PingType)
            {
                problem = WebhookProblem.Ping;
                return null;
            }

            if (read is { Type: { } type, CreatedAt: { } createdAt, Data.ValueKind: JsonValueKind.Object } && read.Data.Deserialize(ClientJson.Default.Payment) is { } payment)
            {
                return new WebhookEvent(id!, type, createdAt, payment)
                {
                    IsTest = read.Test,
                    Refund = read.Data.Deserialize(ClientJson.Default.EventRefund)?.Refund,
                };
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A signed message that this client cannot read. InvalidOperationException: a string that is no valid Unicode.
        }

        problem = WebhookProblem.Unreadable;
        return null;
    }

    /// <summary>The signature of a message, for tests of your own endpoint.</summary>
    /// <param name="secret">A secret, <c>whsec_…</c>.</param>
    /// <param name="id">The event's id.</param>
    /// <param name="sentAt">When it is sent.</param>
    /// <param name="body">The body's bytes.</param>
    /// <returns><c>v1,</c> and the signature in base64.</returns>
    public static string Sign(string secret, string id, DateTimeOffset sentAt, ReadOnlySpan<byte> body)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Version + Convert.ToBase64String(
            Hash(Key(secret), id, sentAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), body));
    }

    private WebhookProblem Judge(string? id, string? timestamp, string? signature, ReadOnlySpan<byte> body)
    {
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(signature)
            || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > 253_402_300_799)
        {
            return WebhookProblem.HeadersMissing;
        }

        var isSigned = false;
        foreach (var key in _keys)
        {
            var ours = Hash(key, id, timestamp, body);
            foreach (var part in signature.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var theirs = new byte[ours.Length];
                isSigned |= part.StartsWith(Version, StringComparison.Ordinal)
                    && Convert.TryFromBase64String(part[Version.Length..], theirs, out var length) && length == ours.Length
                    && CryptographicOperations.FixedTimeEquals(ours, theirs);
            }
        }

        return !isSigned ? WebhookProblem.SignatureWrong
            : (_clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() > _tolerance ? WebhookProblem.TimeWrong
            : WebhookProblem.None;
    }

    private static byte[] Hash(byte[] key, string id, string timestamp, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }

    private static byte[] Key(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        var text = secret.StartsWith(SecretPrefix, StringComparison.Ordinal) ? secret[SecretPrefix.Length..] : secret;
        var key = new byte[text.Length];
        return text.Length > 0 && Convert.TryFromBase64String(text, key, out var length)
            ? key[..length]
            : throw new ArgumentException("A webhook secret is whsec_ and base64.", nameof(secret));
    }
}

/// <summary>Why a message to a webhook endpoint is not believed.</summary>
public enum WebhookProblem
{
    /// <summary>It is believed.</summary>
    None,

    /// <summary>One of the three headers is missing or is no such header.</summary>
    HeadersMissing,

    /// <summary>No signature fits: a forger, another secret, or a body that was changed on its way.</summary>
    SignatureWrong,

    /// <summary>Signed, but too old or too far ahead: repeated by somebody, or a clock is wrong.</summary>
    TimeWrong,

    /// <summary>Signed, but not understood: this client is too old for it.</summary>
    Unreadable,

    /// <summary>Signed, and about no payment: somebody tries your endpoint out. Answer 2xx; there is nothing to do.</summary>
    Ping,
}
