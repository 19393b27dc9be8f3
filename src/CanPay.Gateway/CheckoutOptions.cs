using System.ComponentModel.DataAnnotations;

namespace CanPay.Gateway;

/// <summary>Section <c>Checkout</c>: the payer's page.</summary>
public sealed class CheckoutOptions
{
    public const string Section = "Checkout";

    /// <summary>Milliseconds for which "pay" waits for the network before it shows the waiting page.</summary>
    /// <value>Default 1,500.</value>
    [Range(0, 30_000)]
    public int QuickAnswerMs { get; set; } = 1_500;

    /// <summary>Rials up to which issuers take a static second PIN; what a payer is told of a wrong PIN depends on it.</summary>
    /// <value>Default 1,000,000, the ceiling that the central bank has set.</value>
    [Range(0, 100_000_000_000)]
    public long StaticPinCeilingRials { get; set; } = 1_000_000;

    /// <summary>When payers are asked whether they are people: <c>never</c>, where <c>risk</c> says so, or <c>always</c>.</summary>
    /// <value>Default <c>risk</c>.</value>
    public CaptchaRule Captcha { get; set; } = CaptchaRule.Risk;

    /// <summary>Seconds for which a captcha may be answered.</summary>
    /// <value>Default 120.</value>
    [Range(30, 600)]
    public int CaptchaSeconds { get; set; } = 120;

    /// <summary>Seconds after which the waiting page looks again.</summary>
    /// <value>Default 2.</value>
    [Range(1, 60)]
    public int RefreshSeconds { get; set; } = 2;
}

/// <summary>When payers are asked whether they are people.</summary>
public enum CaptchaRule
{
    /// <summary>Not even under attack: what is over a limit is refused instead.</summary>
    Never,

    /// <summary>When something about the address, the card or the shop asks for it.</summary>
    Risk,

    Always,
}
