namespace CanPay.Gateway.Risk;

internal static partial class Log
{
    [LoggerMessage(1230, LogLevel.Information, "Payment {PaymentId} did not reach its issuer: {Verdict} (address {Network})")]
    public static partial void AttemptStopped(this ILogger log, long paymentId, Verdict verdict, string network);

    [LoggerMessage(1231, LogLevel.Warning,
        "Merchant row {MerchantId} is being used to try out cards: its payers are asked whether they are people, and few pay at a time. See 'canpay risk'")]
    public static partial void ShopAttacked(this ILogger log, long merchantId);

    [LoggerMessage(1232, LogLevel.Error, "Payment {PaymentId}: its outcome did not reach the counters of risk")]
    public static partial void OutcomeNotHeard(this ILogger log, Exception exception, long paymentId);

    [LoggerMessage(1233, LogLevel.Warning, "Payment {PaymentId}: other nodes are not told of its decline")]
    public static partial void DeclineNotTold(this ILogger log, Exception exception, long paymentId);

    [LoggerMessage(1234, LogLevel.Warning, "This node hears nothing of what other nodes decline: {Reason}")]
    public static partial void NothingHeard(this ILogger log, string reason);
}
