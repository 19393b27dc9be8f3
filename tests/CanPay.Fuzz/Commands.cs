using System.CommandLine;
using System.Globalization;
using CanPay.Fuzz.Engine;
using CanPay.Fuzz.Targets;

namespace CanPay.Fuzz;

/// <summary>What the program can be asked to do. The last line of a campaign is <c>violations=N fuzz=N</c>; 1 where there is a violation.</summary>
internal static class Commands
{
    private const long Million = 1_000_000;
    private const int LongBlocks = 100;

    /// <summary>Blocks of a long campaign begin there, so that none is one of the short.</summary>
    private const ulong LongSeeds = 1_000;

    public static RootCommand Root() => new("Gives the product's readers hostile inputs, led by what of the code they reach.")
    {
        Quick(), Long(), Run(), Repeat(), List(), Keep(), Worker(), Prepare(), Seeds(), Afl(),
    };

    private static Command Quick()
    {
        var inputs = new Option<long?>("--inputs") { Description = "To each target, however much it costs." };
        var command = new Command("quick", "5,000,000 inputs to each target, 1,000,000 to those that cost much, with the same seeds every time.") { inputs };
        command.SetAction((parsed, _) => Campaign.Run(
            AllTargets.Campaign.SelectMany(target => Blocks(target, parsed.GetValue(inputs) ?? target.QuickMillions * Million)), results: null));
        return command;

        static IEnumerable<Job> Blocks(Target target, long inputs)
        {
            for (var (seed, rest) = (1UL, inputs); rest > 0; seed++, rest -= Million)
            {
                yield return new Job(target.Name, seed, Math.Min(rest, Million));
            }
        }
    }

    private static Command Long()
    {
        var results = new Option<string>("--results") { Required = true, Description = "Takes a line for each block, and says which are done." };
        var command = new Command("long", "100,000,000 inputs to each target; what the file of results has is not done again.") { results };
        command.SetAction((parsed, _) =>
        {
            var file = parsed.GetValue(results)!;
            var done = Campaign.Done(file);
            return Campaign.Run(
                Enumerable.Range(0, LongBlocks)
                    .SelectMany(block => AllTargets.Campaign.Select(target => new Job(target.Name, LongSeeds + (ulong)block, Million)))
                    .Where(job => !done.Contains((job.Target, job.Seed))),
                file);
        });
        return command;
    }

    private static Command Run()
    {
        var target = Target();
        var inputs = new Option<long>("--inputs") { DefaultValueFactory = _ => Million };
        var seed = new Option<ulong>("--seed") { DefaultValueFactory = _ => 1 };
        var blind = new Option<bool>("--blind") { Description = "Learns nothing from what inputs reach." };
        var command = new Command("run", "One target with one seed.") { target, inputs, seed, blind };
        command.SetAction((parsed, _) => Campaign.Run(
            [new Job(AllTargets.Find(parsed.GetValue(target)!).Name, parsed.GetValue(seed), parsed.GetValue(inputs), parsed.GetValue(blind))], results: null));
        return command;
    }

    private static Command Repeat()
    {
        var target = Target();
        var input = new Argument<string>("input") { Description = "A file, or hexadecimal digits." };
        var command = new Command("repeat", "One input, with the product as it is shipped; tells what happens.") { target, input };
        command.SetAction(parsed =>
        {
            var what = parsed.GetValue(input)!;
            var bytes = File.Exists(what) ? File.ReadAllBytes(what) : Convert.FromHexString(what);
            var subject = AllTargets.Find(parsed.GetValue(target)!);
            var watch = System.Diagnostics.Stopwatch.StartNew();
            var violation = Judge.Try(subject, bytes, out var isAccepted);
            Console.WriteLine($"{(violation is not null ? $"{violation.Kind}: {violation.What}" : isAccepted ? "accepted" : "refused")}, {watch.ElapsedMilliseconds} ms the first time");
            violation ??= Judge.Alone(subject, bytes);
            Console.WriteLine($"violations={(violation is null ? 0 : 1)} fuzz=1");
            return violation is null ? 0 : 1;
        });
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "The targets.");
        command.SetAction(_ =>
        {
            foreach (var target in AllTargets.All)
            {
                Console.WriteLine($"{target.Name,-16} {target.Contract}");
            }
        });
        return command;
    }

    private static Command Keep()
    {
        var folder = new Argument<string>("folder") { Description = "Of the corpus." };
        var inputs = new Option<long>("--inputs") { DefaultValueFactory = _ => Million, Description = "To each target." };
        var command = new Command("keep", "Looks for inputs that reach something new, and writes the shortest that together reach all of it.") { folder, inputs };
        var isCopy = new Option<bool>("--here") { Hidden = true };
        command.Add(isCopy);
        command.SetAction(parsed =>
        {
            var path = Path.GetFullPath(parsed.GetValue(folder)!);
            if (!parsed.GetValue(isCopy))
            {
                return Campaign.Copied(["keep", path, "--here", "--inputs", parsed.GetValue(inputs).ToString(CultureInfo.InvariantCulture)]);
            }

            KeepCommand.Run(path, parsed.GetValue(inputs));
            return 0;
        });
        return command;
    }

    private static Command Worker()
    {
        var file = new Argument<string>("file") { Description = "Shows the input that is being run." };
        var command = new Command("worker", "Runs jobs from standard input; only of use in the instrumented copy.") { file };
        command.Hidden = true;
        command.SetAction(parsed => Campaign.Work(parsed.GetValue(file)!));
        return command;
    }

    private static Command Prepare()
    {
        var command = new Command("prepare", "Makes the instrumented copy and prints its program.");
        command.SetAction(_ => Console.WriteLine(InstrumentedCopy.Make()));
        return command;
    }

    private static Command Seeds()
    {
        var target = Target();
        var folder = new Argument<string>("folder");
        var command = new Command("seeds", "Writes a target's corpus as files, as other fuzzers want it.") { target, folder };
        command.SetAction(parsed =>
        {
            var number = 0;
            Directory.CreateDirectory(parsed.GetValue(folder)!);
            foreach (var input in Corpus.Of(AllTargets.Find(parsed.GetValue(target)!)))
            {
                File.WriteAllBytes(Path.Combine(parsed.GetValue(folder)!, $"{number++:0000}"), input);
            }
        });
        return command;
    }

    private static Command Afl()
    {
        var target = Target();
        var command = new Command("afl", "A target as a program under afl-fuzz; see eng/fuzz-afl.") { target };
        command.SetAction(parsed =>
        {
            var subject = AllTargets.Find(parsed.GetValue(target)!);
            var room = new byte[1 << 16];
            SharpFuzz.Fuzzer.Run(stream =>
            {
                var length = stream.ReadAtLeast(room, room.Length, throwOnEndOfStream: false);
                subject.Run(room.AsSpan(0, Math.Min(length, subject.MaxLength)));
            });
        });
        return command;
    }

    private static Argument<string> Target()
    {
        var target = new Argument<string>("target");
        target.AcceptOnlyFromAmong([.. AllTargets.All.Select(each => each.Name)]);
        return target;
    }
}
