using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Checkout;

/// <summary>
/// Every text that a payer reads, and how numbers and times are written: one subclass for each language. A text that a language
/// lacks does not compile. Here: what stands between a payer and the form, and what became of the payment.
/// </summary>
internal abstract partial class Words
{
    /// <summary>As it stands in <c>lang</c> of the page, and in its address.</summary>
    public abstract string Language { get; }

    /// <summary><c>rtl</c> or <c>ltr</c>.</summary>
    public abstract string Direction { get; }

    /// <summary>Its name in itself.</summary>
    public abstract string LanguageName { get; }

    public abstract (string Title, string Text) UnknownToken { get; }

    public abstract (string Title, string Text) OtherBrowser { get; }

    public abstract (string Title, string Text) NoReferrer { get; }

    public abstract (string Title, string Text) SuspendedShop { get; }

    public abstract (string Title, string Text) NoCookies { get; }

    public abstract (string Title, string Text) StaleForm { get; }

    public abstract (string Title, string Text) TooMany { get; }

    public abstract (string Title, string Text) UnknownPage { get; }

    public abstract (string Title, string Text) Broken { get; }

    public abstract (string Title, string Text) Unavailable { get; }

    public abstract (string Title, string Text) NetworkUnavailable { get; }

    public abstract (string Title, string Text) OnHold { get; }

    public abstract (string Title, string Text) WrongFields { get; }

    /// <summary>What is wrong with a field, by the field's name.</summary>
    public abstract IReadOnlyDictionary<string, string> FieldErrors { get; }

    /// <summary>The same whatever became of the request.</summary>
    public abstract string PinAsked { get; }

    public abstract string PinNotAsked { get; }

    public abstract string PinGoodUntil(DateTimeOffset until);

    public abstract (string Title, string Text) WrongReferrer(string host);

    public abstract (string Title, string Text) Declined(DeclineReason reason, int triesLeft);

    public string Decline(int actionCode) => Decline(Declines.ReasonOf(actionCode));

    /// <summary>Why the card was declined, and what the payer can do.</summary>
    public abstract string Decline(DeclineReason reason);

    public abstract (string Title, string Text) PaidEnd { get; }

    public abstract (string Title, string Text) CancelledEnd { get; }

    public abstract (string Title, string Text) FailedEnd { get; }

    public abstract (string Title, string Text) ExpiredEnd { get; }

    /// <summary>The shop did not verify.</summary>
    public abstract (string Title, string Text) ReturnedEnd { get; }

    /// <summary>The shop gave it back instead of verifying.</summary>
    public abstract (string Title, string Text) GivenBackEnd { get; }

    public abstract (string Title, string Text) UnknownEnd { get; }

    public abstract ReceiptWords PaidReceipt(DateTimeOffset deadline);

    public abstract ReceiptWords VerifiedReceipt { get; }

    public abstract ReceiptWords CancelledReceipt { get; }

    public abstract ReceiptWords FailedReceipt { get; }

    public abstract ReceiptWords ExpiredReceipt { get; }

    /// <summary>The shop did not verify; the money is on its way back.</summary>
    public abstract ReceiptWords ReturningReceipt { get; }

    public abstract ReceiptWords ReturnedReceipt { get; }

    /// <summary>The shop gave it back instead of verifying; the money is on its way.</summary>
    public abstract ReceiptWords GivingBackReceipt { get; }

    public abstract ReceiptWords GivenBackReceipt { get; }

    /// <summary>Verified, and all of it was refunded since.</summary>
    public abstract ReceiptWords RefundedReceipt { get; }

    /// <summary>Verified, and a part of it was refunded since.</summary>
    public abstract ReceiptWords PartlyRefundedReceipt { get; }

    /// <summary>The bank gave no answer, and has not yet accepted the reversal.</summary>
    public abstract ReceiptWords UnknownReceipt { get; }

    public abstract ReceiptWords AnnulledReceipt { get; }

    /// <summary>A bank by the first six digits of a masked card.</summary>
    public abstract string BankOf(string mask);

    /// <summary>Digits, with a separator between groups of three.</summary>
    public abstract string Number(long number);

    public abstract string Rials(Rials amount);

    /// <summary>Ten rials are a toman; an odd rial is a tenth.</summary>
    public abstract string Toman(Rials amount);

    /// <summary>Minutes and seconds.</summary>
    public abstract string Clock(TimeSpan time);

    /// <summary>Hour and minute in Tehran.</summary>
    public abstract string Hour(DateTimeOffset at);

    /// <summary>Day and time in Tehran.</summary>
    public abstract string DateAndTime(DateTimeOffset at);
}

/// <summary>What a receipt says of a state.</summary>
/// <param name="State">In a few words, for the table.</param>
internal sealed record ReceiptWords(string State, string Title, string Text);
