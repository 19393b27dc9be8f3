namespace CanPay.Gateway.Storage;

internal static partial class Log
{
    [LoggerMessage(1401, LogLevel.Warning, "The database's clock is {Seconds} s ahead of this machine's; payments go by the database's")]
    public static partial void ClockDiffers(this ILogger log, double seconds);
}
