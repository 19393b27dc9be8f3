namespace CanPay.Gateway.Checkout.Pages;

/// <summary>The language of the page, and the addresses that keep it.</summary>
internal sealed partial class PaymentModel
{
    private Words? _words;

    public Words Words => _words ??= Languages.Of(Request);

    /// <summary>Not where a payer is refused: whoever follows a link of ours comes from us, no longer from the site that was refused.</summary>
    public bool OffersLanguages => Response.StatusCode is not StatusCodes.Status403Forbidden;

    /// <summary>An address of this payment.</summary>
    /// <param name="rest">What follows the token: <c>/pay</c>, <c>?card=1</c>.</param>
    public string To(string rest = "") => Languages.Keep(Request, $"/ipg/{Uri.EscapeDataString(Token)}{rest}");
}
