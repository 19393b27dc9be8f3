using System.ComponentModel.DataAnnotations;

namespace CanPay.Gateway;

/// <summary>
/// Section <c>PinRequests</c>: how often payers may ask for a dynamic PIN (رمز پویا). All nodes count together. What is over a
/// limit is not sent, and the payer is told the same.
/// </summary>
public sealed class PinRequestOptions
{
    public const string Section = "PinRequests";

    /// <summary>Requests for one card in 10 minutes, at whatever shops.</summary>
    /// <value>Default 3.</value>
    [Range(1, 1_000)]
    public int PerCardAnd10Minutes { get; set; } = 3;

    /// <summary>Requests at one payment.</summary>
    /// <value>Default 5.</value>
    [Range(1, 1_000)]
    public int PerPayment { get; set; } = 5;

    /// <summary>Requests of one client address in an hour.</summary>
    /// <value>Default 20.</value>
    [Range(1, 1_000_000)]
    public int PerAddressAndHour { get; set; } = 20;

    /// <summary>Requests at one shop in a minute.</summary>
    /// <value>Default 300.</value>
    [Range(1, 1_000_000)]
    public int PerMerchantAndMinute { get; set; } = 300;

    /// <summary>Seconds for which the page's button rests: so long a dynamic PIN is good.</summary>
    /// <value>Default 120.</value>
    [Range(1, 600)]
    public int RestSeconds { get; set; } = 120;

    /// <summary>Milliseconds that every request takes, so that haste does not say that nothing was sent.</summary>
    /// <value>Default 400.</value>
    [Range(0, 10_000)]
    public int AnswerMs { get; set; } = 400;
}
