using System.Globalization;
using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Refunds;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CanPay.Gateway.Checkout.Pages;

/// <summary>GET /r/{code}: the receipt, for whoever holds the code. It shows what is true now, as often as it is opened.</summary>
[IgnoreAntiforgeryToken] // there is nothing to send
internal sealed class ReceiptModel(IPaymentStore store, IRefundStore refunds, ReceiptLinks links, RateLimits limits, TimeProvider clock) : PageModel, IPageFrame
{
    /// <summary>A payment moves a few times in its life, not again and again while it is read.</summary>
    private const int ReadsAtMost = 3;

    private Words? _words;

    public Payment? Payment { get; private set; }

    /// <summary>Null where the page says something else.</summary>
    public Receipt? Receipt { get; private set; }

    public string Title { get; private set; } = "";

    public string? Script => Receipt is null ? null : "receipt.js";

    public (string Title, string Text)? Problem { get; private set; }

    public string Host => Request.Headers.Host.ToString();

    public string Advice => Receipt is null ? Words.CheckAddressBeforeTyping : Words.CheckAddressOfReceipt;

    public Words Words => _words ??= Languages.Of(Request);

    public string Address => links.Address(Payment!.Id);

    public string Qr => QrImage.DataUri(Address);

    /// <summary>The instant of which the receipt speaks: on paper it grows old.</summary>
    public DateTimeOffset Now => clock.GetUtcNow();

    [Access(Caller.ReceiptHolder, Limits = Limits.Address | Limits.Refusals, Cookies = Cookies.Language)]
    public async Task<PageResult> OnGet(string code, CancellationToken ct)
    {
        Languages.Remember(HttpContext);
        PageHeaders.Set(HttpContext, formTarget: null);
        var address = ClientAddress.Of(HttpContext);
        if (limits.Take(address) is { } tooMany)
        {
            return TooMany(tooMany);
        }

        if (links.Read(code) is not { } id || await Find(id, ct) is not var (payment, merchant, given)
            || Receipt.Of(payment, merchant.Name, await PaidAt(payment, ct), given, Words) is not { } receipt)
        {
            var refusal = limits.Instead(PaymentRefusals.TokenNotFound, address);
            return refusal.Is(HttpRefusals.TooManyRequests) ? TooMany(refusal) : Notice(404, Words.UnknownToken);
        }

        Payment = payment;
        Receipt = receipt;
        Title = Words.ReceiptTitle(receipt.Title);
        return Page();
    }

    /// <summary>A receipt is shown to others as proof, so it says only what will still be so after a server was lost.</summary>
    private async Task<(Payment Payment, Merchant Merchant, IReadOnlyList<Refund> Refunds)?> Find(PaymentId id, CancellationToken ct)
    {
        for (var i = 0; i < ReadsAtMost; i++)
        {
            if (await store.Find(id, ct) is not { } known || await store.FindWithMerchant(known.Token, ct) is not { } found)
            {
                return null;
            }

            // Read before the payment is settled, and so settled with it.
            IReadOnlyList<Refund> given = found.Payment.Status is PaymentStatus.Verified ? await refunds.OfPayment(id, ct) : [];
            if (await store.Settle(found.Payment))
            {
                return (found.Payment, found.Merchant, given);
            }
        }

        throw new StoreUnavailableException("The payment of a receipt was not there as it was read.");
    }

    private async Task<DateTimeOffset?> PaidAt(Payment payment, CancellationToken ct) =>
        payment is { AuthorizedAt: null, ReversalCause: not null }
            ? (await store.FindAuthorization(payment.Id, payment.Authorizations, ct))?.TransmittedAt
            : null;

    private PageResult TooMany(Refusal refusal)
    {
        Response.Headers.RetryAfter = refusal.RetryAfterSeconds?.ToString(CultureInfo.InvariantCulture);
        return Notice(429, Words.TooMany);
    }

    private PageResult Notice(int status, (string Title, string Text) words)
    {
        Response.StatusCode = status;
        Problem = words;
        Title = words.Title;
        return Page();
    }
}
