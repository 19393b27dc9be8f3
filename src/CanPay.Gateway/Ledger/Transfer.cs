using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Ledger;

/// <summary>One side of a move of money, named as <c>party.purpose[:id]</c>.</summary>
public readonly record struct Account(string Name)
{
    /// <summary>Owed to us by the acquirer for approved purchases.</summary>
    public static Account AcquirerReceivable { get; } = new("acquirer.receivable");

    /// <summary>Perhaps owed to us: the network never said what became of the purchase.</summary>
    public static Account AcquirerUnconfirmed { get; } = new("acquirer.unconfirmed");

    /// <summary>Paid and not yet verified by the merchant: still the payer's.</summary>
    public static Account PayerUnverified { get; } = new("payer.unverified");

    /// <summary>On its way back to the payer.</summary>
    public static Account PayerReturning { get; } = new("payer.returning");

    /// <summary>Perhaps taken from the payer: the network never said, so it is asked to give it back.</summary>
    public static Account PayerUnconfirmed { get; } = new("payer.unconfirmed");

    /// <summary>Given back by a merchant for a payer, and not yet known to have arrived.</summary>
    public static Account PayerRefunding { get; } = new("payer.refunding");

    /// <summary>Left our bank account to payers, by a transfer that an operator made: to be settled with the bank's statement.</summary>
    public static Account BankPayable { get; } = new("bank.payable");

    /// <summary>Owed by us to one merchant for verified purchases.</summary>
    public static Account MerchantPayable(MerchantId merchant) => new($"merchant.payable:{merchant.Value}");

    /// <summary>The same account in the books of what is only tried out.</summary>
    public Account ForTests => new("test." + Name);

    public override string ToString() => Name;
}

/// <summary>
/// One move of money, in the same transaction as the change that caused it. A row holds both sides, so that nothing
/// unbalanced can be written; nothing is ever updated or deleted.
/// </summary>
/// <param name="Reference">Unique in the books: posting the same event twice is an error, not a duplicate.</param>
/// <param name="Template">Which of the closed set of moves this is.</param>
public sealed record Transfer(
    string Reference,
    string Template,
    Account Debit,
    Account Credit,
    Rials Amount,
    PaymentId PaymentId);
