using CanPay.Gateway.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CanPay.Gateway.Checkout.Pages;

/// <summary>
/// "Are you a person?", before the form, so that nothing that was typed is lost. A right answer lets one card through, at this
/// payment in this browser.
/// </summary>
internal sealed partial class PaymentModel
{
    private const string CaptchaField = "captcha";
    private const string WrongAnswer = "wrong";

    /// <summary>The captcha that is shown, sealed.</summary>
    public string Captcha { get; private set; } = "";

    public string CaptchaImageUri { get; private set; } = "";

    public bool CaptchaWasWrong { get; private set; }

    [Access(Caller.PayersBrowser, Limits = PageLimits, Cookies = Cookies.Language, MaxBodyBytes = GatewayHost.MaxBodyBytes)]
    public async Task<IActionResult> OnPostHuman(string token, CancellationToken ct)
    {
        if ((await Find(token, ct) ?? await RequireOurForm(ct)) is { } problem)
        {
            return problem;
        }

        var form = await Request.ReadFormAsync(ct);
        return await captchas.TrySolve(form[CaptchaField].ToString(), form["answer"].ToString(), Payment!.Id.Value, _session!.BrowserHash, ct)
            ? See(token)
            : See(token, $"?{CaptchaField}={WrongAnswer}");
    }

    /// <summary>The same digits, spoken.</summary>
    [Access(Caller.PayersBrowser, Limits = PageLimits, Cookies = Cookies.Language)]
    public async Task<IActionResult> OnGetSound(string token, CancellationToken ct)
    {
        if (await Find(token, ct) is { } problem)
        {
            return problem;
        }

        return _session is not null && captchas.Answer(Request.Query[CaptchaField].ToString(), Payment!.Id.Value, _session.BrowserHash) is { } answer
            ? File(CaptchaSound.Wav(answer, Words.Language), "audio/wav")
            : NotFound();
    }

    /// <summary>The captcha, where one must be answered before a card is asked for; else nothing.</summary>
    private async Task<PageResult?> ShowCaptcha(CancellationToken ct)
    {
        if (_session is null || options.Value.Captcha is CaptchaRule.Never)
        {
            return null;
        }

        // A card may have asked for it: then only the address of the page says so.
        var asked = Request.Query[CaptchaField];
        if (asked.Count > 0 ? await captchas.HasPass(Payment!.Id.Value, _session.BrowserHash, ct) : !await LacksPass(ct))
        {
            return null;
        }

        CaptchaWasWrong = asked == WrongAnswer;
        (Captcha, var answer) = captchas.New(Payment!.Id.Value, _session.BrowserHash);
        CaptchaImageUri = CaptchaImage.DataUri(answer);
        return Show("_Captcha", Words.Captcha.Title, script: null);
    }

    /// <summary>Something that is known before there is a card asks for a captcha, and none was answered.</summary>
    private async Task<bool> LacksPass(CancellationToken ct) => options.Value.Captcha switch
    {
        CaptchaRule.Never => false,
        CaptchaRule.Risk => risk.AsksIfHuman(ClientAddress.Of(HttpContext), Payment!.MerchantId)
            && !await captchas.HasPass(Payment.Id.Value, _session!.BrowserHash, ct),
        CaptchaRule.Always => !await captchas.HasPass(Payment!.Id.Value, _session!.BrowserHash, ct),
    };
}
