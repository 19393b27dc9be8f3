using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Checkout;

/// <summary>What stands on the pages themselves: headings, labels, buttons.</summary>
internal abstract partial class Words
{
    public abstract string Brand { get; }

    public abstract string BrandLine { get; }

    public abstract string CheckAddressBeforeTyping { get; }

    public abstract string CheckAddressOfReceipt { get; }

    public abstract string BackToPayment { get; }

    public abstract string BackToShop { get; }

    public abstract string Amount { get; }

    public abstract string Shop { get; }

    public abstract string Address { get; }

    public abstract string Invoice { get; }

    public abstract string Reference { get; }

    public abstract string Card { get; }

    public abstract string Time { get; }

    public abstract string RialUnit { get; }

    public abstract string Equivalent(Rials amount);

    // The form.
    public abstract string PayTo(string shop);

    public abstract string PaymentDetails { get; }

    public abstract string AmountToPay { get; }

    public abstract string TimeLeft { get; }

    public abstract string UntilHour(DateTimeOffset at);

    public abstract string CardTitle { get; }

    public abstract string OtherCard { get; }

    public abstract string CardNumber { get; }

    public abstract string CardNumberHint { get; }

    /// <summary>A bank's name goes where <c>{0}</c> stands; for the page's script, too.</summary>
    public abstract string BankPattern { get; }

    public abstract string Cvv2Hint { get; }

    public abstract string Expiry { get; }

    public abstract string ExpiryMonth { get; }

    public abstract string MonthHint { get; }

    public abstract string ExpiryYear { get; }

    public abstract string YearHint { get; }

    public abstract string SecondPin { get; }

    public abstract string SecondPinKind { get; }

    public abstract string SecondPinHint { get; }

    /// <summary>Keys on the screen, in an order that changes: what a keyboard hears says nothing then.</summary>
    public abstract string Keypad { get; }

    /// <summary>Into which field the keys write: its name stands for <c>{0}</c>.</summary>
    public abstract string KeypadIntoPattern { get; }

    public abstract string KeypadDelete { get; }

    public abstract string AskForPin { get; }

    /// <summary>The page's script writes minutes and seconds where <c>{0}</c> stands.</summary>
    public abstract string AskAgainPattern { get; }

    public abstract string KeepCard { get; }

    public abstract string KeepCardLess { get; }

    public abstract string Paying { get; }

    public abstract string Pay(Rials amount);

    public abstract string Cancel { get; }

    // The payer's own cards.
    public abstract string MyCards { get; }

    public abstract string ManageMyCards { get; }

    public abstract string NoCardsYet { get; }

    public abstract string CardsOfMobile { get; }

    public abstract string UseMyCards { get; }

    public abstract string SavedCards { get; }

    public abstract string NothingSaved { get; }

    public abstract string CardLabel { get; }

    public abstract string SaveLabel { get; }

    public abstract string DeleteCard { get; }

    public abstract string BackToForm { get; }

    // The one-time code.
    public abstract string CodeTitle { get; }

    /// <summary>Before and after the mobile.</summary>
    public abstract (string Before, string After) CodeText { get; }

    public abstract string CodeWrong { get; }

    public abstract string Code { get; }

    public abstract string ShowMyCards { get; }

    public abstract string SendCodeAgain { get; }

    public abstract string BackToCardNumber { get; }

    // The page that explains whom one pays.
    public abstract string ConfirmShop { get; }

    public abstract string ConfirmShopTitle { get; }

    public abstract string ConfirmShopText { get; }

    public abstract string ContinueToPay { get; }

    public abstract string WaitingText { get; }

    // The receipt.
    public abstract string Receipt { get; }

    public abstract string OnlineReceipt { get; }

    public abstract string ReceiptTitle(string state);

    public abstract string State { get; }

    public abstract string ShopAddress { get; }

    public abstract string Bank { get; }

    public abstract string ReturnedAt { get; }

    public abstract string AnnulledAt { get; }

    /// <summary>An amount that reached the payer after the shop had confirmed.</summary>
    public abstract string RefundedAmount { get; }

    /// <summary>An amount that the shop gives back and that has not arrived yet.</summary>
    public abstract string AmountBeingRefunded { get; }

    public abstract string AmountAt(Rials amount, DateTimeOffset at);

    public abstract string QrOfReceipt { get; }

    public abstract string ReceiptStaysAt { get; }

    public abstract string WhoeverHasTheAddress { get; }

    public abstract string AsOf(DateTimeOffset at);

    public abstract string Share { get; }

    public abstract string AddressCopied { get; }

    public abstract string SaveImage { get; }

    public abstract string PrintOrPdf { get; }
}
