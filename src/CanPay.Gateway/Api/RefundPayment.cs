using System.Diagnostics;
using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Refunds;

namespace CanPay.Gateway.Api;

/// <summary>
/// POST /api/ipg/refund: a verified payment, or a part of it, goes back to its payer. The merchant's <c>refund_id</c> makes it
/// repeatable for ever; how much there is left the books decide together with the write.
/// </summary>
internal sealed class RefundPayment(
    IPaymentStore payments,
    IRefundStore refunds,
    BeginRefund begin,
    RateLimits limits,
    TimeProvider clock,
    ILogger<RefundPayment> log) : IApiOperation
{
    /// <summary>Each turn means that another refund of the same payment came between.</summary>
    private const int MaxTurns = 8;

    public static ApiScope Scope => ApiScope.Refunds;

    public async Task<Result<string>> Handle(HttpRequest request, RequestFields fields, Merchant merchant, CancellationToken ct)
    {
        if (RefundRequest.Read(fields).Refused(out var refusal, out var asked))
        {
            return refusal;
        }

        for (var turn = 0; turn < MaxTurns; turn++)
        {
            if (await refunds.Find(merchant.Id, asked.Reference, ct) is { } existing)
            {
                // Also what was just written here is told from the row: the network may have answered already.
                var told = await Body(existing, ct);
                if (await refunds.Settle(existing))
                {
                    return existing.RequestHash == asked.Hash ? told : RefundRefusals.RefundIdReused;
                }

                continue;
            }

            if (merchant.RefundMethod is RefundMethod.Off)
            {
                return RefundRefusals.RefundsNotEnabled;
            }

            if (await payments.Find(asked.Token, ct) is not { } payment || payment.MerchantId != merchant.Id)
            {
                return limits.Instead(PaymentRefusals.TokenNotFound, ClientAddress.Of(request.HttpContext));
            }

            if (payment.Status is not PaymentStatus.Verified)
            {
                if (await payments.Settle(payment))
                {
                    return RefundRefusals.NotVerified;
                }

                continue;
            }

            var left = payment.Amount.Amount
                - (await refunds.OfPayment(payment.Id, ct)).Where(other => other.Status is not RefundStatus.Failed).Sum(other => other.Amount.Amount);
            var amount = asked.Amount?.Amount ?? left;
            if (amount > left || amount == 0)
            {
                // What stands in its way may be seen before its standby has it: a payment settles everything that was read before.
                if (await payments.Settle(payment))
                {
                    return RefundRefusals.RefundExceedsPayment.With("left", new Rials(left).ToString());
                }

                continue;
            }

            var wanted = asked.Way ?? (merchant.RefundMethod is RefundMethod.Card ? RefundWay.Card : RefundWay.Bank);
            var refund = new Refund(
                default, payment.Id, merchant.Id, asked.Reference, asked.Hash, new Rials(amount), asked.Reason, wanted, clock.Now())
            {
                IsTest = payment.IsTest,
            };
            switch (await begin.Begin(refund, ct))
            {
                case AddRefundResult.Added { Refund: var added }:
                    log.RefundRequested(added.Id.Value, payment.Id.Value, merchant.Id.Value, amount, added.Way.ToString());
                    break;
                case AddRefundResult.ReferenceExists or AddRefundResult.TooMuch or AddRefundResult.NoCard:
                    break;
                default:
                    throw new UnreachableException();
            }
        }

        return HttpRefusals.TemporarilyUnavailable;
    }

    /// <summary>To be told when the refund is settled, and with it whatever else could be read before.</summary>
    private async Task<string> Body(Refund refund, CancellationToken ct)
    {
        var payment = await payments.Find(refund.PaymentId, ct)
            ?? throw new InvalidOperationException($"Refund {refund.Id.Value} has no payment.");
        var refunded = RefundBody.RefundedOf(await refunds.OfPayment(payment.Id, ct));
        return Envelope.Success(data => RefundBody.Write(data, refund, payment, refunded));
    }
}
