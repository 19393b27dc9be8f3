using System.Globalization;
using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Api;

/// <summary>Which part of a list is asked for, and how it is answered: by a cursor, so that nothing is left out or told twice while payments come.</summary>
/// <param name="Limit">Payments in one answer.</param>
/// <param name="After">The last one of the answer before.</param>
internal sealed record Page(int Limit, Payment? After)
{
    private const int DefaultLimit = 25;
    private const int MaxLimit = 100;

    /// <summary>One more than is shown says whether there is a next page.</summary>
    public int Look => Limit + 1;

    public static async Task<Result<Page>> Read(RequestFields fields, Merchant merchant, IPaymentStore store, CancellationToken ct)
    {
        var limit = DefaultLimit;
        if (fields.Find("limit") is { } asked
            && !(int.TryParse(asked.Plain, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= MaxLimit))
        {
            return HttpRefusals.LimitInvalid;
        }

        if (fields.Find("cursor") is not { } cursor)
        {
            return new Page(limit, null);
        }

        return PaymentToken.IsWellFormed(cursor.Plain) && await store.Find(cursor.Plain!, ct) is { } last && last.MerchantId == merchant.Id
            ? new Page(limit, last)
            : HttpRefusals.CursorInvalid;
    }

    /// <param name="found">Up to <see cref="Look"/> of them.</param>
    public async Task<string> Answer(IReadOnlyList<PaymentId> found, PaymentsRead payments, CancellationToken ct)
    {
        var shown = await payments.All(found.Take(Limit), ct);
        var refunds = await payments.RefundsOf(shown, ct);
        return Envelope.Success(data =>
        {
            data.WriteStartArray("payments");
            foreach (var payment in shown)
            {
                data.WriteStartObject();
                PaymentJson.Write(data, payment, payment.Status, RefundBody.RefundedOf(refunds[payment.Id]));
                data.WriteEndObject();
            }

            data.WriteEndArray();
            data.WriteString("next_cursor", found.Count > Limit ? shown[^1].Token : null);
        });
    }
}
