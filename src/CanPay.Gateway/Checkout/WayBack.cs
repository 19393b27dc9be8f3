using System.Globalization;
using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Checkout;

/// <summary>How a payer returns to the shop: the guide's four fields, taken from our row and from nothing that a browser sent.</summary>
internal sealed record WayBack(Payment Payment)
{
    /// <summary>1 for a paid payment, 0 for every other end.</summary>
    public string Success => Payment.IsPaid ? "1" : "0";

    public string Amount => Payment.Amount.Amount.ToString(CultureInfo.InvariantCulture);

    /// <summary>As the merchant gave it, its query string included.</summary>
    public string Action => Payment.CallbackUrl.OriginalString;

    /// <summary>Scheme, host and port, for the page's policy.</summary>
    public static string Origin(Payment payment) =>
        $"{payment.CallbackUrl.Scheme}://{(payment.CallbackUrl.HostNameType is UriHostNameType.IPv6 ? payment.CallbackUrl.Host : payment.CallbackUrl.IdnHost)}"
        + (payment.CallbackUrl.IsDefaultPort ? "" : string.Create(CultureInfo.InvariantCulture, $":{payment.CallbackUrl.Port}"));

    /// <summary>The address with the fields in its query, for merchants that want a GET.</summary>
    public string Url => Action
        + (Action.Contains('?', StringComparison.Ordinal) ? Action[^1] is '?' or '&' ? "" : "&" : "?")
        + $"success={Success}&token={Payment.Token}&amount={Amount}&invoice_id={Uri.EscapeDataString(Payment.InvoiceId)}";
}
