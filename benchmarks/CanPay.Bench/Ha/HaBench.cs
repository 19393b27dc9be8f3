using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace CanPay.Bench.Ha;

/// <summary>
/// <c>bench ha</c>: the leader of a PostgreSQL cluster is struck while payments go on, and every promise that payers and
/// shops were given is compared with what the next leader knows. A control that must lose proves that loss would be seen.
/// </summary>
internal static class HaBench
{
    private const int Payers = 8;
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Fault = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan PatienceUntilClean = TimeSpan.FromSeconds(150);

    private static readonly (string Program, string Package)[] Needed =
    [
        ("patroni", "patroni"), ("etcd", "etcd-server"), ("etcdctl", "etcd-client"), ("nft", "nftables"), ("ip", "iproute2"),
        ("/usr/lib/postgresql/15/bin/postgres", "postgresql-15"),
    ];

    /// <param name="only">Names of scenarios; none for all.</param>
    public static int Run(bool isQuick, IReadOnlyCollection<string> only)
    {
        if (Environment.UserName != "root")
        {
            Console.Error.WriteLine("bench: ha needs root: it makes network namespaces and runs servers in them.");
            return 2;
        }

        Install();
        Network.SweepDead();
        var verdicts = new List<Verdict>();
        foreach (var scenario in (isQuick ? Scenario.Quick : Scenario.All).Where(scenario => only.Count == 0 || only.Contains(scenario.Name)))
        {
            var begun = Stopwatch.StartNew();
            var verdict = Try(scenario);
            verdicts.Add(verdict);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{(verdict.IsAsItMustBe ? "as it must be" : "NOT AS IT MUST BE")} ({begun.Elapsed.TotalSeconds:F0} s):"));
            Print(verdict);
        }

        Print(verdicts);
        if (verdicts.Any(verdict => verdict is { Scenario.IsSynchronous: false, IsAsItMustBe: false }))
        {
            Console.Error.WriteLine("bench: the control lost nothing, so this bench cannot see loss and its zeros prove nothing.");
        }

        return verdicts.Count > 0 && verdicts.All(verdict => verdict.IsAsItMustBe) ? 0 : 1;
    }

    private static Verdict Try(Scenario scenario)
    {
        using var network = new Network();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, End);
        Directory.CreateDirectory(network.Folder);
        File.SetUnixFileMode(network.Folder, (UnixFileMode)0b111_101_101);
        using var cluster = new Cluster(network, scenario.IsSynchronous);
        cluster.Ask("CREATE ROLE canpay LOGIN", "postgres");
        cluster.Ask("CREATE DATABASE canpay OWNER canpay", "postgres");
        using var site = new Site(network);
        var ledger = new Ledger();
        using var town = new Town(site, ledger, Payers);
        var leader = cluster.Leader;

        town.Open();
        Thread.Sleep(Before);
        scenario.Strike(network, cluster, leader);
        Thread.Sleep(Fault);
        scenario.Heal(network, cluster, leader);
        Thread.Sleep(After);
        town.Close();

        var isWhole = cluster.TryUntilWhole(60);
        var clean = scenario.IsSynchronous ? UntilClean(site) : null;
        UntilNothingIsOpen(cluster);
        return Verdict.Of(scenario, cluster, site, ledger, town.Purchases, clean, isWhole);

        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            network.Dispose();
            Environment.Exit(128 + 2);
        }
    }

    /// <returns>Seconds from the last payment until the doctor found nothing.</returns>
    private static double? UntilClean(Site site)
    {
        var begun = Stopwatch.StartNew();
        string? findings = null;
        while (begun.Elapsed < PatienceUntilClean)
        {
            findings = site.Doctor();
            if (findings is null)
            {
                return begun.Elapsed.TotalSeconds;
            }

            Thread.Sleep(500);
        }

        Console.WriteLine(findings);
        return null;
    }

    private static void UntilNothingIsOpen(Cluster cluster)
    {
        var begun = Stopwatch.StartNew();
        while (begun.Elapsed < PatienceUntilClean
            && cluster.Ask("SELECT 1 FROM payments WHERE ended_at_ms IS NULL LIMIT 1").Length > 0)
        {
            Thread.Sleep(500);
        }
    }

    private static void Install()
    {
        var missing = Needed.Where(needed => !Shell.Finds(needed.Program)).Select(needed => needed.Package).ToArray();
        if (missing.Length > 0)
        {
            Console.WriteLine($"Installing for the bench: {string.Join(' ', missing)}");
            Shell.Run("apt-get", "update", "-qq");
            Shell.Run("env", ["DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq", "--no-install-recommends", .. missing]);
        }
    }

    private static void Print(List<Verdict> verdicts)
    {
        Console.WriteLine();
        Console.WriteLine($"{"what happened to the leader",-62} {"acked",7} {"lost",6} {"double",6} {"gap s",6} {"clean s",7} whole");
        verdicts.ForEach(Print);

        Console.WriteLine(string.Join(' ', verdicts.SelectMany(verdict => new[]
        {
            Value("acked", verdict.Acknowledged), Value("lost", verdict.Lost), Value("lost_tokens", verdict.LostTokens),
            Value("double_charges", verdict.DoubleCharges), Value("gap_s", Math.Round(verdict.GapSeconds, 1)),
            Value("clean_s", Math.Round(verdict.CleanSeconds ?? -1, 1)), Value("ok", verdict.IsAsItMustBe ? 1 : 0),
        }.Select(value => $"ha_{verdict.Scenario.Name}_{value}"))));
    }

    private static void Print(Verdict verdict)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{verdict.Scenario.Title,-62} {verdict.Acknowledged,7} {verdict.Lost,6} {verdict.DoubleCharges,6} {verdict.GapSeconds,6:F1} {Seconds(verdict.CleanSeconds),7} {(verdict.IsWholeAgain ? "yes" : "no")}"));
        Console.WriteLine($"    in doubt: {(verdict.Doubts.Length > 0 ? verdict.Doubts : "none")}; in the end: {verdict.States}");
    }

    private static string Value(string name, double value) => string.Create(CultureInfo.InvariantCulture, $"{name}={value}");

    private static string Seconds(double? seconds) => seconds?.ToString("F1", CultureInfo.InvariantCulture) ?? "-";
}
