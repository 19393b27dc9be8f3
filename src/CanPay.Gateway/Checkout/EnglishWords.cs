using System.Globalization;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Checkout;

internal sealed partial class EnglishWords : Words
{
    private const string MayTakeThreeDays = "usually at once, and within 72 hours at most";
    private const string AskTheBank = "Either nothing was taken from your card, or it comes back by itself within 72 hours at most. "
        + "Your bank can look it up by the tracking number.";

    public override string Language => "en";

    public override string Direction => "ltr";

    public override string LanguageName => "English";

    public override (string Title, string Text) UnknownToken => (
        "This payment was not found",
        "The address of this page is wrong, or the payment is no longer available. Go back to the shop and start the payment again from there.");

    public override (string Title, string Text) OtherBrowser => (
        "This payment was started in another browser",
        "To protect the payer, it goes on in that browser only, and only that browser shows its result.");

    public override (string Title, string Text) NoReferrer => (
        "A payment must start on the shop’s site",
        "Your browser did not say which site you came from, and this shop does not accept such payments. Start again on the shop’s site.");

    public override (string Title, string Text) SuspendedShop => (
        "This shop does not accept payments now", "Nothing was taken from you. Please contact the shop.");

    public override (string Title, string Text) NoCookies => (
        "Your browser sent no cookie",
        "This page needs one cookie to keep the payment safe. Allow it in your browser and go back to the payment page. Nothing was taken.");

    public override (string Title, string Text) StaleForm => (
        "This form is no longer valid", "Go back to the payment page and try again. Nothing was taken.");

    public override (string Title, string Text) TooMany => (
        "Too many requests", "Wait a moment and try again.");

    public override (string Title, string Text) UnknownPage => (
        "This page does not exist", "If you came to pay, go back to the shop and start the payment from there.");

    public override (string Title, string Text) Broken => (
        "Something went wrong", "This page could not be shown. Open it again in a moment; you will not be charged twice.");

    public override (string Title, string Text) Unavailable => (
        "The payment gateway is not available at the moment",
        "Open this page again in a moment. If you have already started the payment, do not worry: you will not be charged twice.");

    public override (string Title, string Text) NetworkUnavailable => (
        "The banking network cannot be reached", "Nothing was taken. Try again in a moment.");

    public override (string Title, string Text) OnHold => (
        "The gateway accepts no new payments now", "Nothing was taken from you. Try again in a few minutes, or go back to the shop.");

    public override (string Title, string Text) WrongFields => (
        "The card details are not complete", "Correct the marked fields. For your safety, all fields must be filled in again.");

    public override IReadOnlyDictionary<string, string> FieldErrors { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [CardForm.PanField] = "The card number is not right; enter the 16 digits on the card.",
        [CardForm.Cvv2Field] = "CVV2 has three or four digits.",
        [CardForm.MonthField] = "The month is 1 to 12.",
        [CardForm.YearField] = "The expiry year is past or wrong; enter the two digits of the Solar Hijri year on the card.",
        [CardForm.PinField] = "The second PIN has 4 to 12 digits.",
    };

    public override string PinAsked => "Your request was sent to the issuing bank; if the details are right, the PIN comes by SMS.";

    public override string PinNotAsked => "The request was not sent. Try again in a moment.";

    public override string PinGoodUntil(DateTimeOffset until) => $"The PIN is good until about {Hour(until)} Tehran time.";

    public override (string Title, string Text) WrongReferrer(string host) => (
        "Payments from this site are not allowed",
        $"You came from “{host}”, which is not registered for this shop. If you do not know that site, do not enter your card details there.");

    public override (string Title, string Text) Declined(DeclineReason reason, int triesLeft) => (
        "The payment was not made", $"{Decline(reason)} (You can try {(triesLeft == 1 ? "once more" : $"{Number(triesLeft)} more times")}.)");

    public override string Decline(DeclineReason reason) => reason switch
    {
        DeclineReason.NoFunds => "The balance of the card is too low for this payment. Try another card, or top up your account.",
        DeclineReason.WrongPin => "The second PIN is wrong. Request a new dynamic PIN and try again.",
        DeclineReason.StaticPinOverCeiling =>
            "The second PIN was not accepted. A static PIN does not work for this amount: press the button for a PIN by SMS and enter that one.",
        DeclineReason.TooManyWrongPins => "A wrong PIN was entered too often. Contact your bank, or try another card.",
        DeclineReason.PinNotAccepted => "The second PIN was not accepted. Enter it again.",
        DeclineReason.OverCardLimit => "The amount is above the limit of your card. Pay with another card, or ask your bank for the limit.",
        DeclineReason.TooManyPurchases => "This card has reached its number of purchases for today. Pay with another card.",
        DeclineReason.CardData => "The card details were not confirmed. Check card number, CVV2 and expiry date, or try another card.",
        DeclineReason.CardNotEnabled => "This card is not enabled for online payments. Contact your bank, or try another card.",
        DeclineReason.RefusedByIssuer => "Your bank did not accept this payment. Contact your bank, or try another card.",
        DeclineReason.KindNotSupported => "Your bank does not make this kind of payment with this card. Pay with a card of another bank.",
        DeclineReason.ShopNotAccepted =>
            "The banking network did not accept this payment for this shop, and nothing was taken. Go back to the shop and tell them.",
        DeclineReason.IssuerAway => "The bank that issued the card does not answer now, and nothing was taken. "
            + "Try again in a few minutes, or pay with a card of another bank.",
        DeclineReason.RefusedByNetwork =>
            "The banking network did not carry out this request, and nothing was taken. Try again in a few minutes.",
        DeclineReason.OutcomeUnknown =>
            "The result of the payment is not known. If anything was taken from your card, it comes back by itself within 72 hours at most.",
        DeclineReason.Other => "The bank did not make this payment. Try again, or try another card.",
    };

