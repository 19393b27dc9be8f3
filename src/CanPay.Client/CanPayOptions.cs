namespace CanPay.Client;

/// <summary>Where the gateway is and who you are.</summary>
public sealed class CanPayOptions
{
    /// <summary>The usual name of the configuration section.</summary>
    public const string Section = "CanPay";

    /// <summary>The gateway, without a path. The default is <c>https://canpay.ir/</c>.</summary>
    public Uri BaseUrl { get; set; } = new("https://canpay.ir/");

    /// <summary>Your merchant code (کد پذیرندگی), written like <c>111-222-333-444</c>. Required.</summary>
    public string Merchant { get; set; } = "";

    /// <summary>An API key, <c>cpk_live_…</c> or <c>cpk_test_…</c>; optional. Keep it out of the repository and of browsers.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Secrets of your webhook endpoint, <c>whsec_…</c>. Two while one is replaced by another.</summary>
    public IList<string> WebhookSecrets { get; } = [];

    /// <summary>How long one attempt may take. The default is 10 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Attempts after the first, made only where no usable answer came. The default is 2; 0 turns repeating off.</summary>
    public int MaxRetries { get; set; } = 2;

    /// <summary>Wait before the first repetition; doubled each time. The default is 300 milliseconds.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>A <c>Retry-After</c> longer than this is not waited for but reported. The default is 5 seconds.</summary>
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What is wrong with these options, in a sentence that names the setting; null where nothing is.</summary>
    public string? Problem() =>
        string.IsNullOrWhiteSpace(Merchant) ? "CanPay:Merchant is missing. Set it to the code that the facilitator gave you."
        : BaseUrl is not { IsAbsoluteUri: true, Scheme: "http" or "https" } ? "CanPay:BaseUrl must be an absolute http or https address."
        : ApiKey is not null && !ApiKey.StartsWith("cpk_", StringComparison.Ordinal) ? "CanPay:ApiKey must begin with cpk_."
        : ApiKey is not null && BaseUrl.Scheme is "http" && !BaseUrl.IsLoopback ? "CanPay:ApiKey is sent over https only. Set CanPay:BaseUrl to an https address."
        : Timeout <= TimeSpan.Zero ? "CanPay:Timeout must be longer than zero."
        : MaxRetries < 0 ? "CanPay:MaxRetries must not be negative."
        : RetryDelay < TimeSpan.Zero || MaxRetryAfter < TimeSpan.Zero ? "CanPay:RetryDelay and CanPay:MaxRetryAfter must not be negative."
        : null;
}
