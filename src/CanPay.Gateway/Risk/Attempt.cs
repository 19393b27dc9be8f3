using System.Net;
using System.Net.Sockets;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Risk;

/// <summary>A card that somebody wants to pay with, as far as risk looks at it.</summary>
/// <param name="CardHash">Keyed hash of the number.</param>
/// <param name="Bin">Its first six digits.</param>
/// <param name="Network">See <see cref="NetworkOf"/>.</param>
public sealed record Attempt(PaymentId PaymentId, MerchantId Shop, string CardHash, string Bin, string Network)
{
    private const int BytesOfNetwork = 8;

    /// <summary>One of the sandbox's cards, whose numbers everybody knows: whatever becomes of it counts for nothing.</summary>
    public bool IsTestCard { get; init; }

    /// <summary>
    /// What counts as one address: of IPv6 the first 64 bits, since whoever has one of them has all that follow.
    /// </summary>
    public static string NetworkOf(IPAddress address)
    {
        if (address.AddressFamily is not AddressFamily.InterNetworkV6)
        {
            return address.ToString();
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(BytesOfNetwork).Clear();
        return new IPAddress(bytes) + "/64";
    }
}

/// <summary>An attempt that an issuer declined, as another node, or this one before it was started again, told of it.</summary>
/// <param name="Id">Given by the store.</param>
public sealed record DeclinedAttempt(long Id, Attempt Attempt, DateTimeOffset At);

/// <summary>What is said to an attempt.</summary>
public enum Verdict
{
    /// <summary>The issuer may be asked.</summary>
    Go,

    /// <summary>Only if the payer shows to be a person first.</summary>
    AskIfHuman,

    /// <summary>This card was declined too often.</summary>
    CardStopped,

    /// <summary>Too many cards were declined from this address.</summary>
    AddressStopped,

    /// <summary>The shop is attacked, and its turn of this minute is taken.</summary>
    ShopStopped,

    /// <summary>It depends on answers that are awaited now.</summary>
    Busy,
}