    public override (string Title, string Text) PaidEnd => ("Payment successful", "You are going back to the shop in a moment.");

    public override (string Title, string Text) CancelledEnd => (
        "You cancelled the payment", "Nothing was taken from your card. You are going back to the shop.");

    public override (string Title, string Text) FailedEnd => (
        "The payment was not made",
        "The number of failed tries has reached its limit, and nothing was taken from your card. To try again, start from the shop.");

    public override (string Title, string Text) ExpiredEnd => (
        "The time to pay is over", "Nothing was taken from your card. To pay, start again from the shop.");

    public override (string Title, string Text) ReturnedEnd => (
        "The money was returned to your card",
        $"The shop did not confirm this payment in time, so the money goes back to your card: {MayTakeThreeDays}.");

    public override (string Title, string Text) GivenBackEnd => (
        "The money was returned to your card",
        $"The shop cancelled this payment, so the money goes back to your card: {MayTakeThreeDays}.");

    public override (string Title, string Text) UnknownEnd => (
        "The result of the payment is not known", "The bank did not answer in time. Your order counts as not paid, and if anything was taken "
        + $"from your card, it comes back by itself: {MayTakeThreeDays}. Keep the tracking number.");

    public override ReceiptWords PaidReceipt(DateTimeOffset deadline) => new(
        "Paid, waiting for the shop’s confirmation", "Payment successful", "It is waiting for the shop’s confirmation. If the shop does not "
        + $"confirm it by {Hour(deadline)} Tehran time, the money goes back to your card by itself.");

    public override ReceiptWords VerifiedReceipt { get; } = new(
        "Paid and confirmed", "Payment made and confirmed", "The money was taken from your card, and the shop has confirmed that it received it.");

    public override ReceiptWords CancelledReceipt { get; } = new(
        "Cancelled by the payer", "You cancelled the payment", "Nothing was taken from your card.");

    public override ReceiptWords FailedReceipt { get; } = new(
        "Failed", "The payment was not made", "The bank did not accept this payment, and nothing was taken from your card.");

    public override ReceiptWords ExpiredReceipt { get; } = new(
        "Not paid, time over", "The time to pay is over", "This payment was not made in its time, and nothing was taken from your card.");

    public override ReceiptWords ReturningReceipt { get; } = new(
        "On its way back to the card", "The money is going back to your card",
        $"The shop did not confirm this payment in time. The money goes back to the same card by itself: {MayTakeThreeDays}.");

    public override ReceiptWords ReturnedReceipt { get; } = new(
        "Returned to the card", "The money was returned to your card",
        $"The shop did not confirm this payment in time, and the bank accepted the return. The money shows in your account {MayTakeThreeDays}.");

    public override ReceiptWords GivingBackReceipt { get; } = new(
        "Cancelled by the shop, on its way back to the card", "The money is going back to your card",
        $"The shop cancelled this payment. The money goes back to the same card by itself: {MayTakeThreeDays}.");

    public override ReceiptWords GivenBackReceipt { get; } = new(
        "Cancelled by the shop, returned to the card", "The money was returned to your card",
        $"The shop cancelled this payment, and the bank accepted the return. The money shows in your account {MayTakeThreeDays}.");

    public override ReceiptWords RefundedReceipt { get; } = new(
        "Refunded", "The whole amount was refunded",
        $"The shop gave the whole amount of this payment back. The money shows in your account {MayTakeThreeDays}.");

    public override ReceiptWords PartlyRefundedReceipt { get; } = new(
        "Paid, partly refunded", "A part of the amount was refunded",
        $"The shop confirmed this payment and then gave a part of it back. That part shows in your account {MayTakeThreeDays}.");

    public override ReceiptWords UnknownReceipt { get; } = new(
        "Unknown, being cancelled at the bank", "The result of the payment is not known",
        "The bank did not answer in time, and this order counts as not paid. " + AskTheBank);

    public override ReceiptWords AnnulledReceipt { get; } = new(
        "Cancelled at the bank", "The payment was not made",
        "The bank did not answer in time, and then accepted that this payment is cancelled. " + AskTheBank);

    public override string BankOf(string mask) => Banks.Find(mask) is { } bank
        ? BankPattern.Replace("{0}", bank.English, StringComparison.Ordinal)
        : "Bank card";

    public override string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public override string Rials(Rials amount) => $"{Number(amount.Amount)} {RialUnit}";

    public override string Toman(Rials amount) =>
        Number(amount.Amount / 10) + (amount.Amount % 10 is var rest and > 0 ? "." + Number(rest) : "") + " toman";

    public override string Clock(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes:00}:{time.Seconds:00}");

    public override string Hour(DateTimeOffset at) => Tehran.Local(at).ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>The Jalali day stands beside the other: it is the one on the payer's card and bank statement.</summary>
    public override string DateAndTime(DateTimeOffset at) =>
        Tehran.Local(at).ToString("d MMMM yyyy", CultureInfo.InvariantCulture) + $" ({Tehran.Jalali(at)}), {Hour(at)} Tehran time";
}
