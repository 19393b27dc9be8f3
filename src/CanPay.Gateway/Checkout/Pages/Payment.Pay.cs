using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Http;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Risk;
using Microsoft.AspNetCore.Mvc;

namespace CanPay.Gateway.Checkout.Pages;

/// <summary>The payer pressed "pay".</summary>
internal sealed partial class PaymentModel
{
    [Access(Caller.PayersBrowser, Limits = PageLimits, Cookies = Cookies.Language, MaxBodyBytes = GatewayHost.MaxBodyBytes)]
    public async Task<IActionResult> OnPostPay(string token, CancellationToken ct)
    {
        if ((await Find(token, ct) ?? await RequireOurForm(ct)) is { } problem)
        {
            return problem;
        }

        var form = await Request.ReadFormAsync(ct);
        var (card, chosen, wrong) = await ReadCard(form, ct);
        if (card is null)
        {
            return See(token, $"?wrong={string.Join(',', wrong)}{(chosen is null ? "" : "&card=" + Uri.EscapeDataString(chosen))}");
        }

        var (attempt, verdict) = await Judge(card, ct);
        if (verdict is not Verdict.Go)
        {
            card.Dispose();
            return See(token, verdict is Verdict.AskIfHuman ? "?" + CaptchaField : $"?wrong={verdict}");
        }

        var isAsked = false;
        try
        {
            var kept = chosen is null ? await CardToKeep(form, card, ct) : null;
            if ((await authorize.Begin(Payment!, Merchant!, card, _session!.BrowserHash, ct)).Refused(out var refusal, out var outcome))
            {
                return See(token, refusal.Is(PaymentRefusals.NetworkUnavailable) ? "?wrong=network" : "");
            }

            isAsked = true;
            _ = risk.Hear(attempt!, outcome);
            if (kept is not null)
            {
                _ = wallet.KeepWhen(outcome, IsPaid, kept);
            }

            // A quick answer spares the payer the waiting page; a slow one does not hold this request.
            await ((Task)outcome).WaitAsync(TimeSpan.FromMilliseconds(options.Value.QuickAnswerMs), clock, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return See(token);
        }
        finally
        {
            if (!isAsked)
            {
                risk.Release(attempt!);
            }
        }
    }

    /// <summary>Whether the issuer may be asked about this card; a captcha that was answered is used up where it decides.</summary>
    private async Task<(Attempt? Attempt, Verdict Verdict)> Judge(Card card, CancellationToken ct)
    {
        var isHuman = options.Value.Captcha switch
        {
            CaptchaRule.Never => true,
            CaptchaRule.Risk => false,
            CaptchaRule.Always => await captchas.TrySpendPass(Payment!.Id.Value, _session!.BrowserHash, ct),
        };
        if (options.Value.Captcha is CaptchaRule.Always && !isHuman)
        {
            return (null, Verdict.AskIfHuman);
        }

        var address = ClientAddress.Of(HttpContext);
        var judged = await risk.Begin(Payment!.Id, Payment.MerchantId, Payment.IsTest, card.Pan, address, isHuman, ct);
        return judged.Verdict is Verdict.AskIfHuman && await captchas.TrySpendPass(Payment.Id.Value, _session!.BrowserHash, ct)
            ? await risk.Begin(Payment.Id, Payment.MerchantId, Payment.IsTest, card.Pan, address, isHuman: true, ct)
            : judged;
    }
}
