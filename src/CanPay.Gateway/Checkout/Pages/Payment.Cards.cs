using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Cards;
using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CanPay.Gateway.Checkout.Pages;

/// <summary>
/// The payer's own cards on the page: a code by SMS opens them, for this payment in this browser. Until then the page is the
/// same for every mobile.
/// </summary>
internal sealed partial class PaymentModel
{
    private const string CodeStep = "code";
    private const string WrongCodeStep = "wrong-code";
    private const string SavedField = "saved";
    private const string KeepField = "keep";

    /// <summary>The shop named a mobile, and codes can be sent.</summary>
    public bool OffersMyCards => Payment?.Mobile is not null && codes.AreThere;

    /// <summary>The code was right, here.</summary>
    public SentCode? Proof { get; private set; }

    /// <summary>Only after the code.</summary>
    public IReadOnlyList<WalletCard> MyCards { get; private set; } = [];

    /// <summary>The card of <see cref="MyCards"/> that the payer has chosen.</summary>
    public WalletCard? Chosen { get; private set; }

    public bool CodeWasWrong { get; private set; }

    /// <summary>The mobile as its owner recognises it and others do not: <c>0912***6789</c>.</summary>
    public string MaskedMobile => Payment?.Mobile is { Length: > 8 } mobile ? $"{mobile[..4]}***{mobile[^4..]}" : "";

    [Access(Caller.PayersBrowser, Limits = PageLimits, Cookies = Cookies.Language, MaxBodyBytes = GatewayHost.MaxBodyBytes)]
    public async Task<IActionResult> OnPostCards(string token, CancellationToken ct)
    {
        if ((await Find(token, ct) ?? await RequireOurForm(ct)) is { } problem)
        {
            return problem;
        }

        if (MayUseCards)
        {
            await codes.Send(
                Payment!.Id.Value, Payment.MerchantId.Value, Payment.Mobile!, _session!.BrowserHash, ClientAddress.Of(HttpContext).ToString(),
                Request.Host.Host, ct);
        }

        // Sent or held back by a limit: the payer sees the same.
        return See(token, "?cards=" + CodeStep);
    }

    [Access(Caller.PayersBrowser, Limits = PageLimits, Cookies = Cookies.Language, MaxBodyBytes = GatewayHost.MaxBodyBytes)]
    public async Task<IActionResult> OnPostCode(string token, CancellationToken ct)
    {
        if ((await Find(token, ct) ?? await RequireOurForm(ct)) is { } problem)
        {
            return problem;
        }

        var code = (await Request.ReadFormAsync(ct))["code"].ToString();
        return MayUseCards && await codes.TryProve(Payment!.Id.Value, _session!.BrowserHash, code, ct)
            ? See(token)
            : See(token, "?cards=" + WrongCodeStep);
    }

    [Access(Caller.PayersBrowser, Limits = PageLimits, Cookies = Cookies.Language, MaxBodyBytes = GatewayHost.MaxBodyBytes)]
    public async Task<IActionResult> OnPostRename(string token, CancellationToken ct) => await ChangeCard(
        token, (mobile, id, form) => wallet.Rename(mobile, id, Persian.Visible(form["label"].ToString()), ct), ct);

    [Access(Caller.PayersBrowser, Limits = PageLimits, Cookies = Cookies.Language, MaxBodyBytes = GatewayHost.MaxBodyBytes)]
    public async Task<IActionResult> OnPostForget(string token, CancellationToken ct) => await ChangeCard(
        token, (mobile, id, _) => wallet.Delete(mobile, id, ct), ct);

    private bool MayUseCards => OffersMyCards && Payment!.Status is Payments.PaymentStatus.Created;

    /// <summary>The code by which this browser opened the payer's cards at this payment, or null: then they are nobody's business.</summary>
    private async Task<SentCode?> OpenedBy(CancellationToken ct) =>
        MayUseCards ? await codes.Proof(Payment!.Id.Value, _session!.BrowserHash, ct) : null;

    private async Task<IActionResult> ChangeCard(string token, Func<string, string, IFormCollection, Task> change, CancellationToken ct)
    {
        if ((await Find(token, ct) ?? await RequireOurForm(ct)) is { } problem)
        {
            return problem;
        }

        var form = await Request.ReadFormAsync(ct);
        if (await OpenedBy(ct) is not null)
        {
            await change(Payment!.Mobile!, form["card"].ToString(), form);
        }

        return See(token, "?cards=manage");
    }

    /// <summary>The step of the code, or nothing: then the form follows, with the cards where they are open.</summary>
    private async Task<PageResult?> ShowMyCards(CancellationToken ct)
    {
        if (!MayUseCards || _session is null)
        {
            return null;
        }

        Proof = await OpenedBy(ct);
        if (Proof is null)
        {
            var step = Request.Query["cards"].ToString();
            CodeWasWrong = step == WrongCodeStep;
            return step is CodeStep or WrongCodeStep ? Show("_Code", Words.MyCards, "pay.js") : null;
        }

        MyCards = await wallet.Cards(Payment!.Mobile!, ct);
        var chosen = Request.Query["card"].ToString();
        Chosen = MyCards.FirstOrDefault(card => card.Id == chosen);
        return Request.Query["cards"] == "manage" ? Show("_ManageCards", Words.SavedCards, script: null) : null;
    }

    /// <summary>What was typed, or a card of the payer's own with what was typed for it.</summary>
    private async Task<(Card? Card, string? Chosen, IReadOnlyList<string> Wrong)> ReadCard(IFormCollection form, CancellationToken ct)
    {
        var today = Tehran.Jalali(clock.GetUtcNow());
        var id = form[SavedField].ToString();
        if (id.Length == 0)
        {
            return (CardForm.Read(form, today, out var wrong), null, wrong);
        }

        if (await OpenedBy(ct) is null || await wallet.Open(Payment!.Mobile!, id, ct) is not var (pan, expiry))
        {
            return (null, null, [CardForm.PanField]);
        }

        var card = CardForm.ReadSecrets(form, pan, expiry, out var wrongSecrets);
        return (card, id, wrongSecrets);
    }

    /// <summary>Sealed for later, where the payer said so and has proved the mobile.</summary>
    private async Task<SavedCard?> CardToKeep(IFormCollection form, Card card, CancellationToken ct) =>
        form[KeepField].Count > 0 && await OpenedBy(ct) is { } proof
            ? wallet.Seal(Payment!.Mobile!, card, proof)
            : null;

    private async Task<bool> IsPaid() => await store.Find(Payment!.Id, CancellationToken.None) is { IsPaid: true };
}
