using System.Globalization;

namespace CanPay.Bench;

/// <summary>All figures in one run, each beside its reference, in alternating rounds.</summary>
internal static class Suite
{
    public static int Run(bool isQuick, string? only)
    {
        using var machine = new Machine();
        using var postgres = new Postgres(machine.Folder);
        postgres.Sql("postgres", "CREATE DATABASE bench");
        postgres.Sql("postgres", "CREATE DATABASE canpay");
        postgres.Initialize("bench", isQuick ? 20 : 64);
        if (only is "profile")
        {
            using var gateway = new Gateway(machine, new Dictionary<string, string> { ["Storage__Postgres"] = postgres.ConnectionString("canpay") });
            Round("warm", gateway, LoadKind.Payment, 384, 15, postgres);
            Console.WriteLine("warm");
            Round("pg", gateway, LoadKind.Payment, 384, 15, postgres);
            Round("pg", gateway, LoadKind.Page, 384, 6, postgres);
            Round("pg", gateway, LoadKind.Token, 384, 6, postgres);
            return 0;
        }

        var seconds = isQuick ? 5 : 10;
        var tpcb = new[] { 8, 32, 64 }.Select(clients => (Clients: clients, Tps: postgres.Bench("bench", clients, isQuick ? 3 : 5))).MaxBy(result => result.Tps);
        Console.WriteLine($"TPC-B best at {tpcb.Clients} clients: {tpcb.Tps:F0}");
        using (var gateway = new Gateway(machine, new Dictionary<string, string> { ["Storage__Postgres"] = postgres.ConnectionString("canpay") }))
        {
            Console.WriteLine($"start {gateway.StartMs:F0} ms");
            foreach (var clients in new[] { 128, 256, 512 })
            {
                Round("pg", gateway, LoadKind.Payment, clients, seconds, postgres);
            }

            Round("pg token", gateway, LoadKind.Token, 256, seconds, postgres);
        }

        using (var gateway = new Gateway(machine, new Dictionary<string, string>()))
        {
            Round("sqlite", gateway, LoadKind.Payment, 256, seconds, null);
        }

        Console.WriteLine($"TPC-B again: {postgres.Bench("bench", tpcb.Clients, seconds):F0}");
        return 0;
    }

    private static void Round(string name, Gateway gateway, LoadKind kind, int clients, int seconds, Postgres? postgres)
    {
        var before = gateway.Cpu;
        var pgBefore = postgres is null ? 0 : Machine.CpuSeconds(postgres.Pid, withChildren: true);
        var result = gateway.Load(kind, clients, 2, seconds);
        var after = gateway.Cpu;
        var pgAfter = postgres is null ? 0 : Machine.CpuSeconds(postgres.Pid, withChildren: true);
        var count = result.PerSecond * (seconds + 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-9} {kind} x{clients}: {result.PerSecond:F0}/s, CPU us each: gateway {(after.Gateway - before.Gateway) / count * 1e6:F0}, simulator {(after.Simulator - before.Simulator) / count * 1e6:F0}, postgres {(pgAfter - pgBefore) / count * 1e6:F0}, load {result.CpuMicros:F0}; verify p50 {result.VerifyMedianMs:F1} p99 {result.Verify99Ms:F1} ms; failures {string.Join(", ", result.Failures.Take(3))}"));
    }
}
