using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Api;

/// <summary>POST /api/ipg/inquiry: what is true of a payment now. Changes nothing, whenever and however often it is asked.</summary>
internal sealed class InquirePayment(PaymentsRead payments, IPaymentList list, RateLimits limits) : IApiOperation
{
    public static ApiScope Scope => ApiScope.Read;

    public async Task<Result<string>> Handle(HttpRequest request, RequestFields fields, Merchant merchant, CancellationToken ct)
    {
        Payment? payment;
        Refusal unknown;
        if (fields.Find("token") is { } token)
        {
            if (!PaymentToken.IsWellFormed(token.Plain))
            {
                return HttpRefusals.TokenInvalid;
            }

            (payment, unknown) = (await payments.ByToken(token.Plain!, ct), PaymentRefusals.TokenNotFound);
        }
        else if (fields.Find("invoice_id") is { } invoice)
        {
            if (PrintableText.Read(invoice) is not { } text)
            {
                return HttpRefusals.InvoiceIdInvalid;
            }

            var id = await list.ByInvoice(merchant.Id, text, ct);
            (payment, unknown) = (id is null ? null : (await payments.All([id.Value], ct))[0], PaymentRefusals.InvoiceNotFound);
        }
        else
        {
            return HttpRefusals.FieldMissing.With("field", "token");
        }

        if (payment is null || payment.MerchantId != merchant.Id)
        {
            return limits.Instead(unknown, ClientAddress.Of(request.HttpContext));
        }

        var made = (await payments.RefundsOf([payment], ct))[payment.Id].ToList();
        var refunded = RefundBody.RefundedOf(made);
        return Envelope.Success(data =>
        {
            PaymentJson.Write(data, payment, payment.Status, refunded);
            data.WriteStartArray("refunds");
            foreach (var refund in made)
            {
                data.WriteStartObject();
                RefundBody.Write(data, refund, payment, refunded);
                data.WriteEndObject();
            }

            data.WriteEndArray();
        });
    }
}
