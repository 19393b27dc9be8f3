using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Payments;

/// <summary>What stands between a payer and the card network, whatever the card: the payment, a hold, the line.</summary>
public sealed class PayingGate(HoldGate holds, IAcquirer acquirer, TimeProvider clock)
{
    /// <returns>Why the network is asked nothing for this payment in this browser now; null where it may be.</returns>
    /// <exception cref="StoreUnavailableException">It cannot be known.</exception>
    public async Task<Refusal?> Refusal(Payment payment, string browserHash, CancellationToken ct) =>
        payment.MayNotBePaid(browserHash, clock.Now()) is { } no ? no
        : await holds.Current(ct) is not null ? PaymentRefusals.OnHold
        : !acquirer.IsReady(payment.IsTest) ? PaymentRefusals.NetworkUnavailable
        : null;
}
