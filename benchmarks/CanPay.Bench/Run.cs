using System.Globalization;

namespace CanPay.Bench;

/// <summary>The program that people start: everything from the empty folder to the table.</summary>
internal static class Run
{
    private static readonly (string Name, Action<Suite> Take)[] Groups =
    [
        ("codec", CodecFigures.Take),
        ("payments", PaymentFigures.Take),
        ("growth", GrowthFigure.Take),
    ];

    /// <param name="words">A plan and the groups of figures to take; none: all of the default plan.</param>
    public static int All(string[] words)
    {
        var plan = words.Contains("quick") ? Plan.Quick : words.Contains("long") ? Plan.Long : Plan.Default;
        var asked = words.Where(word => word is not ("quick" or "long")).ToList();
        if (asked.FirstOrDefault(word => Groups.All(group => group.Name != word)) is { } unknown)
        {
            Console.Error.WriteLine($"bench: '{unknown}' is none of quick, long, ha, {string.Join(", ", Groups.Select(group => group.Name))}.");
            return 2;
        }

        using var machine = new Machine();
        try
        {
            var postgres = new Postgres(machine);
            var report = new Report(plan);
            var suite = new Suite(plan, machine, postgres, new LoadProcess(machine), report);
            foreach (var (_, take) in Groups.Where(group => asked.Count == 0 || asked.Contains(group.Name)))
            {
                take(suite);
            }

            report.Note("Ratios are of the medians of the rounds; ours and reference take turns in each round.");
            Console.WriteLine(report.Print(Description.OfMachine(postgres)));
            return 0;
        }
        catch (Exception) when (machine.IsStopping)
        {
            Thread.Sleep(Timeout.Infinite); // the signal's handler cleans up and ends the process
            return 130;
        }
        catch (Exception e) when (e is InvalidOperationException or Npgsql.NpgsqlException or IOException)
        {
            Console.Error.WriteLine("bench: " + e.Message);
            return 1;
        }
    }
}

/// <summary>What the figures were measured on.</summary>
internal static class Description
{
    public static string OfMachine(Postgres postgres)
    {
        var processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[1];
        var memory = long.Parse(File.ReadLines("/proc/meminfo").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) >> 20;
        var load = File.ReadAllText("/proc/loadavg").Split(' ')[1];
        return $"{Environment.ProcessorCount} cores {processor}, {memory} GB; {Environment.OSVersion.VersionString}; .NET {Environment.Version}; "
            + $"PostgreSQL {postgres.Sql("postgres", "SHOW server_version")} ({string.Join(", ", Postgres.Settings)}); load average of the last 5 minutes {load}";
    }
}
