using System.Text.Json.Serialization;

namespace CanPay.Client;

/// <summary>What the gateway knows of you: for the first minutes of an integration, and for a health check.</summary>
public sealed record Ping
{
    /// <summary>Your server's address as the gateway sees it: the one to be registered.</summary>
    public required string Address { get; init; }

    /// <summary>Your merchant's record.</summary>
    public required MerchantInfo Merchant { get; init; }

    /// <summary>The gateway's clock.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>The API key that was used; null without one.</summary>
    public ApiKeyInfo? Key { get; init; }

    /// <summary>The gateway's version.</summary>
    public string? Version { get; init; }
}

/// <summary>A merchant's record, as far as it concerns the merchant.</summary>
public sealed record MerchantInfo
{
    /// <summary>The merchant code (کد پذیرندگی).</summary>
    public required string Code { get; init; }

    /// <summary>The name that payers see.</summary>
    public string? Name { get; init; }

    /// <summary>A test merchant: no money moves.</summary>
    [JsonPropertyName("test")]
    public bool IsTest { get; init; }

    /// <summary>The smallest payment, in whole rials.</summary>
    [JsonPropertyName("min_amount")]
    public long MinAmountRials { get; init; }

    /// <summary>The largest payment, in whole rials.</summary>
    [JsonPropertyName("max_amount")]
    public long MaxAmountRials { get; init; }

    /// <summary>Domains that callbacks may go to.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary><c>off</c>, <c>card</c> or <c>bank</c>.</summary>
    public string? Refunds { get; init; }

    /// <summary>How payers come back: <c>post</c> or <c>get</c>.</summary>
    public string? CallbackMethod { get; init; }

    /// <summary>Calls without an API key are refused.</summary>
    [JsonPropertyName("key_required")]
    public bool IsKeyRequired { get; init; }
}

/// <summary>An API key, without the key.</summary>
public sealed record ApiKeyInfo
{
    /// <summary>Its name in the facilitator's lists.</summary>
    public required string Id { get; init; }

    /// <summary>What it may do: <c>payments</c>, <c>refunds</c>, <c>read</c>.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>When it ends; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
