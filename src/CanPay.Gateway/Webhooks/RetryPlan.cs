using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Webhooks;

/// <summary>When an event that was not taken is tried again.</summary>
internal static class RetryPlan
{
    /// <param name="delivery">Which event, and to whom.</param>
    /// <param name="attempts">Tries so far, this one included.</param>
    /// <param name="bornAt">From when on its time counts.</param>
    /// <returns>None: it is given up.</returns>
    public static DateTimeOffset? Next(long delivery, int attempts, DateTimeOffset bornAt, DateTimeOffset now, WebhookOptions options)
    {
        var end = bornAt + TimeSpan.FromHours(options.GiveUpHours);
        if (now >= end)
        {
            return null;
        }

        var next = now + Backoff.Spread(Backoff.Seconds(options.RetrySeconds, options.MaxRetrySeconds, attempts - 1), delivery, attempts);
        return next < end ? next : end;
    }
}
