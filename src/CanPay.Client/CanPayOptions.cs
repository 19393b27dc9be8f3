namespace CanPay.Client;

/// <summary>Where the gateway is and who you are.</summary>
public sealed class CanPayOptions
{
    /// <summary>Name of the configuration section that <c>AddCanPay</c> reads.</summary>
    public const string Section = "CanPay";

    /// <summary>The gateway, without a path. The default is <c>https://canpay.ir/</c>.</summary>
    public Uri BaseUrl { get; set; } = new("https://canpay.ir/");

    /// <summary>Your merchant code (کد پذیرندگی), written like <c>111-222-333-444</c>. Required.</summary>
    public string Merchant { get; set; } = "";

    /// <summary>How long one attempt may take. The default is 10 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Attempts after the first, made only where repeating is safe. The default is 2; 0 turns repeating off.</summary>
    public int MaxRetries { get; set; } = 2;

    /// <summary>Wait before the first repetition; doubled each time. The default is 300 milliseconds.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(300);

    internal string? Problem() =>
        string.IsNullOrWhiteSpace(Merchant) ? "CanPay:Merchant is missing. Set it to the code that the facilitator gave you."
        : !BaseUrl.IsAbsoluteUri || BaseUrl.Scheme is not ("http" or "https") ? "CanPay:BaseUrl must be an absolute http or https address."
        : Timeout <= TimeSpan.Zero ? "CanPay:Timeout must be longer than zero."
        : MaxRetries < 0 ? "CanPay:MaxRetries must not be negative."
        : null;
}
