using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Checkout;

internal sealed partial class EnglishWords
{
    public override string Brand => "CanPay";

    public override string BrandLine => "Payment gateway";

    public override string CheckAddressBeforeTyping => "Before you enter card details, check the address of this page:";

    public override string CheckAddressOfReceipt => "To be sure that the receipt is genuine, check the address of this page:";

    public override string BackToPayment => "Back to the payment page";

    public override string BackToShop => "Back to the shop";

    public override string Amount => "Amount";

    public override string Shop => "Shop";

    public override string Address => "Address";

    public override string Invoice => "Invoice number";

    public override string Reference => "Tracking number";

    public override string Card => "Card";

    public override string Time => "Time";

    public override string RialUnit => "rials";

    public override string Equivalent(Rials amount) => "Equal to " + Toman(amount);

    public override string PayTo(string shop) => "Pay " + shop;

    public override string PaymentDetails => "Payment details";

    public override string AmountToPay => "Amount to pay";

    public override string TimeLeft => "Time left";

    public override string UntilHour(DateTimeOffset at) => $"(until {Hour(at)} Tehran time)";

    public override string CardTitle => "Bank card details";

    public override string OtherCard => "Another card";

    public override string CardNumber => "Card number";

    public override string CardNumberHint => "16 digits on the card";

    public override string BankPattern => "{0} Bank";

    public override string Cvv2Hint => "3 or 4 digits";

    public override string Expiry => "Expiry date";

    public override string ExpiryMonth => "Expiry month";

    public override string MonthHint => "MM";

    public override string ExpiryYear => "Expiry year, two digits";

    public override string YearHint => "YY";

    public override string SecondPin => "Second PIN";

    public override string SecondPinKind => "(dynamic PIN)";

    public override string SecondPinHint => "PIN";

    public override string Keypad => "On-screen keypad";

    public override string KeypadIntoPattern => "The digits go into: {0}";

    public override string KeypadDelete => "Delete the last digit";

    public override string AskForPin => "Request PIN by SMS";

    public override string AskAgainPattern => "Again in {0}";

    public override string KeepCard => "Save this card for my next payments";

    public override string KeepCardLess => "(CVV2 and PIN are never saved)";

    public override string Paying => "Paying…";

    public override string Pay(Rials amount) => "Pay " + Rials(amount);

    public override string Cancel => "Cancel";

    public override string MyCards => "My cards";

    public override string ManageMyCards => "Edit";

    public override string NoCardsYet => "You have no cards yet. Enter the card number; if you like, it is kept for the next time.";

    public override string CardsOfMobile => "Saved cards of";

    public override string UseMyCards => "Use my cards";

    public override string SavedCards => "Saved cards";

    public override string NothingSaved => "No card is saved with us. Cards of the Peyvand system are edited in that system.";

    public override string CardLabel => "A name of your choice";

    public override string SaveLabel => "Save the name";

    public override string DeleteCard => "Delete card";

    public override string BackToForm => "Back to the payment";

    public override string CodeTitle => "Enter the code from the SMS";

    public override (string Before, string After) CodeText => (
        "If the number",
        "can be reached, a code of six digits comes by SMS in a moment. The code only shows your cards; nothing is paid with it.");

    public override string CodeWrong => "The code is wrong or too old. Enter it again, or ask for a new code after a minute.";

    public override string Code => "One-time code";

    public override string ShowMyCards => "Show my cards";

    public override string SendCodeAgain => "Send the code again";

    public override string BackToCardNumber => "Go back and enter the card number";

    public override string ConfirmShop => "Confirm the shop";

    public override string ConfirmShopTitle => "Are you paying this shop?";

    public override string ConfirmShopText =>
        "Your browser did not say which site you came from. Before you go on, check the name and address of the shop and the amount.";

    public override string ContinueToPay => "Continue and pay";

    public override string WaitingText =>
        "Your request was sent to the bank. Do not close this page; the result shows here in a few seconds.";

    public override string Receipt => "Payment receipt";

    public override string OnlineReceipt => "Receipt of an online payment";

    public override string ReceiptTitle(string state) => "Payment receipt: " + state;

    public override string State => "Status";

    public override string ShopAddress => "Shop’s address";

    public override string Bank => "Bank";

    public override string ReturnedAt => "Returned at";

    public override string AnnulledAt => "Cancelled at";

    public override string RefundedAmount => "Refunded";

    public override string AmountBeingRefunded => "Being refunded";

    public override string AmountAt(Rials amount, DateTimeOffset at) => $"{Rials(amount)}, {DateAndTime(at)}";

    public override string QrOfReceipt => "QR code of this receipt’s address";

    public override string ReceiptStaysAt => "The current status of this payment is always at this address:";

    public override string WhoeverHasTheAddress => "Whoever has this address can see the receipt.";

    public override string AsOf(DateTimeOffset at) => "Status as of " + DateAndTime(at);

    public override string Share => "Share the receipt";

    public override string AddressCopied => "The address of the receipt was copied";

    public override string SaveImage => "Save as picture";

    public override string PrintOrPdf => "Print / save PDF";
}
