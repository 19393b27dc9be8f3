namespace CanPay.Gateway.Cards;

internal static partial class Log
{
    [LoggerMessage(8000, LogLevel.Warning, "The SMS provider refused a message with status {Status}")]
    public static partial void SmsRefused(this ILogger log, int status);

    [LoggerMessage(8001, LogLevel.Warning, "The SMS provider did not take a message: {Reason}")]
    public static partial void SmsNotSent(this ILogger log, string reason);

    [LoggerMessage(8002, LogLevel.Warning, "Peyvand did not answer: {Reason}")]
    public static partial void PeyvandIsAway(this ILogger log, string reason);

    [LoggerMessage(8003, LogLevel.Error, "A card that its payer wanted to keep was not saved")]
    public static partial void CardNotSaved(this ILogger log, Exception exception);
}
