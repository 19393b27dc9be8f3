using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Api;

/// <summary>POST /api/ipg/verify: the merchant confirms a paid payment; only now is the money its own. Repeatable for ever.</summary>
internal sealed class VerifyPayment(
    IPaymentStore store, ReturnPayment returns, RateLimits limits, IOptions<RefundOptions> refunds, TimeProvider clock, ILogger<VerifyPayment> log)
    : IApiOperation
{
    /// <summary>Each turn means that somebody else moved the payment; there are not so many moves in its life.</summary>
    private const int MaxTurns = 8;

    public static ApiScope Scope => ApiScope.Payments;

    public async Task<Result<string>> Handle(
        HttpRequest request, RequestFields fields, Merchant merchant, CancellationToken ct)
    {
        if (Read(fields).Refused(out var refusal, out var asked)
            || IdempotencyKey.Of(request, "verify", asked.Token, asked.Amount?.ToString()).Refused(out refusal, out var key))
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

            var now = Judged(payment, clock.Now());
            if (payment.Verify(now).Refused(out refusal, out var verified))
            {
                if (await store.Settle(payment))
                {
                    return refusal;
                }

                continue;
            }

            var body = Body(verified, alreadyVerified: verified == payment);
            if (verified == payment)
            {
                if (!await store.Settle(payment))
                {
                    continue;
                }

                return await key.Keep(store, merchant.Id, body, now, ct);
            }

            var change = new PaymentChange(payment, verified, "merchant", now)
            {
                NotAfter = payment.VerifyDeadline,
                Answer = key.Answer(body, now),
                KeepCardUntil = merchant.RefundMethod is RefundMethod.Card ? now + TimeSpan.FromDays(refunds.Value.CardDays) : null,
            };
            CrashPoint.Reach("verify.before");
            switch (await store.Apply(change))
            {
                case ApplyResult.Applied:
                    CrashPoint.Reach("verify.after");
                    log.PaymentVerified(payment.Id.Value, merchant.Id.Value, payment.Amount.Amount);
                    return body;
                case ApplyResult.TooLate when await returns.Return(payment):
                    return PaymentRefusals.Returned;
                case ApplyResult.TooLate or ApplyResult.Moved:
                    // Somebody else was quicker. A moment before the deadline that was a verification, which must be told.
                    break;
            }
        }

        return HttpRefusals.TemporarilyUnavailable;
    }

    /// <summary>
    /// Whether it is too late the store alone says, by its own clock and together with the write. If this node refused by
    /// its own clock, another could still verify what the merchant was told to be returned.
    /// </summary>
    private static DateTimeOffset Judged(Payment payment, DateTimeOffset now) =>
        payment is { Status: PaymentStatus.Authorized, VerifyDeadline: { } deadline } && now >= deadline
            ? deadline.AddMilliseconds(-1)
            : now;

    /// <summary>The guide's two fields first, then what lets a careful client see whom it credits, and that it does so once.</summary>
    private static string Body(Payment payment, bool alreadyVerified) => Envelope.Success(data =>
    {
        data.WriteString("card", payment.CardMask);
        data.WriteString("reference", payment.Rrn);
        data.WriteNumber("amount", payment.Amount.Amount);
        data.WriteString("invoice_id", payment.InvoiceId);
        data.WriteString("verified_at", PaymentJson.Instant(payment.VerifiedAt));
        data.WriteBoolean("already_verified", alreadyVerified);
    });

    /// <summary>The guide's table calls the token <c>amount</c>: where there is no token, an amount that looks like one is it.</summary>
    internal static Result<Asked> Read(RequestFields fields)
    {
        var amount = fields.Find("amount");
        if (fields.Find("token") is { } token)
        {
            return PaymentToken.IsWellFormed(token.Plain) ? WithAmount(token.Plain!, amount) : HttpRefusals.TokenInvalid;
        }

        return amount is null ? HttpRefusals.FieldMissing.With("field", "token")
            : PaymentToken.IsWellFormed(amount.Value.Plain) ? new Asked(amount.Value.Plain!, null)
            : HttpRefusals.FieldMissing.With("field", "token");
    }

    private static Result<Asked> WithAmount(string token, FieldValue? amount)
    {
        if (amount is null || amount.Value.Plain == token)
        {
            return new Asked(token, null);
        }

        return AmountField.Read(amount.Value, Rials.Zero, new Rials(long.MaxValue)).Refused(out var refusal, out var rials)
            ? refusal
            : new Asked(token, rials);
    }

    internal sealed record Asked(string Token, Rials? Amount);
}
