using System.Text.Json;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Refunds;

namespace CanPay.Gateway.Api;

/// <summary>The refund object of the merchants' API.</summary>
internal static class RefundBody
{
    /// <summary>Writes the members of one refund into an object that is open.</summary>
    /// <param name="refundedSoFar">See <see cref="RefundedOf"/>.</param>
    public static void Write(Utf8JsonWriter json, Refund refund, Payment payment, Rials refundedSoFar)
    {
        json.WriteString("refund_id", refund.Reference);
        json.WriteString("token", payment.Token);
        json.WriteString("invoice_id", payment.InvoiceId);
        json.WriteNumber("amount", refund.Amount.Amount);
        json.WriteString("reason", NameOf(refund.Reason));
        json.WriteString("method", refund.Way is RefundWay.Card ? "card" : "bank");
        json.WriteString("status", NameOf(refund.Status));
        json.WriteString("reference", refund.Way is RefundWay.Card ? refund.Advice?.Rrn : refund.BankReference);
        json.WriteString("created_at", PaymentBody.Instant(refund.CreatedAt));
        json.WriteString("ended_at", PaymentBody.Instant(refund.EndedAt));
        json.WriteString("failure", refund.Failure);
        json.WriteNumber("refunded", refundedSoFar.Amount);
    }

    /// <summary>What payers have got back of a payment: its refunds that succeeded.</summary>
    public static Rials RefundedOf(IEnumerable<Refund> refunds) =>
        new(refunds.Where(refund => refund.Status is RefundStatus.Succeeded).Sum(refund => refund.Amount.Amount));

    public static string NameOf(RefundReason reason) => reason switch
    {
        RefundReason.CustomerRequest => "customer_request",
        RefundReason.Duplicate => "duplicate",
        RefundReason.Fraud => "fraud",
        RefundReason.Other => "other",
    };

    private static string NameOf(RefundStatus status) => status switch
    {
        RefundStatus.Pending => "pending",
        RefundStatus.Sending => "sending",
        RefundStatus.Succeeded => "succeeded",
        RefundStatus.Failed => "failed",
    };
}
