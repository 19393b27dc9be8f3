using CanPay.Iso8583;

namespace CanPay.Gateway.Acquiring;

/// <summary>What the acquiring slice says to the log: 2000 to 2099.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Information, "Line to the switch: {Kind}: {Summary}")]
    public static partial void LineNoticed(this ILogger log, LineEventKind kind, string summary);

    [LoggerMessage(2001, LogLevel.Error, "The journal of the line is too slow: {Kind} was not kept")]
    public static partial void LineEventNotKept(this ILogger log, LineEventKind kind);

    [LoggerMessage(2002, LogLevel.Error, "{Count} events of the line were not written to the journal")]
    public static partial void JournalFailed(this ILogger log, Exception exception, int count);

    [LoggerMessage(2003, LogLevel.Error, "The request for RRN {Rrn} could not be made; nothing was sent")]
    public static partial void RequestNotMade(this ILogger log, Exception exception, string rrn);

    [LoggerMessage(2004, LogLevel.Error, "The journal of the line is too slow: {Count} messages were not kept")]
    public static partial void MessagesNotKept(this ILogger log, int count);
}
