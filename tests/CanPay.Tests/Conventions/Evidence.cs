using System.Text.RegularExpressions;

namespace CanPay.Tests.Conventions;

/// <summary>What documents name as proof: it must be there.</summary>
internal static partial class Evidence
{
    private static readonly Dictionary<string, HashSet<string>> Tests = Find();

    /// <summary>What of a list of proofs is not there.</summary>
    /// <param name="proofs"><c>SomeTests.Some_claim</c>, a file from the repository's root, or <c>$ a command</c>; between semicolons.</param>
    public static IEnumerable<string> Missing(string proofs) =>
        proofs.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(proof => !IsThere(proof));

    /// <summary>What of the proofs in a table's cell is not there: links to files, and in backticks tests in those files, or as above.</summary>
    public static IEnumerable<string> MissingInCell(string cell, string folder)
    {
        var files = Links().Matches(cell).Select(link => Path.GetFullPath(Path.Combine(folder, link.Groups[1].Value))).ToList();
        var text = string.Concat(files.Where(File.Exists).Select(File.ReadAllText));
        return files.Where(file => !File.Exists(file) && !Directory.Exists(file))
            .Concat(Names().Matches(cell).Select(name => name.Groups[1].Value)
                .Where(name => name.Contains('.', StringComparison.Ordinal) ? !IsThere(name) : !text.Contains($" {name}(", StringComparison.Ordinal)));
    }

    /// <summary>The cell names something.</summary>
    public static bool IsIn(string cell) => Links().IsMatch(cell) || Names().IsMatch(cell);

    private static bool IsThere(string proof) => proof.StartsWith("$ ", StringComparison.Ordinal)
        || (proof.Split('.') is [var type, var test] && Tests.TryGetValue(type, out var tests) && tests.Contains(test))
        || (proof.Contains('/', StringComparison.Ordinal) && File.Exists(Path.Combine(Programs.Root, proof)));

    /// <summary>All tests, by the class that they are written in.</summary>
    private static Dictionary<string, HashSet<string>> Find()
    {
        var all = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Programs.Root, "tests"), "*.cs", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file);
            foreach (Match type in Classes().Matches(text))
            {
                var tests = all.TryGetValue(type.Groups[1].Value, out var known) ? known : all[type.Groups[1].Value] = new(StringComparer.Ordinal);
                tests.UnionWith(Methods().Matches(text).Select(match => match.Groups[1].Value));
            }
        }

        return all;
    }

    [GeneratedRegex(@"\]\(([^)#]+)(#[^)]*)?\)")]
    private static partial Regex Links();

    [GeneratedRegex("`([A-Za-z0-9_.]+)`")]
    private static partial Regex Names();

    [GeneratedRegex(@"class ([A-Za-z0-9]+Tests)\b")]
    private static partial Regex Classes();

    [GeneratedRegex(@"\[(?:Fact|Theory)[^\n]*(?:\n[^\n]*){0,40}?\n    public (?:async )?(?:Task|void) ([A-Z][A-Za-z0-9_]+)\(")]
    private static partial Regex Methods();
}
