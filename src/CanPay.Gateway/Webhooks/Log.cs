namespace CanPay.Gateway.Webhooks;

/// <summary>What the webhooks slice says to the log: 1700 to 1749.</summary>
internal static partial class Log
{
    [LoggerMessage(1700, LogLevel.Information, "Event {Event} ({Type}) was taken by {Endpoint} in {DurationMs} ms; kept {Kept}")]
    public static partial void EventDelivered(this ILogger log, string @event, string type, string endpoint, int durationMs, bool kept);

    [LoggerMessage(1701, LogLevel.Warning, "Event {Event} ({Type}) was not taken by {Endpoint}: {Outcome}; try {Number}, kept {Kept}")]
    public static partial void EventNotTaken(
        this ILogger log, string @event, string type, string endpoint, string outcome, int number, bool kept);

    [LoggerMessage(1702, LogLevel.Error, "Event {Event} ({Type}) was given up for {Endpoint}: {Outcome}; {Number} tries (canpay webhook redeliver)")]
    public static partial void EventGivenUp(this ILogger log, string @event, string type, string endpoint, string outcome, int number);

    [LoggerMessage(1703, LogLevel.Error, "Event {Event} for {Endpoint}: sending it broke")]
    public static partial void DeliveryBroke(this ILogger log, Exception exception, string @event, string endpoint);

    [LoggerMessage(1704, LogLevel.Error, "A round of the webhook deliveries failed")]
    public static partial void RoundFailed(this ILogger log, Exception exception);
}
