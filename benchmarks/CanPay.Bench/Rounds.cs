namespace CanPay.Bench;

/// <summary>One of those that are measured in turn.</summary>
internal sealed record Contender(string Name, Func<Sample> Run);

/// <summary>One measurement.</summary>
/// <param name="PerSecond">Whatever is counted.</param>
internal sealed record Sample(double PerSecond)
{
    /// <summary>CPU microseconds for each, where it was a load on a gateway.</summary>
    public CpuMicros? Cpu { get; init; }

    public LoadResult? Load { get; init; }

    /// <summary>What processes that are none of ours took of the machine's CPU time meanwhile, kernel work for ours included.</summary>
    public double OthersShare { get; init; }
}

/// <param name="Server">The database server with its background processes.</param>
internal sealed record CpuMicros(double Load, double Gateway, double Simulator, double Server)
{
    public double Total => Load + Gateway + Simulator + Server;
}

internal static class Rounds
{
    /// <summary>Each once a round, in the given order: ours and reference alternate, and what the machine does in between befalls both.</summary>
    public static Dictionary<string, List<Sample>> Alternate(int rounds, IReadOnlyList<Contender> contenders)
    {
        var samples = contenders.ToDictionary(contender => contender.Name, _ => new List<Sample>(), StringComparer.Ordinal);
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var contender in contenders)
            {
                var sample = contender.Run();
                samples[contender.Name].Add(sample);
                Report.Progress($"round {round}/{rounds}  {contender.Name,-22} {sample.PerSecond,10:N0}/s{Others(sample)}{Failures(sample)}");
            }
        }

        return samples;
    }

    public static double Median(this List<Sample> samples) => Median(samples.Select(sample => sample.PerSecond));

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }

    private static string Others(Sample sample) => sample.Cpu is { } cpu ? $", {cpu.Total,6:N0} us CPU each, others took {sample.OthersShare:P0}" : "";

    private static string Failures(Sample sample) => sample.Load is { Failures.Count: > 0 } load
        ? $"  FAILED {load.Failures.Values.Sum()}: {load.Failures.First().Key}"
        : "";
}
