namespace CanPay.Simulation;

/// <summary>What a seed draws: splitmix64, the same everywhere and for ever.</summary>
internal sealed class Chance(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        unchecked
        {
            var mixed = _state += 0x9E3779B97F4A7C15;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }
    }

    /// <summary>From 0, and less than 1.</summary>
    public double Part() => (Next() >> 11) * (1.0 / (1UL << 53));

    public bool Is(double probability) => Part() < probability;

    /// <summary>From <paramref name="from"/>, and less than <paramref name="to"/>.</summary>
    public int Number(int from, int to) => from + (int)(Next() % (ulong)(to - from));

    public T Of<T>(IReadOnlyList<T> all) => all[Number(0, all.Count)];

    public TimeSpan Between(TimeSpan from, TimeSpan to) => from + ((to - from) * Part());

    public TimeSpan Ms(double from, double to) => TimeSpan.FromMilliseconds(from + ((to - from) * Part()));

    public TimeSpan Seconds(double from, double to) => TimeSpan.FromSeconds(from + ((to - from) * Part()));

    /// <summary>An amount of evil: none in half of the seeds, so that what is rare elsewhere has room.</summary>
    public double Evil(double most) => Is(0.5) ? 0 : most * Part() * Part();
}
