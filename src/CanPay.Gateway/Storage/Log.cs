namespace CanPay.Gateway.Storage;

/// <summary>What the store says to the log: 1500 to 1599.</summary>
internal static partial class Log
{
    [LoggerMessage(1500, LogLevel.Warning, "The database's clock is {Seconds} s ahead of this machine's; payments go by the database's")]
    public static partial void ClockDiffers(this ILogger log, double seconds);

    [LoggerMessage(1501, LogLevel.Error, "The database does not do its work: {Reason} ({Failures} failures in {Seconds} s)")]
    public static partial void DatabaseFails(this ILogger log, string reason, int failures, long seconds);

    [LoggerMessage(1502, LogLevel.Warning, "The database works again after {Seconds} s and {Failures} failures")]
    public static partial void DatabaseWorksAgain(this ILogger log, long seconds, int failures);
}
