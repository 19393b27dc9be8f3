using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CanPay.Fuzz.Engine;
using CanPay.Fuzz.Targets;

namespace CanPay.Fuzz;

/// <summary>Runs jobs in the instrumented copy and says what became of them.</summary>
internal static class Campaign
{
    /// <returns>The exit code.</returns>
    public static async Task<int> Run(IEnumerable<Job> jobs, string? results)
    {
        var program = InstrumentedCopy.Make();
        var totals = new SortedDictionary<string, (long Inputs, long Accepted, int Edges, int Found, double Seconds)>(StringComparer.Ordinal);
        var violations = new Dictionary<string, Violation>(StringComparer.Ordinal);
        var watch = Stopwatch.StartNew();
        await new Pool(program, Environment.ProcessorCount).Run(jobs, result =>
        {
            var sum = totals.GetValueOrDefault(result.Target);
            totals[result.Target] = (sum.Inputs + result.Inputs, sum.Accepted + result.Accepted, Math.Max(sum.Edges, result.Edges),
                Math.Max(sum.Found, result.Found), sum.Seconds + result.Seconds);
            foreach (var violation in result.Violations.Where(each => violations.TryAdd(each.Key(), each)))
            {
                Tell(violation);
            }

            if (results is not null)
            {
                File.AppendAllText(results, string.Create(CultureInfo.InvariantCulture,
                    $"{result.Target} {result.Seed} {result.Inputs} {result.Violations.Count} {result.Accepted} {result.Edges} {result.Seconds:0.0}\n"));
            }
        });
        foreach (var (target, sum) in totals)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{target,-16} {sum.Inputs,12:N0} inputs {sum.Accepted * 100.0 / sum.Inputs,5:0.0} % accepted {sum.Edges,6} edges {sum.Found,5} found {sum.Inputs / Math.Max(0.001, sum.Seconds),10:N0}/s of a processor"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds:0} s"));
        Console.WriteLine($"violations={violations.Count} fuzz={totals.Values.Sum(sum => sum.Inputs)}");
        return violations.Count == 0 ? 0 : 1;
    }

    /// <summary>Blocks that a file of results has.</summary>
    public static HashSet<(string Target, ulong Seed)> Done(string file) => File.Exists(file)
        ? [.. File.ReadLines(file).Select(line => line.Split(' ')).Where(words => words.Length == 7)
            .Select(words => (words[0], ulong.Parse(words[1], CultureInfo.InvariantCulture)))]
        : [];

    /// <summary>The jobs of standard input, one a line, in this process.</summary>
    public static void Work(string file)
    {
        using var current = new CurrentInput(file);
        while (Console.ReadLine() is { } line)
        {
            var job = JsonSerializer.Deserialize<Job>(line)!;
            var target = AllTargets.Find(job.Target);
            Console.WriteLine(JsonSerializer.Serialize(new Block(target, Corpus.Of(target), current).Run(job)));
        }
    }

    /// <summary>Runs the instrumented copy with other arguments.</summary>
    public static int Copied(IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [InstrumentedCopy.Make(), .. arguments]))!;
        process.WaitForExit();
        return process.ExitCode;
    }

    private static void Tell(Violation violation)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "../../../fuzz/violations");
        Directory.CreateDirectory(folder);
        var bytes = Convert.FromHexString(violation.Hex);
        var file = Path.GetFullPath(Path.Combine(folder, $"{violation.Target}-{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))[..12]}"));
        File.WriteAllBytes(file, bytes);
        Console.WriteLine($"VIOLATION {violation.Target} {violation.Kind}: {violation.What}");
        Console.WriteLine($"  input:  {violation.Hex}");
        Console.WriteLine($"  reads:  {Corpus.Line(bytes)}");
        Console.WriteLine($"  repeat: {Environment.ProcessPath} repeat {violation.Target} {file}");
    }
}
