using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace CanPay.Simulation;

/// <summary>What the simulation can be asked for. The last line of each is for programs.</summary>
internal static class Commands
{
    /// <summary>Payments of a seed that is played twice: enough for every kind of event.</summary>
    private const int PaymentsOfReplay = 200;

    public static int Run(string[] args)
    {
        var from = new Option<ulong>("--from") { Description = "The first seed.", DefaultValueFactory = _ => 1 };
        var seeds = new Option<ulong>("--seeds") { Description = "How many seeds.", DefaultValueFactory = _ => 20 };
        var payments = new Option<int>("--payments") { Description = "Payments of a seed.", DefaultValueFactory = _ => 4_000 };
        var replays = new Option<ulong>("--replays") { Description = "So many seeds are first played twice, which must be the same.", DefaultValueFactory = _ => 20 };
        var seed = new Option<ulong>("--seed") { Description = "The seed.", Required = true };
        var trace = new Option<bool>("--trace") { Description = "Tell the story of one payment." };
        var payment = new Option<long>("--payment") { Description = "Of this payment; without it, of the one that went wrong, or of the richest." };
        var bug = new Option<string>("--bug") { Description = "With this planted bug.", DefaultValueFactory = _ => PlantedBug.None.Name };
        var within = new Option<ulong>("--within") { Description = "Seeds in which each bug must be found.", DefaultValueFactory = _ => 200 };

        var run = new Command("run", "Plays seeds.") { from, seeds, payments, replays };
        run.SetAction(parsed => Seeds(parsed.GetValue(from), parsed.GetValue(seeds), parsed.GetValue(payments), parsed.GetValue(replays)));
        var one = new Command("seed", "Plays one seed.") { seed, payments, trace, payment, bug };
        one.SetAction(parsed => One(
            parsed.GetValue(seed), parsed.GetValue(payments), parsed.GetValue(trace), parsed.GetValue(payment), Named(parsed.GetValue(bug)!)));
        var bugs = new Command("bugs", "Plays every planted bug until it is found.") { within, payments };
        bugs.SetAction(parsed => Bugs(parsed.GetValue(within), Math.Min(parsed.GetValue(payments), 400)));
        return new RootCommand("Plays the gateway's own core through bad days, deterministically.") { run, one, bugs }.Parse(args).Invoke();
    }

    private static PlantedBug Named(string name) => name == PlantedBug.None.Name
        ? PlantedBug.None
        : PlantedBugs.All.FirstOrDefault(bug => bug.Name == name) ?? throw new ArgumentException($"There is no planted bug {name}.");

    private static int Seeds(ulong from, ulong seeds, int payments, ulong replays)
    {
        using var installation = Installation.Make().GetAwaiter().GetResult();
        var begun = Stopwatch.GetTimestamp();
        long played = 0, faults = 0, violations = 0;
        for (var seed = from; seed < from + Math.Min(seeds, replays); seed++)
        {
            if (Play(seed, PaymentsOfReplay).Hash is var hash && Play(seed, PaymentsOfReplay).Hash is var again && again != hash)
            {
                violations++;
                Console.WriteLine($"seed {seed} played twice is not the same: {hash:x16}, {again:x16}");
            }
        }

        for (var seed = from; seed < from + seeds; seed++)
        {
            var (found, _, evil) = Play(seed, payments);
            played += payments;
            faults += evil;
            violations += found.Count;
            Report(seed, payments, found);
        }

        Console.WriteLine($"{played / Stopwatch.GetElapsedTime(begun).TotalSeconds:0} payments/s");
        Console.WriteLine($"violations={violations} payments={played} faults={faults} seeds={from}..{from + seeds - 1}");
        return violations == 0 ? 0 : 1;

        (IReadOnlyList<string> Found, ulong Hash, long Evil) Play(ulong seed, int size)
        {
            using var world = new World(seed, size, PlantedBug.None, keepsTrace: false, installation);
            return (world.Play(), world.Trace.Hash, world.Faults.Count);
        }
    }

    private static int One(ulong seed, int payments, bool tells, long payment, PlantedBug bug)
    {
        using var installation = Installation.Make().GetAwaiter().GetResult();
        using var world = new World(seed, payments, bug, tells, installation);
        var violations = world.Play();
        Report(seed, payments, violations);
        if (tells)
        {
            var wanted = payment != 0 ? payment : FirstNamed(violations) ?? world.Trace.Richest();
            Console.WriteLine($"Payment {wanted}:");
            foreach (var line in world.Trace.Lines(wanted))
            {
                Console.WriteLine(line);
            }
        }

        Console.WriteLine($"violations={violations.Count} payments={payments} faults={world.Faults.Count} trace={world.Trace.Hash:x16}");
        return violations.Count == 0 ? 0 : 1;
    }

    private static int Bugs(ulong within, int payments)
    {
        using var installation = Installation.Make().GetAwaiter().GetResult();
        var found = 0;
        foreach (var bug in PlantedBugs.All)
        {
            var begun = Stopwatch.GetTimestamp();
            var seed = 1UL;
            IReadOnlyList<string> violations = [];
            for (; seed <= within && violations.Count == 0; seed++)
            {
                using var world = new World(seed, payments, bug, keepsTrace: false, installation);
                violations = world.Play();
            }

            found += violations.Count > 0 ? 1 : 0;
            Console.WriteLine(violations.Count > 0
                ? $"{bug.Name}: found in seed {seed - 1} after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s: {violations[0]}"
                : $"{bug.Name}: NOT FOUND in {within} seeds. {bug.What}");
        }

        Console.WriteLine($"mutants={found}/{PlantedBugs.All.Count}");
        return found == PlantedBugs.All.Count ? 0 : 1;
    }

    private static void Report(ulong seed, int payments, IReadOnlyList<string> violations)
    {
        foreach (var violation in violations.Take(10))
        {
            Console.WriteLine($"seed {seed}: {violation}");
        }

        if (violations.Count > 0)
        {
            Console.WriteLine($"Again: ./prove sim --seed {seed} --payments {payments} --trace");
        }
    }

    private static long? FirstNamed(IReadOnlyList<string> violations)
    {
        foreach (var words in violations.Select(violation => violation.Split(' ', ':')))
        {
            if (words is ["payment", var number, ..] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var payment))
            {
                return payment;
            }
        }

        return null;
    }
}
