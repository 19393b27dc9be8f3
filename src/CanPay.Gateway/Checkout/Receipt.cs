using System.Diagnostics;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Refunds;

namespace CanPay.Gateway.Checkout;

/// <summary>What is true of a payment now, for whoever holds its receipt. Unlike the page of the payment it sends nobody anywhere.</summary>
/// <param name="Kind"><c>ok</c>, <c>bad</c> or <c>wait</c>.</param>
/// <param name="Rows">What stands on the receipt below the amount, in order.</param>
internal sealed record Receipt(string Kind, string Title, string Text, IReadOnlyList<ReceiptRow> Rows)
{
    /// <param name="shop">The merchant's name.</param>
    /// <param name="paidAt">When the card was asked for the money last; null where none was.</param>
    /// <param name="refunds">All of the payment.</param>
    /// <returns>None for a payment that is not over for its payer: there is nothing to keep yet.</returns>
    public static Receipt? Of(Payment payment, string shop, DateTimeOffset? paidAt, IReadOnlyList<Refund> refunds, Words words) =>
        Said(payment, refunds, words) is var (kind, said)
            ? new(kind, said.Title, said.Text, [.. RowsOf(payment, shop, paidAt, said.State, words), .. RowsOf(refunds, words)])
            : null;

    private static (string Kind, ReceiptWords Said)? Said(Payment payment, IReadOnlyList<Refund> refunds, Words words) => payment.Status switch
    {
        PaymentStatus.Created or PaymentStatus.Authorizing => null,
        PaymentStatus.Authorized => ("ok", words.PaidReceipt(Deadline(payment))),
        PaymentStatus.Verified when Total(refunds, RefundStatus.Succeeded) == payment.Amount => ("wait", words.RefundedReceipt),
        PaymentStatus.Verified when Total(refunds, RefundStatus.Succeeded) > Rials.Zero => ("ok", words.PartlyRefundedReceipt),
        PaymentStatus.Verified => ("ok", words.VerifiedReceipt),
        PaymentStatus.Cancelled => ("wait", words.CancelledReceipt),
        PaymentStatus.Failed => ("bad", words.FailedReceipt),
        PaymentStatus.Expired => ("bad", words.ExpiredReceipt),
        PaymentStatus.Reversing when payment.ReversalCause is ReversalCause.NotVerified => ("wait", words.ReturningReceipt),
        PaymentStatus.Reversed when payment.ReversalCause is ReversalCause.NotVerified => ("wait", words.ReturnedReceipt),
        PaymentStatus.Reversing when payment.ReversalCause is ReversalCause.Merchant => ("wait", words.GivingBackReceipt),
        PaymentStatus.Reversed when payment.ReversalCause is ReversalCause.Merchant => ("wait", words.GivenBackReceipt),
        PaymentStatus.Reversing => ("wait", words.UnknownReceipt),
        PaymentStatus.Reversed => ("wait", words.AnnulledReceipt),
    };

    private static IEnumerable<ReceiptRow> RowsOf(Payment payment, string shop, DateTimeOffset? paidAt, string state, Words words)
    {
        yield return new(words.State, state);
        yield return new(words.Shop, Persian.Visible(shop));
        yield return new(words.ShopAddress, payment.CallbackUrl.IdnHost, IsLatin: true);
        yield return new(words.Invoice, Persian.Visible(payment.InvoiceId));
        yield return new(words.Time, words.DateAndTime(payment.AuthorizedAt ?? paidAt ?? payment.EndedAt ?? payment.CreatedAt));
        var hadMoney = payment.Status is PaymentStatus.Authorized or PaymentStatus.Verified or PaymentStatus.Reversing or PaymentStatus.Reversed;
        if (payment.Rrn is { } rrn && (hadMoney || payment.Status is PaymentStatus.Failed))
        {
            yield return new(words.Reference, rrn, IsLatin: true);
        }

        if (payment.CardMask is { } mask && hadMoney)
        {
            yield return new(words.Card, mask, IsLatin: true);
            yield return new(words.Bank, words.BankOf(mask));
        }

        if (payment.Status is PaymentStatus.Reversed && payment.EndedAt is { } reversedAt)
        {
            yield return new(
                payment.ReversalCause is ReversalCause.OutcomeUnknown ? words.AnnulledAt : words.ReturnedAt, words.DateAndTime(reversedAt));
        }
    }

    private static IEnumerable<ReceiptRow> RowsOf(IReadOnlyList<Refund> refunds, Words words)
    {
        foreach (var refund in refunds.Where(refund => refund.Status is RefundStatus.Succeeded))
        {
            yield return new(words.RefundedAmount, words.AmountAt(refund.Amount, refund.EndedAt!.Value));
        }

        var underWay = new Rials(refunds.Where(refund => !refund.IsFinal).Sum(refund => refund.Amount.Amount));
        if (underWay > Rials.Zero)
        {
            yield return new(words.AmountBeingRefunded, words.Rials(underWay));
        }
    }

    private static Rials Total(IReadOnlyList<Refund> refunds, RefundStatus status) =>
        new(refunds.Where(refund => refund.Status == status).Sum(refund => refund.Amount.Amount));

    private static DateTimeOffset Deadline(Payment payment) =>
        payment.VerifyDeadline ?? throw new UnreachableException("An approved payment has a deadline.");
}

/// <param name="IsLatin">Written from left to right, whatever stands around it.</param>
internal sealed record ReceiptRow(string Label, string Value, bool IsLatin = false);
