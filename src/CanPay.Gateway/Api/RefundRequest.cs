using System.Security.Cryptography;
using System.Text;
using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Refunds;

namespace CanPay.Gateway.Api;

/// <summary>What a merchant asks to be refunded.</summary>
/// <param name="Amount">None: all that is left.</param>
/// <param name="Way">None: as the merchant's record says.</param>
internal sealed record RefundRequest(string Token, string Reference, Rials? Amount, RefundReason Reason, RefundWay? Way)
{
    /// <summary>Over what was asked, not over the bytes: the same again is the same refund.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Token}|{Amount?.Amount}|{Reason}|{Way}")));

    public static Result<RefundRequest> Read(RequestFields fields)
    {
        if (PaymentFields.Read(fields).Refused(out var refusal, out var payment) || ReadReference(fields).Refused(out refusal, out var reference))
        {
            return refusal;
        }

        if (ReasonOf(fields.Find("reason")) is not { } reason)
        {
            return RefundRefusals.RefundReasonInvalid;
        }

        var way = fields.Find("method");
        return way is null ? new RefundRequest(payment.Token, reference, payment.Amount, reason, Way: null)
            : way.Value.Plain is "card" ? new RefundRequest(payment.Token, reference, payment.Amount, reason, RefundWay.Card)
            : way.Value.Plain is "bank" ? new RefundRequest(payment.Token, reference, payment.Amount, reason, RefundWay.Bank)
            : RefundRefusals.RefundMethodInvalid;
    }

    public static Result<string> ReadReference(RequestFields fields) => fields.Find("refund_id") is not { } value
        ? HttpRefusals.FieldMissing.With("field", "refund_id")
        : PrintableText.Read(value) is { } reference ? reference : RefundRefusals.RefundIdInvalid;

    private static RefundReason? ReasonOf(FieldValue? value) => value is null
        ? RefundReason.CustomerRequest
        : Enum.GetValues<RefundReason>().Cast<RefundReason?>().FirstOrDefault(reason => RefundBody.NameOf(reason!.Value) == value.Value.Plain);
}
