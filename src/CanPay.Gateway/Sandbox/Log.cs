namespace CanPay.Gateway.Sandbox;

/// <summary>What the sandbox says to the log: 1800 to 1819.</summary>
internal static partial class Log
{
    [LoggerMessage(1800, LogLevel.Information, "{Count} calls of the sandbox were not kept: {Reason}")]
    public static partial void CallsNotKept(this ILogger log, int count, string reason);
}
