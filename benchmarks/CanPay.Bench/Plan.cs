namespace CanPay.Bench;

/// <summary>How much of everything a run does.</summary>
/// <param name="Rounds">Of ours and reference in turn.</param>
/// <param name="Seconds">A round's measurement of whole payments, of either side.</param>
/// <param name="WarmSeconds">The most that a gateway is warmed; less where its CPU for a payment falls no more.</param>
/// <param name="SearchSeconds">For each number of clients, to find pgbench's best.</param>
/// <param name="Scale">Of pgbench's tables.</param>
/// <param name="FilledPayments">In the large database; none: growth is not measured.</param>
/// <param name="WithNodes">Also two nodes beside one.</param>
internal sealed record Plan(
    string Name, int Rounds, int Seconds, int WarmSeconds, int SearchSeconds, int Scale, int FilledPayments, bool WithNodes)
{
    public static Plan Quick { get; } = new("quick", 2, 3, 12, 2, 10, 0, WithNodes: false);

    public static Plan Default { get; } = new("default", 3, 7, 25, 4, 50, 300_000, WithNodes: true);

    /// <summary>Every figure's rounds lie further apart than <c>checkpoint_timeout</c>.</summary>
    public static Plan Long { get; } = new("long", 4, 40, 40, 8, 64, 10_000_000, WithNodes: true);
}
