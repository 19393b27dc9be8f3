using CanPay.Gateway.Ledger;

namespace CanPay.Gateway.Payments;

/// <summary>Which money moves when a payment moves: the closed set of templates of a payment's life.</summary>
public static class PaymentTransfers
{
    /// <summary>The transfers that belong to the move from one value of a payment to the next.</summary>
    public static IReadOnlyList<Transfer> For(Payment before, Payment after) => (before.Status, after.Status) switch
    {
        (PaymentStatus.Authorizing, PaymentStatus.Authorized) =>
            [Of(after, "approval", Account.AcquirerReceivable, Account.PayerUnverified)],
        (PaymentStatus.Authorized, PaymentStatus.Verified) =>
            [Of(after, "verification", Account.PayerUnverified, Account.MerchantPayable(after.MerchantId))],
        (PaymentStatus.Authorized, PaymentStatus.Reversing) =>
            [Of(after, "return", Account.PayerUnverified, Account.PayerReturning)],
        (PaymentStatus.Authorizing, PaymentStatus.Reversing) =>
            [Of(after, "doubt", Account.AcquirerUnconfirmed, Account.PayerUnconfirmed)],
        (PaymentStatus.Reversing, PaymentStatus.Reversed) => after.ReversalCause is ReversalCause.OutcomeUnknown
            ? [Of(after, "doubt_resolved", Account.PayerUnconfirmed, Account.AcquirerUnconfirmed)]
            : [Of(after, "reversal", Account.PayerReturning, Account.AcquirerReceivable)],
        _ => [],
    };

    private static Transfer Of(Payment payment, string template, Account debit, Account credit) =>
        new($"{payment.Id.Value}:{template}", template, In(payment, debit), In(payment, credit), payment.Amount, payment.Id);

    /// <summary>What test merchants try out stands in books of its own.</summary>
    private static Account In(Payment payment, Account account) => payment.IsTest ? account.ForTests : account;
}
