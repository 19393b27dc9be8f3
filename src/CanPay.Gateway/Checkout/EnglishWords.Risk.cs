namespace CanPay.Gateway.Checkout;

internal sealed partial class EnglishWords
{
    public override (string Title, string Text) Captcha => (
        "One short question before you pay", "To protect bank cards from misuse, please enter the five digits below.");

    public override string CaptchaWrong => "The digits were not right, or their time was over. Please enter these new ones.";

    public override string CaptchaImage => "A picture of five digits; if you cannot see it, play the sound instead";

    public override string CaptchaNoSound => "Your browser plays no sound.";

    public override string CaptchaAnswer => "The five digits that you see or hear";

    public override string CaptchaOther => "Other digits";

    public override (string Title, string Text) CardStopped => (
        "This card was declined too often today",
        "To protect its holder no payment is sent with it for up to 24 hours. Please use another card. Nothing was charged.");

    public override (string Title, string Text) AddressStopped => (
        "Too many cards were declined from this connection",
        "No payment is sent from this internet connection for about an hour. Try another one, such as mobile data. Nothing was charged.");

    public override (string Title, string Text) ShopStopped => (
        "This shop takes payments slowly at the moment",
        "Because of suspicious attempts only a few payments a minute are sent to the bank. Try again in a minute. Nothing was charged.");

    public override (string Title, string Text) OthersAwaited => (
        "The banks have not answered other attempts yet", "Please try again in a few seconds. Nothing was charged.");
}
