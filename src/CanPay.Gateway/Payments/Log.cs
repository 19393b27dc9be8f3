namespace CanPay.Gateway.Payments;

/// <summary>What the payments slice says to the log: 1200 to 1259.</summary>
internal static partial class Log
{
    [LoggerMessage(1200, LogLevel.Information, "Payment {PaymentId} asked the network: RRN {Rrn}, try {Number}")]
    public static partial void AuthorizationBegun(this ILogger log, long paymentId, string rrn, int number);

    [LoggerMessage(1201, LogLevel.Information, "Payment {PaymentId}, RRN {Rrn}: {Status}, action code {ActionCode}")]
    public static partial void AuthorizationEnded(
        this ILogger log, long paymentId, string rrn, PaymentStatus status, int? actionCode);

    [LoggerMessage(1202, LogLevel.Error, "Payment {PaymentId}, RRN {Rrn}: authorization broke; taken for unknown")]
    public static partial void AuthorizationBroke(this ILogger log, Exception exception, long paymentId, string rrn);

    [LoggerMessage(1203, LogLevel.Warning, "Payment {PaymentId}, RRN {Rrn}: the outcome could not be written yet: {Reason}")]
    public static partial void OutcomeNotWritten(this ILogger log, long paymentId, string rrn, string reason);

    [LoggerMessage(1206, LogLevel.Error,
        "Payment {PaymentId}, RRN {Rrn}: the outcome could not be written in time; a job takes it for unknown and asks the money back")]
    public static partial void OutcomeGivenUp(this ILogger log, long paymentId, string rrn);

    [LoggerMessage(1204, LogLevel.Warning,
        "Payment {PaymentId}, RRN {Rrn}: the outcome {Status} came after the payment was taken for unknown; it is reversed")]
    public static partial void OutcomeCameTooLate(
        this ILogger log, long paymentId, string rrn, Acquiring.AuthorizationStatus status);

    [LoggerMessage(1205, LogLevel.Warning,
        "Stopped with {Count} authorizations under way; they are taken for unknown and reversed after the next start")]
    public static partial void StoppedWithAuthorizationsUnderWay(this ILogger log, int count);

    [LoggerMessage(1220, LogLevel.Information, "Payment {PaymentId} asked for a dynamic PIN; sent {IsSent}")]
    public static partial void PinRequested(this ILogger log, long paymentId, bool isSent);

    [LoggerMessage(1221, LogLevel.Warning, "Payment {PaymentId} asked for a dynamic PIN over a limit; nothing was sent")]
    public static partial void PinRequestHeldBack(this ILogger log, long paymentId);

    [LoggerMessage(1222, LogLevel.Error, "Payment {PaymentId}: the request for a dynamic PIN broke")]
    public static partial void PinRequestBroke(this ILogger log, Exception exception, long paymentId);

    [LoggerMessage(1210, LogLevel.Error, "A round of the payment jobs failed")]
    public static partial void JobRoundFailed(this ILogger log, Exception exception);

    [LoggerMessage(1211, LogLevel.Error, "The work due for {Work} failed")]
    public static partial void JobFailed(this ILogger log, Exception exception, string work);

    [LoggerMessage(1215, LogLevel.Information, "The work due for {Work} waits for the store: {Reason}")]
    public static partial void JobPutOff(this ILogger log, string work, string reason);

    [LoggerMessage(1212, LogLevel.Information, "Payment {PaymentId} was due in {From}: {To}, {Result}")]
    public static partial void DuePaymentMoved(
        this ILogger log, long paymentId, PaymentStatus from, PaymentStatus to, ApplyResult result);

    [LoggerMessage(1213, LogLevel.Information, "Payment {PaymentId} stays {Status}: {Reason}; kept {Kept}")]
    public static partial void DuePaymentPostponed(
        this ILogger log, long paymentId, PaymentStatus status, string reason, bool kept);

    [LoggerMessage(1214, LogLevel.Critical,
        "Payment {PaymentId}, RRN {Rrn} was put aside ({Reason}): an operator must look")]
    public static partial void PaymentParked(this ILogger log, long paymentId, string? rrn, string reason);
}
