namespace CanPay.Gateway.Refunds;

/// <summary>What refunds say to the log: 1260 to 1299.</summary>
internal static partial class Log
{
    [LoggerMessage(1260, LogLevel.Information, "Refund {RefundId}, RRN {Rrn}: {Status}, action code {ActionCode}; written {IsWritten}")]
    public static partial void RefundEnded(this ILogger log, long refundId, string rrn, RefundStatus status, int? actionCode, bool isWritten);

    [LoggerMessage(1261, LogLevel.Information, "Refund {RefundId} is sent again: {Reason}; kept {Kept}")]
    public static partial void RefundPostponed(this ILogger log, long refundId, string reason, bool kept);

    [LoggerMessage(1262, LogLevel.Critical, "Refund {RefundId}, RRN {Rrn} was put aside ({Reason}): an operator must look")]
    public static partial void RefundParked(this ILogger log, long refundId, string? rrn, string reason);
}
