namespace CanPay.Gateway.Payments;

/// <summary>When work that did not succeed is tried again.</summary>
public static class Backoff
{
    /// <summary>Seconds until the next try: doubled each time, up to a limit.</summary>
    /// <param name="attempts">Tries so far, without this one.</param>
    public static double Seconds(double first, double most, int attempts) => Math.Min(first * Math.Pow(2, Math.Min(attempts, 24)), most);

    /// <summary>Up to a fifth more, so that what failed together does not come back together.</summary>
    /// <param name="which">What is tried again, and for the how manieth time: the same waits as long wherever it is.</param>
    public static TimeSpan Spread(double seconds, long which, int attempts)
    {
        // The finalizer of splitmix64: neighbours in are far apart out.
        unchecked
        {
            var mixed = ((ulong)which * 0x9E3779B97F4A7C15) + (ulong)attempts;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return TimeSpan.FromSeconds(seconds * (1 + ((mixed ^ (mixed >> 31)) % 200 / 1000.0)));
        }
    }
}
