using System.Globalization;

namespace CanPay.Client;

/// <summary>What the payer's browser brings back. A hint, no proof: anybody can send it. Only <see cref="CanPayClient.VerifyAsync"/> says the truth.</summary>
/// <param name="Success">The gateway says that the payment was paid and waits to be verified.</param>
/// <param name="Token">The token of the payment.</param>
/// <param name="AmountRials">What was to be paid, in whole rials.</param>
/// <param name="InvoiceId">Your order's number.</param>
public sealed record PaymentCallback(bool Success, string Token, long AmountRials, string InvoiceId)
{
    /// <summary>Reads the four fields from a form (POST) or a query (GET).</summary>
    /// <param name="field">Gives the value of a field, or null. With ASP.NET Core: <c>name =&gt; request.Form[name]</c>.</param>
    /// <returns>Null where it is no callback of CanPay.</returns>
    public static PaymentCallback? Parse(Func<string, string?> field)
    {
        ArgumentNullException.ThrowIfNull(field);
        var token = field("token");
        var invoice = field("invoice_id");
        return token is { Length: 30 } && token.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c))
            && !string.IsNullOrEmpty(invoice) && invoice.Length <= 64
            && long.TryParse(field("amount"), NumberStyles.None, CultureInfo.InvariantCulture, out var amount)
            && field("success") is { } success
                ? new PaymentCallback(success == "1", token, amount, invoice)
                : null;
    }

    /// <summary>Whether it speaks of your order: the same payment and the same amount.</summary>
    /// <param name="token">The token that you stored with the order that <see cref="InvoiceId"/> names.</param>
    /// <param name="amountRials">The order's amount, in whole rials.</param>
    public bool IsOf(string token, long amountRials) => Token == token && AmountRials == amountRials;
}
