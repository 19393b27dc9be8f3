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
        new(machine, new Dictionary<string, string> { ["Storage__Postgres"] = postgres.ConnectionString(database) }, database, nodes);

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
        var used = after - before;
        return new Sample(result.PerSecond)
        {
            Load = result,
            OthersShare = used.OthersShare(result.CpuMicros / micros),
            Cpu = new CpuMicros(
                result.CpuMicros,
                used.Gateway * micros,
                used.Simulator * micros,
                used.Server * micros),
        };
    }

    /// <summary>One payment more or less, to have a real one.</summary>
    public void PayOnce(Gateway gateway) =>
        load.Run(new LoadOrder(LoadKind.Payment, gateway.Ports, Clients: 1, RampSeconds: 0, Seconds: 0.5));

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

        report.Note($"'{name}' was still getting faster after {plan.WarmSeconds} s of warming, the most that this plan gives it.");
    }

    /// <summary>One measurement of pgbench.</summary>
    public Sample Measure(Func<double> pgbench)
    {
        var before = Now(null);
        var client = Machine.CpuOfEndedChildren();
        var perSecond = pgbench();
        client = Machine.CpuOfEndedChildren() - client;
        var used = Now(null) - before;
        var micros = 1e6 / Math.Max(1, perSecond * plan.Seconds);
        return new Sample(perSecond)
        {
            OthersShare = used.OthersShare(client),
            Cpu = new CpuMicros(client * micros, 0, 0, used.Server * micros),
        };
    }

    private Times Now(Gateway? gateway)
    {
        var cpu = gateway?.Cpu ?? (0, 0);
        var (busy, all) = Machine.CpuOfAll();
        return new Times(cpu.Gateway, cpu.Simulator, Machine.CpuSeconds(postgres.Pid, withChildren: true), busy, all);
    }

    /// <param name="Busy">Of the machine, whoever used it.</param>
    /// <param name="All">Of the machine, used or not.</param>
    private readonly record struct Times(double Gateway, double Simulator, double Server, double Busy, double All)
    {
        public static Times operator -(Times a, Times b) =>
            new(a.Gateway - b.Gateway, a.Simulator - b.Simulator, a.Server - b.Server, a.Busy - b.Busy, a.All - b.All);

        public double OthersShare(double client) => All == 0 ? 0 : Math.Max(0, Busy - Gateway - Simulator - Server - client) / All;
    }
}
