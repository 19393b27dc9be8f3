using System.Globalization;

namespace CanPay.Client.Testing;

/// <summary>Refunds, and the calls that only ask.</summary>
public sealed partial class FakeGateway
{
    private Reply Inquire(Fields fields)
    {
        FakePayment? payment;
        if (fields.Text("token") is null && fields.Text("invoice_id") is { } invoice)
        {
            payment = Find(_payments.Values.SingleOrDefault(payment => payment.InvoiceId == invoice)?.Token);
            if (payment is null)
            {
                return Reply.Of(FakeError.InvoiceNotFound);
            }
        }
        else if (Named(fields, out payment) is { } problem)
        {
            return Reply.Of(problem);
        }

        return Reply.Of(json => payment.Write(json, withRefunds: true));
    }

    private static bool Fits(FakePayment payment, Fields fields) =>
        (fields.Text("status") is not { } status || FakePayment.Name(payment.Status) == status)
        && (fields.Text("from") is not { } from || payment.CreatedAt >= DateTimeOffset.Parse(from, CultureInfo.InvariantCulture))
        && (fields.Text("to") is not { } to || payment.CreatedAt < DateTimeOffset.Parse(to, CultureInfo.InvariantCulture));

    /// <param name="fits">Which payments.</param>
    /// <param name="order">The smallest first.</param>
    private Reply Page(Fields fields, Func<FakePayment, bool> fits, Func<FakePayment, long> order)
    {
        foreach (var payment in _payments.Values)
        {
            payment.Look(_clock.GetUtcNow());
        }

        var limit = int.Parse(fields.Text("limit") ?? "25", CultureInfo.InvariantCulture);
        var from = int.Parse(fields.Text("cursor") ?? "0", CultureInfo.InvariantCulture);
        var all = _payments.Values.Where(fits).OrderBy(order).ToList();
        return Reply.Of(json =>
        {
            json.WriteStartArray("payments");
            foreach (var payment in all.Skip(from).Take(limit))
            {
                json.WriteStartObject();
                payment.Write(json, withRefunds: false);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("next_cursor", from + limit < all.Count ? (from + limit).ToString(CultureInfo.InvariantCulture) : null);
        });
    }

    private Reply Refund(Fields fields)
    {
        var id = fields.Text("refund_id");
        var reason = fields.Text("reason") ?? "customer_request";
        var method = fields.Text("method");
        var problem = Malformed(fields)
            ?? (id is null ? FakeError.FieldMissing
                : id.Length > 64 || string.IsNullOrWhiteSpace(id) ? FakeError.RefundIdInvalid
                : reason is not ("customer_request" or "duplicate" or "fraud" or "other") ? FakeError.RefundReasonInvalid
                : method is not (null or "card" or "bank") ? FakeError.RefundMethodInvalid
                : null);
        if (problem is not null)
        {
            return Reply.Of(problem);
        }

        var asked = $"{fields.Text("token")}|{fields.Amount()}|{reason}|{method}";
        if (FindRefund(id!) is { } existing)
        {
            return existing.Refund.Asked == asked
                ? Reply.Of(json => existing.Refund.Write(json, existing.Payment))
                : Reply.Of(FakeError.RefundIdReused);
        }

        if (Refunds is not { } usual)
        {
            return Reply.Of(FakeError.RefundsNotEnabled);
        }

        if (Find(fields.Text("token")) is not { } payment)
        {
            return Reply.Of(FakeError.TokenNotFound);
        }

        if (payment.Status is not PaymentStatus.Verified)
        {
            return Reply.Of(FakeError.NotVerified);
        }

        var amount = fields.Amount() ?? payment.Left;
        if (amount == 0 || amount > payment.Left)
        {
            return Reply.Of(FakeError.RefundExceedsPayment);
        }

        var refund = new FakeRefund
        {
            Id = id!,
            Amount = amount,
            Asked = asked,
            Reason = reason,
            Method = method is null ? usual : method == "bank" ? RefundMethod.Bank : RefundMethod.Card,
            CreatedAt = _clock.GetUtcNow(),
        };
        payment.Refunds.Add(refund);
        if (refund.Method is RefundMethod.Card)
        {
            End(refund, null);
        }

        return Reply.Of(json => refund.Write(json, payment));
    }

    private Reply RefundStatusOf(Fields fields) =>
        fields.Text("refund_id") is not { } id ? Reply.Of(FakeError.FieldMissing)
        : FindRefund(id) is { } found ? Reply.Of(json => found.Refund.Write(json, found.Payment))
        : Reply.Of(FakeError.RefundNotFound);

    private (FakePayment Payment, FakeRefund Refund)? FindRefund(string id)
    {
        foreach (var payment in _payments.Values)
        {
            if (payment.Refunds.SingleOrDefault(refund => refund.Id == id) is { } refund)
            {
                return (payment, refund);
            }
        }

        return null;
    }

    private Reply Ping() => Reply.Of(json =>
    {
        json.WriteString("address", "127.0.0.1");
        json.WriteStartObject("merchant");
        json.WriteString("code", _merchant);
        json.WriteString("name", "Test shop");
        json.WriteBoolean("test", true);
        json.WriteNumber("min_amount", MinAmount);
        json.WriteNumber("max_amount", MaxAmount);
        json.WriteStartArray("domains");
        json.WriteEndArray();
        json.WriteString("refunds", Refunds is { } method ? FakePayment.Name(method) : "off");
        json.WriteString("callback_method", "post");
        json.WriteBoolean("key_required", false);
        json.WriteEndObject();
        json.WriteNull("key");
        json.WriteString("time", FakePayment.Instant(_clock.GetUtcNow()));
        json.WriteString("version", "fake");
    });
}
