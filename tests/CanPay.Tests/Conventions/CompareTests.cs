using System.Text.RegularExpressions;

namespace CanPay.Tests.Conventions;

/// <summary>Each line of docs/compare.md names tests, and those tests are there.</summary>
public sealed partial class CompareTests
{
    [Fact]
    public void What_is_said_of_us_is_proven_by_tests_that_exist()
    {
        var lines = File.ReadAllLines(Path.Combine(Programs.Root, "docs", "compare.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1).ToList();

        Assert.True(lines.Count > 15);
        foreach (var line in lines)
        {
            var proof = line.Split('|')[^2];
            var files = Links().Matches(proof).Select(link => Path.GetFullPath(Path.Combine(Programs.Root, "docs", link.Groups[1].Value))).ToList();
            Assert.True(files.Count > 0, line);
            Assert.All(files, file => Assert.True(File.Exists(file) || Directory.Exists(file), file));
            var text = string.Concat(files.Where(File.Exists).Select(File.ReadAllText));
            Assert.All(Names().Matches(proof), name => Assert.Contains($" {name.Groups[1].Value}(", text, StringComparison.Ordinal));
        }
    }

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex("`([A-Za-z0-9_]+)`")]
    private static partial Regex Names();
}
