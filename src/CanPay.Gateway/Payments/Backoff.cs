namespace CanPay.Gateway.Payments;

/// <summary>When work that did not succeed is tried again.</summary>
public static class Backoff
{
    /// <summary>Seconds until the next try: doubled each time, up to a limit.</summary>
    /// <param name="attempts">Tries so far, without this one.</param>
    public static double Seconds(double first, double most, int attempts) => Math.Min(first * Math.Pow(2, Math.Min(attempts, 24)), most);

    /// <summary>How many tries take so long at the least, though one wait between them was none: a clock that is set forward ends it.</summary>
    /// <param name="seconds">For none no try is needed.</param>
    public static int TriesIn(double seconds, double first, double most)
    {
        var tries = 0;
        for (var waited = 0.0; waited < seconds; tries++)
        {
            // The longest is that which may be missing: the last so far.
            waited += tries == 0 ? 0 : Seconds(first, most, tries - 1);
        }

        return tries;
    }

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
