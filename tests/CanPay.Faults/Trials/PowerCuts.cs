using CanPay.Faults.Site;
using CanPay.Gateway.Storage;

namespace CanPay.Faults.Trials;

/// <summary>The power of the disk with the books is cut, and whatever was not forced to it is gone.</summary>
/// <remarks>
/// A processor has no power either: who writes there is stopped first. Otherwise an fsync that is under way at that moment may be
/// told by ext4 that it succeeded, when its journal has just been given up, and its caller would go on to acknowledge.
/// </remarks>
internal static class PowerCuts
{
    public const string Part = "power";

    private static readonly string? Missing = Environment.UserName == "root" ? null : "only root can mount a disk whose power is cut";

    private static readonly string[] Settings = ["max_wal_size = 64MB", "wal_keep_size = 0"];

    public static IEnumerable<Lane> Lanes()
    {
        yield return new("power-postgres", Part, () => OpenPostgres(isCareless: false), [new("power cut", Blow.Cut, Quick: 5, Long: 100, CutServer)], Missing);
        yield return new("power-sqlite", Part, () => OpenSqlite(isCareless: false), [new("power cut", Blow.Cut, Quick: 5, Long: 100, CutGateway)], Missing);
    }

    public static IEnumerable<Control> Controls()
    {
        yield return new("control: PostgreSQL with fsync=off", Part, () => OpenPostgres(isCareless: true), CutServer, Missing);
        yield return new("control: SQLite with synchronous=NORMAL", Part, () => OpenSqlite(isCareless: true), CutGateway, Missing);
    }

    private static async Task<Stage> OpenPostgres(bool isCareless)
    {
        var disk = new LoopDisk(500);
        return await With(disk, new TownPlan(EngineKind.Postgres) { Disk = disk.Folder, Postgres = Settings, IsCareless = isCareless });
    }

    private static async Task<Stage> OpenSqlite(bool isCareless)
    {
        var disk = new LoopDisk(150);
        return await With(disk, new TownPlan(EngineKind.Sqlite) { Disk = disk.Folder, IsCareless = isCareless });
    }

    private static async Task<Stage> With(LoopDisk disk, TownPlan plan)
    {
        try
        {
            var town = await Town.Open(plan);
            if (town.Server is not null || plan.IsCareless)
            {
                // The tests' own server was copied without forcing anything to disk. A careful gateway needs no help.
                disk.Sync();
            }

            return new Stage(town) { Power = disk };
        }
        catch
        {
            disk.Dispose();
            throw;
        }
    }

    /// <summary>The server dies with its disk; the gateways go on.</summary>
    private static async Task CutServer(Stage stage)
    {
        await Task.Delay(Random.Shared.Next(400));
        stage.Town.Server!.Freeze();
        stage.CutAt = DateTimeOffset.UtcNow;
        stage.Power!.CutPower();
        stage.Town.Server.KillProcesses();
        stage.Power.Restore();
        stage.Town.Server.ForgetProcesses();
        stage.Town.Server.Start();
    }

    /// <summary>The gateway dies with its disk.</summary>
    private static async Task CutGateway(Stage stage)
    {
        var node = stage.Town.Nodes[0];
        await Task.Delay(Random.Shared.Next(400));
        await node.Process.Signal("STOP");
        stage.CutAt = DateTimeOffset.UtcNow;
        stage.Power!.CutPower();
        await node.Process.Kill();
        stage.Power.Restore();
        node.Start();
        await node.Ready();
    }
}
