namespace CanPay.Fuzz.Engine;

/// <summary>SplitMix64: the same numbers for a seed on every machine and version of .NET.</summary>
internal sealed class Rng(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <returns>0 to <paramref name="below"/> - 1; 0 where that is 0.</returns>
    public int Below(int below) => (int)(((Next() >> 32) * (ulong)(uint)below) >> 32);

    public bool OneIn(int times) => Below(times) == 0;

    public T Of<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];
}
