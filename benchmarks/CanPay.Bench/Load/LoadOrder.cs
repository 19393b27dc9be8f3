using System.Text.Json;

namespace CanPay.Bench;

/// <summary>What the load process is asked to do, as one line of JSON.</summary>
/// <param name="Ports">Of the gateway's nodes; the payers are spread over them.</param>
/// <param name="Clients">Connections.</param>
/// <param name="RampSeconds">Load before the measurement begins.</param>
/// <param name="Seconds">Of the measurement.</param>
internal sealed record LoadOrder(LoadKind Kind, int[] Ports, int Clients, double RampSeconds, double Seconds)
{
    /// <summary>Payments that begin in a second, whatever becomes of those before them; none: as fast as the clients can.</summary>
    public double? PerSecond { get; init; }

    /// <summary>Where <see cref="LoadKind.Api"/> writes the card's step.</summary>
    public string? Postgres { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this);

    public static LoadOrder FromJson(string json) => JsonSerializer.Deserialize<LoadOrder>(json)!;
}

internal enum LoadKind
{
    /// <summary>Token, page, card, verify, all over HTTP.</summary>
    Payment,

    /// <summary>Token and verify over HTTP; between them the card's two writes go straight to the store.</summary>
    Api,

    /// <summary>Token alone.</summary>
    Token,

    /// <summary>Token and page.</summary>
    Page,
}

/// <param name="PerSecond">Payments (or tokens) that ended in a second.</param>
/// <param name="Count">How many ended while it was measured.</param>
/// <param name="CpuMicros">Of the load process itself, for one.</param>
/// <param name="LateShare">Of a paced load: the share that began more than 10 ms after its time.</param>
internal sealed record LoadResult(
    double PerSecond,
    int Count,
    double CpuMicros,
    Latency Verify,
    Latency Whole,
    double LateShare,
    Dictionary<string, int> Failures)
{
    public string ToJson() => JsonSerializer.Serialize(this);

    public static LoadResult FromJson(string json) => JsonSerializer.Deserialize<LoadResult>(json)!;
}

/// <summary>In milliseconds.</summary>
internal sealed record Latency(double Median, double P99, double Max)
{
    public static Latency Of(List<float> times)
    {
        times.Sort();
        return times.Count == 0 ? new Latency(0, 0, 0) : new Latency(times[times.Count / 2], times[(int)(times.Count * 0.99)], times[^1]);
    }
}
