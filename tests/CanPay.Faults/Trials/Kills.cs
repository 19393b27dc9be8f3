using CanPay.Faults.Site;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Storage;

namespace CanPay.Faults.Trials;

/// <summary>SIGKILL: at random, at every named point, of gateways, card network and database.</summary>
internal static class Kills
{
    public const string Part = "kills";

    private const string Migration = "migration.applied";

    private static readonly string[] Points = [.. CrashPoint.All.Where(point => point != Migration)];

    public static IEnumerable<Lane> Lanes()
    {
        yield return new("kills-postgres-1", Part, () => Stage.Open(new TownPlan(EngineKind.Postgres) { Nodes = 2 }),
            [.. AtPoints((_, i) => i % 3 == 0), AtRandom(quick: 1, @long: 30), NodeStandsStill]);
        yield return new("kills-postgres-2", Part, () => Stage.Open(new TownPlan(EngineKind.Postgres) { Nodes = 2 }),
            [
                .. AtPoints((_, i) => i % 3 == 1),
                new Trial("database", Blow.Kill, Quick: 5, Long: 100, KillDatabase),
                new Trial("card network", Blow.Kill, Quick: 1, Long: 50, KillNetwork),
            ]);
        yield return new("kills-sqlite", Part, () => Stage.Open(new TownPlan(EngineKind.Sqlite)),
            [.. AtPoints((_, i) => i % 3 == 2), AtRandom(quick: 1, @long: 30), new Trial("card network", Blow.Kill, Quick: 1, Long: 50, KillNetwork)]);
        foreach (var engine in (EngineKind[])[EngineKind.Postgres, EngineKind.Sqlite])
        {
            yield return new(
                $"kills-migration-{engine}".ToLowerInvariant(), Part, () => Stage.Open(new TownPlan(engine) { FirstStartDiesAt = Migration }),
                [new Trial(Migration, Blow.Kill, Quick: engine is EngineKind.Sqlite ? 1 : 0, Long: 5, _ => Task.CompletedTask, Blows: Town.FirstStarts)]);
        }
    }

    private static Trial NodeStandsStill => new("a node stands still past its lease", Blow.Fault, Quick: 1, Long: 10, async stage =>
    {
        var node = stage.Town.SomeNode();
        await node.Process.Signal("STOP");
        await Task.Delay(TimeSpan.FromSeconds(7));
        await node.Process.Signal("CONT");
    });

    /// <summary>Every point in both engines in the long run; in the quick run those of this lane's share.</summary>
    private static IEnumerable<Trial> AtPoints(Func<string, int, bool> isInQuick) => Points.Select((point, i) =>
        new Trial(point, Blow.Kill, Quick: isInQuick(point, i) ? 1 : 0, Long: 6, stage => DieAt(stage.Town, point)));

    private static Trial AtRandom(int quick, int @long) => new("gateway", Blow.Kill, quick, @long, async stage =>
    {
        var node = stage.Town.SomeNode();
        await Task.Delay(Random.Shared.Next(400));
        await node.Process.Kill();
        node.Start();
        await node.Ready();
    });

    private static async Task DieAt(Town town, string point)
    {
        // Whichever comes there first.
        foreach (var node in town.Nodes)
        {
            node.OrderToDieAt(point);
        }

        await Processes.Until($"a gateway dies at {point}", () => Task.FromResult(town.Nodes.Any(node => node.Process.HasExited)));
        foreach (var node in town.Nodes)
        {
            node.TakeOrderBack();
        }

        await Task.Delay(50); // both may have been about to
        var dead = town.Nodes.Where(node => node.Process.HasExited).ToList();
        foreach (var node in dead)
        {
            if (!node.HasDiedAsOrdered())
            {
                throw new InvalidOperationException($"A gateway died, but not at {point}: {node.Process.Said}");
            }

            node.Start();
        }

        await Task.WhenAll(dead.Select(node => node.Ready()));
    }

    private static async Task KillDatabase(Stage stage)
    {
        await Task.Delay(Random.Shared.Next(400));
        stage.Town.Server!.Kill();
        await Task.Delay(Random.Shared.Next(600));
        stage.Town.Server.Start();
    }

    private static async Task KillNetwork(Stage stage)
    {
        await Task.Delay(Random.Shared.Next(400));
        await stage.Town.KillNetwork();
        await Task.Delay(Random.Shared.Next(600));
        await stage.Town.StartNetwork();
    }
}
