using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Refunds;
using CanPay.Tests.Payments;

namespace CanPay.Tests.Refunds;

/// <summary>Refunds for tests, in any status.</summary>
internal static class SomeRefund
{
    public static Refund Of(PaymentId payment, RefundWay way, string reference = "r1", long rials = 4_000, int number = 1)
    {
        var asked = new Refund(
            new RefundId(number), payment, new MerchantId(1), reference, "hash", new Rials(rials), RefundReason.Other, way, SomePayment.Start);
        return asked.Begun(way is RefundWay.Card ? new RefundAdvice($"{number:000000}", $"63289{number:0000000}", SomePayment.Start) : null);
    }

    public static Refund Pending => Of(new PaymentId(1), RefundWay.Bank);

    public static Refund Sending => Of(new PaymentId(1), RefundWay.Card);

    public static Refund Taken(Result<Refund> move) => move.Refused(out var refusal, out var refund)
        ? throw new InvalidOperationException(refusal.Name)
        : refund;
}
