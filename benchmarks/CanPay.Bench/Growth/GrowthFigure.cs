using System.Diagnostics;

namespace CanPay.Bench;

/// <summary>The same load on a small and on a large database, and how long the large one takes to be examined.</summary>
internal static class GrowthFigure
{
    private const int Few = 10_000;
    private const string Small = "canpay_small";
    private const string Large = "canpay_large";

    public static void Take(Suite suite)
    {
        if (suite.Plan.FilledPayments == 0)
        {
            return;
        }

        Make(suite, Small, Few);
        Make(suite, Large, suite.Plan.FilledPayments);
        var bytes = (long)suite.Postgres.Sql(Large, $"SELECT pg_database_size('{Large}') / {suite.Plan.FilledPayments}")!;
        suite.Report.Value("bytes_per_payment", "on the server's disk, with indexes", bytes, " B");
        Examine(suite);
        using var small = suite.OnPostgres(Small);
        using var large = suite.OnPostgres(Large);
        var names = (Small: $"on {Few:N0} payments", Large: $"on {suite.Plan.FilledPayments:N0} payments");
        suite.Warm(names.Small, small);
        suite.Warm(names.Large, large);
        var samples = Rounds.Alternate(suite.Plan.Rounds,
        [
            new(names.Large, () => suite.Measure(large, LoadKind.Payment, suite.Plan.Seconds)),
            new(names.Small, () => suite.Measure(small, LoadKind.Payment, suite.Plan.Seconds)),
        ]);
        suite.Report.Ratio(
            "growth_ratio", $"whole payments {names.Large} / {names.Small}", samples[names.Large].Median(), samples[names.Small].Median(), 0.8);
        suite.Report.Also("growth_rows", suite.Plan.FilledPayments);
        suite.Report.Cpu(names.Large, samples[names.Large]);
        suite.Report.Cpu(names.Small, samples[names.Small]);
    }

    /// <summary>One real payment, through a gateway that is stopped again, and its copies.</summary>
    private static void Make(Suite suite, string database, int payments)
    {
        var connectionString = suite.Postgres.NewDatabase(database);
        using (var gateway = suite.OnPostgres(database))
        {
            suite.PayOnce(gateway);
        }

        new Fill(connectionString).Add(payments);
    }

    private static void Examine(Suite suite)
    {
        var settings = new Dictionary<string, string>
        {
            ["Storage__Postgres"] = suite.Postgres.ConnectionString(Large),
            ["CANPAY_DATA"] = Directory.CreateDirectory(Path.Combine(suite.Machine.Folder, "doctor")).FullName,
        };
        var program = Machine.Executable("CanPay.Gateway", "canpay");
        var clock = Stopwatch.StartNew();
        var process = suite.Machine.Start(program, ["doctor"], settings);
        var peak = 0L;
        while (!process.WaitForExit(100))
        {
            peak = Math.Max(peak, Machine.PeakMegabytes(process.Id));
        }

        var seconds = clock.Elapsed.TotalSeconds;
        if (process.ExitCode != 0)
        {
            suite.Report.Note($"The doctor does NOT call the filled database sound: {File.ReadAllText(suite.Machine.LogOf(program))}");
        }

        suite.Report.Value("doctor_s", $"canpay doctor on {suite.Plan.FilledPayments:N0} payments", seconds, " s", atMost: 60);
        suite.Report.Also("doctor_mb", peak);
        suite.Report.Note($"The doctor's process had {peak} MB at the most; the sorting is done by the database server.");
    }
}
