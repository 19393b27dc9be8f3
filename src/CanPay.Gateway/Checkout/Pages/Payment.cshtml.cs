using CanPay.Gateway.Cards;
using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Risk;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Checkout.Pages;

/// <summary>GET /ipg/{token} and what its forms send: pay, cancel, continue. Every POST ends in a redirect to the GET.</summary>
[IgnoreAntiforgeryToken] // the session has a key of its own for its forms
internal sealed partial class PaymentModel(
    IPaymentStore store,
    AuthorizePayment authorize,
    HoldGate holds,
    PublicUrl publicUrl,
    RateLimits limits,
    OneTimeCodes codes,
    Wallet wallet,
    RiskGate risk,
    Captchas captchas,
    PaymentClocks clocks,
    TimeProvider clock,
    IOptions<CheckoutOptions> options) : PageModel, IPageFrame
{
    private const Limits PageLimits = Limits.Address | Limits.Refusals;

    private PageSession? _session;

    public string Token { get; private set; } = "";

    public Payment? Payment { get; private set; }

    public Merchant? Merchant { get; private set; }

    /// <summary>Which part of the page is shown.</summary>
    public string View { get; private set; } = "_Notice";

    public string Title { get; private set; } = "";

    /// <summary>Script that adds comfort to the part that is shown.</summary>
    public string? Script { get; private set; }

    public int? RefreshSeconds { get; private set; }

    /// <summary>What went wrong, in a payer's words.</summary>
    public (string Title, string Text)? Problem { get; private set; }

    public bool MayRetry { get; private set; }

    /// <summary>Fields of the form that cannot be right.</summary>
    public IReadOnlyList<string> Errors { get; private set; } = [];

    public PaymentEnd? End { get; private set; }

    public TimeSpan TimeLeft { get; private set; }

    /// <summary>This browser may see card and reference: it was this one that paid.</summary>
    public bool ShowsCard => Payment?.BrowserHash is { } bound && bound == _session?.BrowserHash;

    /// <summary>The form's proof that we gave it to this browser.</summary>
    public string FormKey => _session!.NewFormKey();

    /// <summary>What the payer should find in the address bar.</summary>
    public string Host => Request.Headers.Host.ToString();

    [Access(Caller.Payer, Limits = PageLimits, Cookies = Cookies.Language | Cookies.Session)]
    public async Task<IActionResult> OnGet(string token, CancellationToken ct)
    {
        if (RouteData.Values["handler"] is not null)
        {
            // The address of a form, opened by hand or by "back".
            return See(token);
        }

        if (await Find(token, ct) is { } problem)
        {
            return problem;
        }

        if (Payment!.BrowserHash is { } bound)
        {
            return bound == _session?.BrowserHash ? await ShowState(ct) : Notice(409, Words.OtherBrowser);
        }

        return Arrive() ?? await ShowState(ct);
    }

    /// <summary>A shop that sends its payer by a form. A cross-site POST brings no cookies, so it only counts as an arrival.</summary>
    [Access(Caller.Payer, Limits = PageLimits, Cookies = Cookies.Language | Cookies.Session, MaxBodyBytes = GatewayHost.MaxBodyBytes)]
    public async Task<IActionResult> OnPost(string token, CancellationToken ct)
    {
        if (await Find(token, ct) is { } problem)
        {
            return problem;
        }

        return Payment!.BrowserHash is not null ? See(token) : Arrive() ?? (IActionResult)See(token);
    }

    [Access(Caller.PayersBrowser, Limits = PageLimits, Cookies = Cookies.Language | Cookies.Session, MaxBodyBytes = GatewayHost.MaxBodyBytes)]
    public async Task<IActionResult> OnPostContinue(string token, CancellationToken ct)
    {
        if ((await Find(token, ct) ?? await RequireOurForm(ct)) is { } problem)
        {
            return problem;
        }

        PageSession.Issue(HttpContext, token, _session, hasArrived: true);
        return See(token);
    }

    [Access(Caller.PayersBrowser, Limits = PageLimits, Cookies = Cookies.Language, MaxBodyBytes = GatewayHost.MaxBodyBytes)]
    public async Task<IActionResult> OnPostCancel(string token, CancellationToken ct)
    {
        if ((await Find(token, ct) ?? await RequireOurForm(ct)) is { } problem)
        {
            return problem;
        }

        // Whatever came of it (another tab may have paid), the page shows it.
        await store.Cancel(Payment!, _session!.BrowserHash, clock.Now());
        return See(token);
    }

    /// <summary>Reads payment, merchant and session; an answer where the page ends here.</summary>
    private async Task<IActionResult?> Find(string token, CancellationToken ct)
    {
        Token = token;
        Languages.Remember(HttpContext);
        PageHeaders.Set(HttpContext, formTarget: null);
        var address = ClientAddress.Of(HttpContext);
        if (limits.Take(address) is { } tooMany)
        {
            return TooMany(tooMany);
        }

        if (!PaymentToken.IsWellFormed(token) || await store.FindWithMerchant(token, ct) is not var (payment, merchant))
        {
            var refusal = limits.Instead(PaymentRefusals.TokenNotFound, address);
            return refusal.Is(HttpRefusals.TooManyRequests) ? TooMany(refusal) : Notice(404, Words.UnknownToken);
        }

        Payment = await Expired(payment, ct);
        Merchant = merchant;
        _session = PageSession.Read(HttpContext, token);
        PageHeaders.Set(HttpContext, WayBack.Origin(payment));
        return null;
    }

    /// <summary>A payment whose time is over is so for the payer, too, before a job has said it.</summary>
    private async Task<Payment> Expired(Payment payment, CancellationToken ct)
    {
        if (payment.Expire(clock.Now()).Refused(out _, out var expired))
        {
            return payment;
        }

        await store.Apply(new PaymentChange(payment, expired, "clock", clock.Now()));
        return await store.Find(payment.Id, ct) ?? payment;
    }

    /// <summary>The referrer rule, once for each browser; an answer where the payer may not see the form yet.</summary>
    private PageResult? Arrive()
    {
        if (_session is { HasArrived: true } || Payment!.IsFinal)
        {
            return null;
        }

        switch (Referrer.Of(Request, Merchant!, publicUrl))
        {
            case Referrer.Refused refused:
                return Notice(403, refused.Host is { } host ? Words.WrongReferrer(host) : Words.NoReferrer);
            case Referrer.Unsaid:
                _session = PageSession.Issue(HttpContext, Token, _session, hasArrived: false);
                return Show("_Continue", Words.ConfirmShop, script: null);
            default:
                _session = PageSession.Issue(HttpContext, Token, _session, hasArrived: true);
                return null;
        }
    }

    private async Task<IActionResult> ShowState(CancellationToken ct)
    {
        switch (Payment!.Status)
        {
            case PaymentStatus.Created when Merchant!.Status is MerchantStatus.Suspended:
                return Notice(403, Words.SuspendedShop);
            case PaymentStatus.Created when await holds.Current(ct) is not null:
                Response.Headers.RetryAfter = PaymentRefusals.OnHold.RetryAfterSeconds?.ToString(System.Globalization.CultureInfo.InvariantCulture);
                return Notice(PaymentRefusals.OnHold.HttpStatus, Words.OnHold, mayRetry: true);
            case PaymentStatus.Created:
                return await ShowCaptcha(ct) ?? await ShowMyCards(ct) ?? ShowForm();
            case PaymentStatus.Authorizing:
                RefreshSeconds = options.Value.RefreshSeconds;
                return Show("_Waiting", Words.Paying, "wait.js");
            default:
                End = PaymentEnd.Of(Payment, clock.GetUtcNow(), Words);
                return Merchant!.CallbackMethod is CallbackMethod.Get && (Payment.IsPaid || Payment.Status is PaymentStatus.Cancelled)
                    ? SeeOther(new WayBack(Payment).Url)
                    : Show("_End", End.Title, "return.js");
        }
    }

    private PageResult ShowForm()
    {
        var wrong = Request.Query["wrong"].ToString().Split(',');
        Errors = [.. CardForm.Fields.Where(wrong.Contains)];
        Problem = wrong.Contains("network") ? Words.NetworkUnavailable
            : Words.Stopped(wrong[0]) is { } stopped ? stopped
            : Errors.Count > 0 ? Words.WrongFields
            : Payment!.DeclineCode is { } code ? Words.Declined(
                Declines.ReasonOf(code, Payment.Amount, options.Value.StaticPinCeilingRials), clocks.MaxDeclines - Payment.Declines)
            : null;
        TimeLeft = Payment!.PageExpiresAt - clock.GetUtcNow();
        return Show("_CardForm", Words.PayTo(Persian.Visible(Merchant!.Name)), "pay.js");
    }

    /// <summary>The form is one of our pages', sent by the browser that we gave it to.</summary>
    private async Task<IActionResult?> RequireOurForm(CancellationToken ct)
    {
        if (_session is null)
        {
            return Notice(400, Words.NoCookies, mayRetry: true);
        }

        return Referrer.IsFromOurselves(Request, publicUrl) && Request.HasFormContentType
            && _session.Gave((await Request.ReadFormAsync(ct))["form"])
            ? null
            : Notice(400, Words.StaleForm, mayRetry: true);
    }

    private PageResult Notice(int status, (string Title, string Text) words, bool mayRetry = false)
    {
        Response.StatusCode = status;
        Problem = words;
        MayRetry = mayRetry;
        return Show("_Notice", words.Title, script: null);
    }

    private PageResult TooMany(Refusal refusal)
    {
        Response.Headers.RetryAfter = refusal.RetryAfterSeconds?.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Notice(429, Words.TooMany, mayRetry: true);
    }

    private PageResult Show(string view, string title, string? script)
    {
        View = view;
        Title = title;
        Script = script;
        return Page();
    }

    private SeeOtherResult See(string token, string query = "") =>
        SeeOther(Languages.Keep(Request, $"/ipg/{Uri.EscapeDataString(token)}{query}"));

    private static SeeOtherResult SeeOther(string url) => new(url);
}

/// <summary>303: the browser goes there with a GET, whatever it came with.</summary>
internal sealed class SeeOtherResult(string url) : ActionResult
{
    public override void ExecuteResult(ActionContext context)
    {
        context.HttpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.HttpContext.Response.Headers.Location = url;
    }
}
