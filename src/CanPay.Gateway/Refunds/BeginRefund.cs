using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Refunds;

/// <summary>Writes a refund that a merchant asks for; a card refund with the identity by which the network will hear of it.</summary>
public sealed class BeginRefund(IRefundStore refunds, IAcquirer acquirer, JobSignal jobs)
{
    /// <param name="asked">Not begun; its way is what is wanted. A card that is not kept any more makes it a bank transfer.</param>
    public async Task<AddRefundResult> Begin(Refund asked, CancellationToken ct)
    {
        var isForCard = asked.Way is RefundWay.Card && await refunds.HasCard(asked.PaymentId, ct);
        CrashPoint.Reach("refund.before");
        var result = await refunds.Add(asked.Begun(isForCard ? await acquirer.PrepareRefund(CancellationToken.None) : null));
        CrashPoint.Reach("refund.after");
        jobs.Wake();
        return result;
    }
}
