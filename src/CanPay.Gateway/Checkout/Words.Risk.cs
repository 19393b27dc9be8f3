using CanPay.Gateway.Risk;

namespace CanPay.Gateway.Checkout;

/// <summary>What keeps a card from its issuer.</summary>
internal abstract partial class Words
{
    public abstract (string Title, string Text) Captcha { get; }

    public abstract string CaptchaWrong { get; }

    public abstract string CaptchaImage { get; }

    /// <summary>For a browser that plays no sound.</summary>
    public abstract string CaptchaNoSound { get; }

    public abstract string CaptchaAnswer { get; }

    public abstract string CaptchaOther { get; }

    public abstract (string Title, string Text) CardStopped { get; }

    public abstract (string Title, string Text) AddressStopped { get; }

    public abstract (string Title, string Text) ShopStopped { get; }

    public abstract (string Title, string Text) OthersAwaited { get; }

    /// <summary>Why the issuer was not asked, by the verdict's name; null for no such reason.</summary>
    public (string Title, string Text)? Stopped(string verdict) => verdict switch
    {
        nameof(Verdict.CardStopped) => CardStopped,
        nameof(Verdict.AddressStopped) => AddressStopped,
        nameof(Verdict.ShopStopped) => ShopStopped,
        nameof(Verdict.Busy) => OthersAwaited,
        _ => null,
    };
}
