namespace CanPay.Bench;

/// <summary>What the figures share: the machine, the server, the load, and where results go.</summary>
internal sealed class Suite(Plan plan, Machine machine, Postgres postgres, LoadProcess load, Report report)
{
    public const int Clients = 256;

    private const double RampSeconds = 1;
    private const double WarmSlice = 5;

    public Plan Plan => plan;

    public Machine Machine => machine;

    public Postgres Postgres => postgres;

    public Report Report => report;

    public Gateway OnPostgres(string database, int nodes = 1) =>
        new(machine, new Dictionary<string, string> { ["Storage__Postgres"] = postgres.ConnectionString(database) }, nodes);

    /// <summary>One measurement of a load on a gateway, with the CPU time of all that take part.</summary>
    public Sample Measure(Gateway gateway, LoadKind kind, double seconds, string? database = null, double? perSecond = null)
    {
        var before = default(Times);
        var after = default(Times);
        var order = new LoadOrder(kind, gateway.Ports, Clients, RampSeconds, seconds)
        {
            PerSecond = perSecond,
            Postgres = kind is LoadKind.Api ? postgres.ConnectionString(database!) : null,
        };
        var result = load.Run(order, () => before = Now(gateway), () => after = Now(gateway));
        var micros = 1e6 / Math.Max(1, result.Count);
        return new Sample(result.PerSecond)
        {
            Load = result,
            Cpu = new CpuMicros(
                result.CpuMicros,
                (after.Gateway - before.Gateway) * micros,
                (after.Simulator - before.Simulator) * micros,
                (after.Server - before.Server) * micros),
        };
    }

    /// <summary>Load until the gateway's CPU time for one payment falls no more: its compiler has finished with the hot path.</summary>
    public void Warm(string name, Gateway gateway)
    {
        var best = double.MaxValue;
        for (var seconds = 0.0; seconds < plan.WarmSeconds; seconds += WarmSlice + RampSeconds)
        {
            var sample = Measure(gateway, LoadKind.Payment, WarmSlice);
            Report.Progress($"warming  {name,-22} {sample.PerSecond,10:N0}/s, gateway {sample.Cpu!.Gateway:N0} us a payment");
            if (seconds >= plan.WarmSeconds / 2.0 && sample.Cpu.Gateway > best * 0.97)
            {
                return;
            }

            best = Math.Min(best, sample.Cpu.Gateway);
        }
    }

    private Times Now(Gateway gateway)
    {
        var cpu = gateway.Cpu;
        return new Times(cpu.Gateway, cpu.Simulator, Machine.CpuSeconds(postgres.Pid, withChildren: true));
    }

    private readonly record struct Times(double Gateway, double Simulator, double Server);
}
