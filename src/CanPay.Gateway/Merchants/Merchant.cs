using System.Collections.Immutable;
using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Merchants;

/// <summary>A shop that takes payments through us (پذیرنده).</summary>
/// <param name="Code">The merchant's code as merchants write it (<c>xxx-xxx-xxx-xxx</c>): an identifier, not a secret.</param>
public sealed record Merchant(MerchantId Id, string Code, string Name, Terminal Terminal)
{
    /// <summary>Its payments are for trying out: no money moves.</summary>
    public bool IsTest => Terminal.IsTest;

    public MerchantStatus Status { get; init; } = MerchantStatus.Active;

    /// <summary>Addresses and CIDR blocks that may call the API. Empty: nobody may.</summary>
    public ImmutableArray<AddressRange> Addresses { get; init; } = [];

    /// <summary>Registered domains, lower case, punycode; a host is on or under one of them.</summary>
    public ImmutableArray<string> Domains { get; init; } = [];

    public required Rials MinAmount { get; init; }

    public required Rials MaxAmount { get; init; }

    public ReferrerPolicy ReferrerPolicy { get; init; } = ReferrerPolicy.Explain;

    public CallbackMethod CallbackMethod { get; init; } = CallbackMethod.Post;

    /// <summary>How what it gives back of a verified payment reaches the payer.</summary>
    public RefundMethod RefundMethod { get; init; } = RefundMethod.Off;

    /// <summary>Plain http callbacks; honoured in the sandbox only.</summary>
    public bool AllowHttpCallback { get; init; }

    /// <summary>Keys that were not revoked.</summary>
    public ImmutableArray<ApiKey> Keys { get; init; } = [];

    /// <summary>The address alone opens nothing.</summary>
    public bool RequireKey { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The host is one of the registered domains or under one. <c>evil-site.com</c> is not under <c>site.com</c>, and nothing is under an address.</summary>
    public bool Owns(string host)
    {
        foreach (var domain in Domains)
        {
            if (host.Length == domain.Length
                ? host.Equals(domain, StringComparison.OrdinalIgnoreCase)
                : host.Length > domain.Length && host[^(domain.Length + 1)] == '.'
                    && host.EndsWith(domain, StringComparison.OrdinalIgnoreCase)
                    && !System.Net.IPAddress.TryParse(host, out _) && !System.Net.IPAddress.TryParse(domain, out _))
            {
                return true;
            }
        }

        return false;
    }
}

public enum MerchantStatus
{
    Active,

    /// <summary>May begin nothing new and gets the same refusal as an unknown merchant.</summary>
    Suspended,
}

/// <summary>What happens to a payer who arrives without any referrer.</summary>
public enum ReferrerPolicy
{
    /// <summary>One page explains whom they pay and asks to continue.</summary>
    Explain,

    /// <summary>Refused.</summary>
    Strict,

    /// <summary>Let through; also from other domains.</summary>
    Off,
}

/// <summary>How the money of a verified payment goes back. The names are stored as they are.</summary>
public enum RefundMethod
{
    /// <summary>It does not: the merchant may not refund.</summary>
    Off,

    /// <summary>By the card network to the card that paid. Sealed cards of verified payments are kept for it.</summary>
    Card,

    /// <summary>By a bank transfer that an operator makes.</summary>
    Bank,
}

/// <summary>How the payer is sent back.</summary>
public enum CallbackMethod
{
    /// <summary>A form POST, as the guide says.</summary>
    Post,

    /// <summary>303 with the fields in the query: spares shops whose SameSite=Lax cookies do not survive a cross-site POST.</summary>
    Get,
}
