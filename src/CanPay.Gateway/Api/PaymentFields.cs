using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Api;

/// <summary>The payment that a merchant means: its token, and perhaps its amount as a cross-check.</summary>
internal sealed record PaymentFields(string Token, Rials? Amount)
{
    public static Result<PaymentFields> Read(RequestFields fields)
    {
        if (fields.Find("token") is not { } token)
        {
            return HttpRefusals.FieldMissing.With("field", "token");
        }

        if (!PaymentToken.IsWellFormed(token.Plain))
        {
            return HttpRefusals.TokenInvalid;
        }

        if (fields.Find("amount") is not { } amount)
        {
            return new PaymentFields(token.Plain!, null);
        }

        return AmountField.Read(amount, new Rials(1), new Rials(long.MaxValue)).Refused(out var refusal, out var rials)
            ? refusal
            : new PaymentFields(token.Plain!, rials);
    }
}
