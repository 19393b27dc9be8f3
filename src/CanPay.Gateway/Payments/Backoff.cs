using System.Security.Cryptography;

namespace CanPay.Gateway.Payments;

/// <summary>When work that did not succeed is tried again.</summary>
public static class Backoff
{
    /// <summary>Seconds until the next try: doubled each time, up to a limit.</summary>
    /// <param name="attempts">Tries so far, without this one.</param>
    public static double Seconds(double first, double most, int attempts) => Math.Min(first * Math.Pow(2, Math.Min(attempts, 24)), most);

    /// <summary>A little more, so that what failed together does not come back together.</summary>
    public static TimeSpan Spread(double seconds) =>
        TimeSpan.FromSeconds(seconds * (1 + (RandomNumberGenerator.GetInt32(0, 200) / 1000.0)));
}
