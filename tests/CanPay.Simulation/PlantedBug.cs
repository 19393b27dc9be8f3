using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Refunds;

namespace CanPay.Simulation;

/// <summary>A fault put on purpose between the product's parts, to see that the checker sees it. This one is none.</summary>
internal abstract class PlantedBug
{
    public static PlantedBug None { get; } = new NoBug();

    public virtual IPaymentStore Of(IPaymentStore store) => store;

    public virtual IRefundStore Of(IRefundStore store) => store;

    public virtual IAcquirer Of(IAcquirer acquirer) => acquirer;

    public virtual void Change(Settings settings)
    {
    }

    private sealed class NoBug : PlantedBug;
}
