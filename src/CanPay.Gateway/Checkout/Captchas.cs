using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Risk;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Checkout;

/// <summary>
/// Digits to be read or heard. What the page holds is sealed by keys that all nodes share, so that any of them takes the
/// answer; it is good once, for a short time, for one payment in one browser.
/// </summary>
internal sealed class Captchas(IDataProtectionProvider protection, IRiskStore store, IOptions<CheckoutOptions> options, TimeProvider clock)
{
    public const string Purpose = "CanPay.Captcha";

    private const int Length = 5;
    private const char Separator = '|';

    private readonly IDataProtector _seal = protection.CreateProtector(Purpose);

    /// <returns>A new captcha, sealed, and what is to be read.</returns>
    public (string Sealed, string Answer) New(long paymentId, string browserHash)
    {
        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var answer = RandomNumberGenerator.GetString("0123456789", Length);
        var goodUntil = clock.Now().AddSeconds(options.Value.CaptchaSeconds).ToUnixTimeMilliseconds();
        return (_seal.Protect(string.Create(CultureInfo.InvariantCulture, $"{id}|{answer}|{goodUntil}|{paymentId}|{browserHash}")), answer);
    }

    /// <summary>What is to be read, for who speaks it.</summary>
    /// <returns>Null for what is not ours, not of this payment and browser, or too old.</returns>
    public string? Answer(string captcha, long paymentId, string browserHash) => Open(captcha, paymentId, browserHash)?.Answer;

    /// <summary>Takes the one try that a captcha has. True with the right answer: then there is a pass.</summary>
    public async Task<bool> TrySolve(string captcha, string typed, long paymentId, string browserHash, CancellationToken ct)
    {
        if (Open(captcha, paymentId, browserHash) is not var (id, answer))
        {
            return false;
        }

        var isRight = CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(Digits.Fold(typed).Trim()), Encoding.ASCII.GetBytes(answer));
        return await store.TryAnswer(new AnsweredCaptcha(id, paymentId, browserHash, isRight, clock.Now()), ct) && isRight;
    }

    public Task<bool> HasPass(long paymentId, string browserHash, CancellationToken ct) => store.HasPass(paymentId, browserHash, ct);

    public Task<bool> TrySpendPass(long paymentId, string browserHash, CancellationToken ct) => store.TrySpendPass(paymentId, browserHash, ct);

    private (string Id, string Answer)? Open(string captcha, long paymentId, string browserHash)
    {
        try
        {
            return _seal.Unprotect(captcha).Split(Separator) is [var id, var answer, var goodUntil, var payment, var browser]
                && long.Parse(goodUntil, CultureInfo.InvariantCulture) > clock.Now().ToUnixTimeMilliseconds()
                && long.Parse(payment, CultureInfo.InvariantCulture) == paymentId
                && browser == browserHash
                ? (id, answer)
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
