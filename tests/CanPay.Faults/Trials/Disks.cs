using System.Diagnostics;
using System.Globalization;
using CanPay.Faults.Site;
using CanPay.Gateway.Storage;

namespace CanPay.Faults.Trials;

/// <summary>The disk of the books is full for a while, or says once that a write to it failed.</summary>
internal static class Disks
{
    public const string Part = "disk";

    private static readonly TimeSpan While = TimeSpan.FromSeconds(3);

    private static readonly string? NoRoot = Environment.UserName == "root" ? null : "only root can mount";
    private static readonly string? NoTrace = File.Exists("/usr/bin/strace") ? NoRoot : "strace is not installed";

    public static IEnumerable<Lane> Lanes()
    {
        yield return new("disk-postgres", Part, () => OpenSmall(EngineKind.Postgres, 220),
            [new("full", Blow.Fault, Quick: 1, Long: 10, Fill), new("EIO of one fsync", Blow.Fault, Quick: 1, Long: 10, FailServer)], NoTrace);
        yield return new("disk-sqlite", Part, () => OpenSmall(EngineKind.Sqlite, 32),
            [new("full", Blow.Fault, Quick: 1, Long: 10, Fill), new("EIO of one fsync", Blow.Fault, Quick: 1, Long: 10, FailGateway)], NoTrace);
    }

    private static async Task<Stage> OpenSmall(EngineKind engine, int megabytes)
    {
        var disk = new SmallDisk(megabytes);
        try
        {
            return new Stage(await Town.Open(new TownPlan(engine) { Disk = disk.Folder, Postgres = ["max_wal_size = 32MB", "wal_keep_size = 0"] })) { Small = disk };
        }
        catch
        {
            disk.Dispose();
            throw;
        }
    }

    private static async Task Fill(Stage stage)
    {
        stage.Small!.Fill();
        await Task.Delay(While);
        stage.Small.Empty();
        await Revive(stage.Town);
    }

    /// <summary>The server panics at it, and recovers by itself from its log.</summary>
    private static Task FailServer(Stage stage) => FailOneSync(stage, stage.Town.Server!.ProcessIds.Skip(1));

    private static Task FailGateway(Stage stage) => FailOneSync(stage, [stage.Town.Nodes[0].Process.Id]);

    private static async Task FailOneSync(Stage stage, IEnumerable<int> processes)
    {
        var log = Path.Combine(stage.Small!.Folder, "strace");
        string[] arguments =
        [
            "-f", "-o", log, "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO:when=1",
            .. processes.SelectMany(process => (string[])["-p", process.ToString(CultureInfo.InvariantCulture)]),
        ];
        using var strace = Process.Start(new ProcessStartInfo("strace", arguments) { RedirectStandardError = true })!;
        strace.ErrorDataReceived += (_, _) => { };
        strace.BeginErrorReadLine();
        try
        {
            await Processes.Until("an fsync has failed", () => Task.FromResult(
                File.Exists(log) && File.ReadAllText(log).Contains("INJECTED", StringComparison.Ordinal)));
        }
        finally
        {
            using var kill = Process.Start("kill", ["-TERM", strace.Id.ToString(CultureInfo.InvariantCulture)]);
            await strace.WaitForExitAsync();
            File.Delete(log);
        }

        await Revive(stage.Town);
    }

    /// <summary>Where a program has given up, somebody starts it again.</summary>
    private static async Task Revive(Town town)
    {
        await Task.Delay(500);
        if (town.Server is { IsRunning: false } server)
        {
            server.ForgetProcesses();
            server.Start();
        }

        foreach (var node in town.Nodes.Where(node => node.Process.HasExited))
        {
            node.Start();
            await node.Ready();
        }
    }
}
