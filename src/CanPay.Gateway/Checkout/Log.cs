namespace CanPay.Gateway.Checkout;

/// <summary>What the payer's page says to the log: 1400 to 1499. Never what a payer typed, nor addresses that hold a token.</summary>
internal static partial class Log
{
    [LoggerMessage(1400, LogLevel.Error, "A page broke ({Method})")]
    public static partial void PageBroke(this ILogger log, Exception exception, string method);

    [LoggerMessage(1401, LogLevel.Information, "A page ({Method}) was answered with 'try again': {Reason}")]
    public static partial void PageNotAvailable(this ILogger log, string method, string reason);
}
