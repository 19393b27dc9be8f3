namespace CanPay.Bench;

/// <summary>Payments over HTTP beside pgbench on the same server, all in the same rounds.</summary>
internal static class PaymentFigures
{
    private const string Main = "canpay";
    private const string Shared = "canpay_nodes";
    private const string Whole = "whole payments";
    private const string Api = "API only";
    private const string Tokens = "tokens";
    private const string Sqlite = "SQLite";
    private const string Ceiling = "keeps nothing";
    private const string Nodes = "two nodes";
    private const string TpcB = "pgbench TPC-B";
    private const string Insert = "pgbench insert";

    public static void Take(Suite suite)
    {
        var plan = suite.Plan;
        var pgbench = new PgBench(suite);
        suite.Postgres.NewDatabase(Main);
        using var main = suite.OnPostgres(Main);
        using var sqlite = new Gateway(suite.Machine, new Dictionary<string, string>(), "sqlite");
        using var nothing = new Gateway(suite.Machine, new Dictionary<string, string>(), "nothing", keepsNothing: true);
        using var nodes = plan.WithNodes ? TwoNodes(suite) : null;
        suite.Warm(Whole, main);
        suite.Warm(Ceiling, nothing);
        suite.Warm(Sqlite, sqlite);
        if (nodes is not null)
        {
            suite.Warm(Nodes, nodes);
        }

        List<Contender> contenders =
        [
            new(TpcB, pgbench.TpcB),
            new(Whole, () => suite.Measure(main, LoadKind.Payment, plan.Seconds)),
            new(Ceiling, () => suite.Measure(nothing, LoadKind.Payment, plan.Seconds)),
            new(Api, () => suite.Measure(main, LoadKind.Api, plan.Seconds, Main)),
            new(Insert, pgbench.Insert),
            new(Tokens, () => suite.Measure(main, LoadKind.Token, plan.Seconds)),
            new(Sqlite, () => suite.Measure(sqlite, LoadKind.Payment, plan.Seconds)),
        ];
        if (nodes is not null)
        {
            contenders.Insert(2, new(Nodes, () => suite.Measure(nodes, LoadKind.Payment, plan.Seconds)));
        }

        var samples = Rounds.Alternate(plan.Rounds, contenders);
        Judge(suite.Report, samples);
        AtHalfLoad(suite, main, samples[Whole].Median());
        Footprint(suite, main);
    }

    private static Gateway TwoNodes(Suite suite)
    {
        suite.Postgres.NewDatabase(Shared);
        return suite.OnPostgres(Shared, nodes: 2);
    }

    private static void Judge(Report report, Dictionary<string, List<Sample>> samples)
    {
        var whole = samples[Whole].Median();
        report.Ratio("pg_ratio", "whole payments, PostgreSQL / TPC-B", whole, samples[TpcB].Median(), 2);
        report.Ratio("api_ratio", "token + verify over HTTP / TPC-B", samples[Api].Median(), samples[TpcB].Median(), 3);
        report.Ratio("sqlite_ratio", "whole payments, SQLite / TPC-B", samples[Sqlite].Median(), samples[TpcB].Median(), 1);
        report.Ratio("insert_ratio", "token requests / single-row inserts", samples[Tokens].Median(), samples[Insert].Median(), 1.5);
        report.Ratio("ceiling_ratio", "whole payments / with a store that keeps nothing", whole, samples[Ceiling].Median(), 0.6);
        if (samples.TryGetValue(Nodes, out var nodes))
        {
            report.Ratio("nodes_ratio", "two nodes / one, same machine", nodes.Median(), whole, 0.9);
        }

        foreach (var (name, taken) in samples)
        {
            report.Cpu(name, taken);
        }

        var cpu = (Ours: Cpu(Whole), Reference: Cpu(TpcB));
        report.Also("tpcb_cpu_us", cpu.Reference);
        report.Also("whole_cpu_us", cpu.Ours);
        report.Note($"Of the machine's CPU time others took {samples.Values.SelectMany(taken => taken).Max(sample => sample.OthersShare):P0} in the worst round, "
            + $"{Rounds.Median(samples.Values.SelectMany(taken => taken).Select(sample => sample.OthersShare)):P0} in the median one: the fewer, the more the figures say.");

        report.Also("whole_per_second", whole);
        report.Also("tpcb_per_second", samples[TpcB].Median());
        report.Also("gateway_us", Rounds.Median(samples[Whole].Select(sample => sample.Cpu!.Gateway)));
        report.Also("server_us", Rounds.Median(samples[Whole].Select(sample => sample.Cpu!.Server)));
        double Cpu(string name) => Rounds.Median(samples[name].Select(sample => sample.Cpu!.Total));

        if (samples.Values.SelectMany(taken => taken).Sum(sample => sample.Load?.Failures.Values.Sum() ?? 0) is var failed and > 0)
        {
            report.Note($"{failed} payments FAILED under load: see the lines above.");
        }
    }

    /// <summary>Payments begin at a pace that waits for nobody, so a slow answer delays no question.</summary>
    private static void AtHalfLoad(Suite suite, Gateway main, double peak)
    {
        var sample = suite.Measure(main, LoadKind.Payment, Math.Max(5, suite.Plan.Seconds), perSecond: peak / 2);
        var load = sample.Load!;
        suite.Report.Value("p99_ms", $"verify at {sample.PerSecond:N0} payments/s (half load), 99 of 100", load.Verify.P99, " ms");
        suite.Report.Also("p50_ms", load.Verify.Median);
        suite.Report.Note(FormattableString.Invariant(
            $"At half load: verify p50 {load.Verify.Median:F1}, p99 {load.Verify.P99:F1}, slowest {load.Verify.Max:F0} ms; a whole payment p50 {load.Whole.Median:F1}, p99 {load.Whole.P99:F1} ms; {load.LateShare:P1} of the payments began more than 10 ms late."));
    }

    private static void Footprint(Suite suite, Gateway main)
    {
        var payments = suite.Postgres.Sql(Main, "SELECT count(*) FROM payments WHERE status = 'Verified'");
        suite.Report.Value("rss_mb", $"memory of the gateway after {payments:N0} payments", Machine.ResidentMegabytes(main.Pid), " MB");
        var starts = Enumerable.Range(0, 3).Select(_ =>
        {
            var milliseconds = main.StartNode();
            main.StopNode();
            return milliseconds;
        });
        suite.Report.Value("start_ms", "start of one more node until it is ready, median of 3", Rounds.Median(starts), " ms");
    }
}
