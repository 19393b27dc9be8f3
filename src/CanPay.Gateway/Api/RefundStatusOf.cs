using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Refunds;

namespace CanPay.Gateway.Api;

/// <summary>POST /api/ipg/refund/status: where one of the merchant's refunds stands. Changes nothing.</summary>
internal sealed class RefundStatusOf(IPaymentStore payments, IRefundStore refunds, RateLimits limits) : IApiOperation
{
    private const int MaxTurns = 3;

    public static ApiScope Scope => ApiScope.Read;

    public async Task<Result<string>> Handle(HttpRequest request, RequestFields fields, Merchant merchant, CancellationToken ct)
    {
        if (RefundRequest.ReadReference(fields).Refused(out var refusal, out var reference))
        {
            return refusal;
        }

        for (var turn = 0; turn < MaxTurns; turn++)
        {
            if (await refunds.Find(merchant.Id, reference, ct) is not { } refund)
            {
                return limits.Instead(RefundRefusals.RefundNotFound, ClientAddress.Of(request.HttpContext));
            }

            var refunded = RefundBody.RefundedOf(await refunds.OfPayment(refund.PaymentId, ct));
            if (await refunds.Settle(refund) && await payments.Find(refund.PaymentId, ct) is { } payment)
            {
                return Envelope.Success(data => RefundBody.Write(data, refund, payment, refunded));
            }
        }

        return HttpRefusals.TemporarilyUnavailable;
    }
}
