using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Api;

/// <summary>
/// POST /api/ipg/reverse: the merchant gives a paid payment back instead of verifying it. The row decides between this, a
/// verification and the return after the deadline: one of them wins. Repeatable for ever.
/// </summary>
internal sealed class ReversePayment(
    IPaymentStore store, ReturnPayment returns, RateLimits limits, TimeProvider clock, ILogger<ReversePayment> log) : IApiOperation
{
    /// <summary>Each turn means that somebody else moved the payment; there are not so many moves in its life.</summary>
    private const int MaxTurns = 8;

    public static ApiScope Scope => ApiScope.Payments;

    public async Task<Result<string>> Handle(HttpRequest request, RequestFields fields, Merchant merchant, CancellationToken ct)
    {
        if (PaymentFields.Read(fields).Refused(out var refusal, out var asked)
            || IdempotencyKey.Of(request, "reverse", asked.Token, asked.Amount?.ToString()).Refused(out refusal, out var key))
        {
            return refusal;
        }

        if (await key.Earlier(store, merchant, ct) is { } earlier)
        {
            return earlier;
        }

        for (var turn = 0; turn < MaxTurns; turn++)
        {
            if (await store.Find(asked.Token, ct) is not { } payment || payment.MerchantId != merchant.Id)
            {
                return limits.Instead(PaymentRefusals.TokenNotFound, ClientAddress.Of(request.HttpContext));
            }

            if (asked.Amount is { } amount && amount != payment.Amount)
            {
                return PaymentRefusals.AmountMismatch.With("amount", payment.Amount.ToString());
            }

            var now = clock.Now();
            if (payment.ReverseByMerchant(now).Refused(out refusal, out var reversing))
            {
                if (await store.Settle(payment))
                {
                    return refusal;
                }

                continue;
            }

            var isRepeated = reversing == payment;
            var body = Body(reversing, isRepeated);
            if (isRepeated)
            {
                if (!await store.Settle(payment))
                {
                    continue;
                }

                return await key.Keep(store, merchant.Id, body, now, ct);
            }

            if (await returns.GiveBack(payment, reversing, key.Answer(body, now), now))
            {
                log.PaymentReversed(payment.Id.Value, merchant.Id.Value, payment.Amount.Amount);
                return body;
            }
        }

        return HttpRefusals.TemporarilyUnavailable;
    }

    private static string Body(Payment payment, bool alreadyReversed) => Envelope.Success(data =>
    {
        data.WriteString("token", payment.Token);
        data.WriteString("invoice_id", payment.InvoiceId);
        data.WriteNumber("amount", payment.Amount.Amount);
        data.WriteString("status", payment.Status is PaymentStatus.Reversed ? "reversed" : "reversing");
        data.WriteBoolean("already_reversed", alreadyReversed);
    });
}
