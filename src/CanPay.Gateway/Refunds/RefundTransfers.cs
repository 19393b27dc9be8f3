using System.Globalization;
using CanPay.Gateway.Ledger;

namespace CanPay.Gateway.Refunds;

/// <summary>Which money moves when a refund begins and ends: the closed set of templates of a refund's life.</summary>
public static class RefundTransfers
{
    /// <summary>It is asked for: what the merchant is owed becomes less at once, whatever becomes of the refund.</summary>
    public static Transfer Request(Refund refund) =>
        Of(refund, "request", Account.MerchantPayable(refund.MerchantId), Account.PayerRefunding);

    /// <summary>It is over: the payer has the money, or the merchant has it back.</summary>
    /// <returns>None while it is not over.</returns>
    public static Transfer? End(Refund refund) => (refund.Status, refund.Way) switch
    {
        (RefundStatus.Succeeded, RefundWay.Card) => Of(refund, "card", Account.PayerRefunding, Account.AcquirerReceivable),
        (RefundStatus.Succeeded, RefundWay.Bank) => Of(refund, "bank", Account.PayerRefunding, Account.BankPayable),
        (RefundStatus.Failed, _) => Of(refund, "failed", Account.PayerRefunding, Account.MerchantPayable(refund.MerchantId)),
        _ => null,
    };

    private static Transfer Of(Refund refund, string what, Account debit, Account credit) => new(
        string.Create(CultureInfo.InvariantCulture, $"{refund.PaymentId.Value}:refund:{refund.Id.Value}:{what}"),
        "refund_" + what,
        refund.IsTest ? debit.ForTests : debit,
        refund.IsTest ? credit.ForTests : credit,
        refund.Amount,
        refund.PaymentId);
}
