using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Http;
using CanPay.Gateway.Payments;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Checkout.Pages;

/// <summary>
/// "Request a dynamic PIN". One sentence for known, unknown and wrong cards and for those over a limit. A script is answered in
/// JSON and stays on the page; a form is led back to it.
/// </summary>
internal sealed partial class PaymentModel
{
    /// <summary>In the address after a request: when the PIN is good no more, in seconds of Unix time.</summary>
    private const string AskedField = "asked";

    /// <summary>What the page says for as long as a PIN that was asked for may be good.</summary>
    public string? PinNote => PinAskedUntil is { } until ? $"{Words.PinAsked} {Words.PinGoodUntil(until)}" : null;

    /// <summary>How long the button of a page with scripts still rests, in seconds.</summary>
    public int PinRestSeconds => PinAskedUntil is { } until ? (int)Math.Ceiling((until - clock.GetUtcNow()).TotalSeconds) : 0;

    private DateTimeOffset? PinAskedUntil =>
        long.TryParse(Request.Query[AskedField], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && clock.GetUtcNow().ToUnixTimeSeconds() is var now && seconds > now && seconds <= now + PinOptions.RestSeconds
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private PinRequestOptions PinOptions => HttpContext.RequestServices.GetRequiredService<IOptions<PinRequestOptions>>().Value;

    [Access(Caller.PayersBrowser, Limits = PageLimits, Cookies = Cookies.Language, MaxBodyBytes = GatewayHost.MaxBodyBytes)]
    public async Task<IActionResult> OnPostPin(string token, [FromServices] RequestPin requestPin, CancellationToken ct)
    {
        if ((await Find(token, ct) ?? await RequireOurForm(ct)) is { } problem)
        {
            return problem;
        }

        if (await LacksPass(ct))
        {
            return See(token);
        }

        var form = await Request.ReadFormAsync(ct);
        var saved = form[SavedField].ToString();
        var chosen = saved.Length == 0 ? "" : "&card=" + Uri.EscapeDataString(saved);
        if (await ReadCardForPin(form, saved, ct) is not { } card)
        {
            return WantsJson
                ? Json(422, new PinAnswer(Words.FieldErrors[CardForm.PanField], 0, CardForm.PanField))
                : See(token, $"?wrong={CardForm.PanField}{chosen}");
        }

        var refusal = await requestPin.Begin(
            Payment!, Merchant!, card, _session!.BrowserHash, ClientAddress.Of(HttpContext).ToString(), ct);
        if (refusal is not null)
        {
            return !refusal.Is(PaymentRefusals.NetworkUnavailable) ? See(token)
                : WantsJson ? Json(503, new PinAnswer(Words.NetworkUnavailable.Title, 0, null))
                : See(token, "?wrong=network" + chosen);
        }

        var until = clock.GetUtcNow().AddSeconds(PinOptions.RestSeconds).ToUnixTimeSeconds();
        return WantsJson
            ? Json(200, new PinAnswer(Words.PinAsked, PinOptions.RestSeconds, null))
            : See(token, string.Create(CultureInfo.InvariantCulture, $"?{AskedField}={until}{chosen}"));
    }

    private bool WantsJson => Request.Headers.Accept.ToString().Contains("application/json", StringComparison.Ordinal);

    /// <summary>The number that was typed, or that of a card of the payer's own.</summary>
    private async Task<Card?> ReadCardForPin(IFormCollection form, string saved, CancellationToken ct)
    {
        if (saved.Length == 0)
        {
            return CardForm.ReadForPin(form, known: null);
        }

        var isOpen = MayUseCards && await codes.Proof(Payment!.Id.Value, _session!.BrowserHash, ct) is not null;
        return isOpen && await wallet.Open(Payment!.Mobile!, saved, ct) is { } known ? CardForm.ReadForPin(form, known) : null;
    }

    private static ContentResult Json(int status, PinAnswer answer) => new()
    {
        StatusCode = status,
        ContentType = "application/json",
        Content = JsonSerializer.Serialize(answer, PinJson.Default.PinAnswer),
    };
}

/// <summary>What the page's script is told.</summary>
/// <param name="Text">For the payer.</param>
/// <param name="Seconds">For which the button rests.</param>
/// <param name="Field">The field that cannot be right, if one cannot.</param>
internal sealed record PinAnswer(string Text, int Seconds, string? Field);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PinAnswer))]
internal sealed partial class PinJson : JsonSerializerContext;
