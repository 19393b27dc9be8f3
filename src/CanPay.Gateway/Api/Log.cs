using System.Net;

namespace CanPay.Gateway.Api;

/// <summary>What the merchants' API says to the log: 1100 to 1199. Never bodies.</summary>
internal static partial class Log
{
    [LoggerMessage(1100, LogLevel.Information, "Payment {PaymentId} created for merchant {MerchantId}: {AmountRials} rials")]
    public static partial void PaymentCreated(this ILogger log, long paymentId, long merchantId, long amountRials);

    [LoggerMessage(1101, LogLevel.Information, "Payment {PaymentId} verified by merchant {MerchantId}: {AmountRials} rials")]
    public static partial void PaymentVerified(this ILogger log, long paymentId, long merchantId, long amountRials);

    [LoggerMessage(1180, LogLevel.Information, "Payment {PaymentId} given back by merchant {MerchantId}: {AmountRials} rials")]
    public static partial void PaymentReversed(this ILogger log, long paymentId, long merchantId, long amountRials);

    [LoggerMessage(1181, LogLevel.Information, "Refund {RefundId} of payment {PaymentId} asked by merchant {MerchantId}: {AmountRials} rials, {Way}")]
    public static partial void RefundRequested(this ILogger log, long refundId, long paymentId, long merchantId, long amountRials, string way);

    [LoggerMessage(1102, LogLevel.Information, "{Path} refused with {Code} {Name} to {Address}, request {RequestId}")]
    public static partial void RequestRefused(this ILogger log, string path, int code, string name, IPAddress address, string requestId);

    [LoggerMessage(1103, LogLevel.Information, "{Path} was answered with 'try again': {Reason}")]
    public static partial void StoreUnavailable(this ILogger log, string path, string reason);

    [LoggerMessage(1104, LogLevel.Error, "{Path} broke, request {RequestId}")]
    public static partial void RequestBroke(this ILogger log, Exception exception, string path, string requestId);
}
