using System.Security.Cryptography;

namespace CanPay.Gateway.Webhooks;

/// <summary>When an event that was not taken is tried again.</summary>
internal static class RetryPlan
{
    /// <param name="attempts">Tries so far, this one included.</param>
    /// <param name="bornAt">From when on its time counts.</param>
    /// <returns>None: it is given up.</returns>
    public static DateTimeOffset? Next(int attempts, DateTimeOffset bornAt, DateTimeOffset now, WebhookOptions options)
    {
        var end = bornAt + TimeSpan.FromHours(options.GiveUpHours);
        if (now >= end)
        {
            return null;
        }

        var doubled = options.RetrySeconds * Math.Pow(2, Math.Min(attempts - 1, 24));

        // A fifth of spread: what failed together does not come back together.
        var spread = 1 + (RandomNumberGenerator.GetInt32(0, 200) / 1000.0);
        var next = now + TimeSpan.FromSeconds(Math.Min(doubled, options.MaxRetrySeconds) * spread);
        return next < end ? next : end;
    }
}
