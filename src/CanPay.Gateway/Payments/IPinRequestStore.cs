using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Payments;

/// <summary>What counts for the limits of dynamic PINs, shared by all nodes.</summary>
public interface IPinRequestStore
{
    /// <summary>Writes down a request that is about to be sent, if every limit has room for it.</summary>
    /// <returns>False where nothing may be sent. However many ask at once, no more are told true than the limits say.</returns>
    Task<bool> TryAdd(AskedPin asked, PinLimits limits, CancellationToken ct);

    /// <summary>Throws away what was asked before.</summary>
    Task ForgetPinRequests(DateTimeOffset before, CancellationToken ct);
}

/// <summary>A request for a dynamic PIN, without the card.</summary>
/// <param name="CardHash">Keyed hash of the number.</param>
/// <param name="Address">Of the client.</param>
public sealed record AskedPin(string CardHash, PaymentId PaymentId, string Address, MerchantId MerchantId, DateTimeOffset At);

/// <summary>How many requests may be sent.</summary>
public sealed record PinLimits(int PerCardAnd10Minutes, int PerPayment, int PerAddressAndHour, int PerMerchantAndMinute);
