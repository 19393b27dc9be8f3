using CanPay.Fuzz.Engine;
using CanPay.Fuzz.Targets;

namespace CanPay.Fuzz;

/// <summary>Lets the corpus grow by what was found.</summary>
internal static class KeepCommand
{
    private const string Heading = "# Found: each reaches something that those before it do not.";

    /// <summary>Lines that were written by hand stay; what was found before is thinned out together with the new.</summary>
    public static void Run(string folder, long inputs)
    {
        var file = Path.GetTempFileName();
        using var current = new CurrentInput(file);
        foreach (var target in AllTargets.Campaign)
        {
            var path = Path.Combine(folder, target.Name + ".txt");
            var written = File.Exists(path) ? File.ReadAllLines(path).TakeWhile(line => line != Heading).ToList() : [];
            var byHand = written.Where(line => line.Length > 0 && line[0] != '#').Select(Corpus.Parse).ToList();
            var block = new Block(target, [.. Corpus.Of(target)], current);
            block.Run(new Job(target.Name, 1, inputs));
            var seen = new Coverage.EdgeSet();
            foreach (var input in byHand)
            {
                Reaches(target, input, seen);
            }

            var found = block.Corpus.Where(input => input.Length <= 512).OrderBy(input => input.Length).Where(input => Reaches(target, input, seen)).ToList();
            File.WriteAllLines(path, [.. written, Heading, .. found.Select(input => Corpus.Line(input))]);
            Console.WriteLine($"{target.Name,-16} {byHand.Count} by hand, {found.Count} found, {seen.Count} edges");
        }

        File.Delete(file);
    }

    private static bool Reaches(Target target, byte[] input, Coverage.EdgeSet seen)
    {
        Coverage.Forget();
        _ = Judge.Try(target, input, out _);
        var isNew = Coverage.HasNew(seen);
        Coverage.AddTo(seen);
        return isNew;
    }
}
