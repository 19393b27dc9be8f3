namespace CanPay.Gateway.Operations;

/// <summary>What running the program says to the log: 1300 to 1399.</summary>
internal static partial class Log
{
    [LoggerMessage(1300, LogLevel.Warning,
        "This is the sandbox: keys that everybody knows, a demo merchant, no real money. Set Sandbox:Enabled to false where money is real")]
    public static partial void ThisIsTheSandbox(this ILogger log);

    [LoggerMessage(1301, LogLevel.Information, "{Count} answers kept under idempotency keys were forgotten: their time was over")]
    public static partial void AnswersForgotten(this ILogger log, int count);

    [LoggerMessage(1302, LogLevel.Error, "Housekeeping failed; it is tried again in an hour")]
    public static partial void HousekeepingFailed(this ILogger log, Exception exception);

    [LoggerMessage(1304, LogLevel.Information, "Leaving: not ready from now on, still serving for {Seconds} s, then finishing what is under way")]
    public static partial void Leaving(this ILogger log, int seconds);

    [LoggerMessage(1305, LogLevel.Information,
        "Thrown away because they were old: {Payments} payments without money, {Messages} messages of payments, {Strays} of none, {Events} webhook events")]
    public static partial void OldThingsForgotten(this ILogger log, long payments, long messages, long strays, long events);

    [LoggerMessage(1306, LogLevel.Error, "What is old could not be thrown away; it is tried again in the next round")]
    public static partial void RetentionFailed(this ILogger log, Exception exception);

    [LoggerMessage(1309, LogLevel.Information, "{Count} cards that were kept for refunds were forgotten: their time was over")]
    public static partial void CardsForgotten(this ILogger log, int count);

    [LoggerMessage(1307, LogLevel.Information, "Cards are sealed with the key of version {Version} from now on")]
    public static partial void CardKeyChanged(this ILogger log, int version);

    [LoggerMessage(1308, LogLevel.Error, "There are new card keys that this node cannot use; it goes on with those that it has: {Reason}")]
    public static partial void CardKeysNotUsable(this ILogger log, string reason);
}
