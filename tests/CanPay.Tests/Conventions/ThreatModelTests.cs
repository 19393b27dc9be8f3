namespace CanPay.Tests.Conventions;

/// <summary>Each threat of docs/threat-model.md names tests that exist, or says that nothing stands against it.</summary>
public sealed class ThreatModelTests
{
    private const string NotDefended = "**not defended**";

    [Fact]
    public void What_stands_against_a_threat_is_shown_by_tests_that_exist()
    {
        var threats = Threats(File.ReadAllLines(Path.Combine(Programs.Root, "docs", "threat-model.md")));

        Assert.True(threats.Count > 50);
        Assert.Empty(threats.SelectMany(Faults));
    }

    /// <summary>The check can fail.</summary>
    [Theory]
    [InlineData("| S | somebody | a lock | |")]
    [InlineData("| S | somebody | a lock | `ThreatModelTests.No_such_test` |")]
    [InlineData("| Q | somebody | a lock | `CompareTests.What_is_said_of_us_is_proven_by_tests_that_exist` |")]
    public void A_threat_without_proof_is_seen(string line) => Assert.NotEmpty(Threats(["| | threat |", "|---|", line]).SelectMany(Faults));

    private static IEnumerable<string> Faults(string[] cells)
    {
        if (cells[0].Length == 0 || cells[0].Any(letter => !"STRIDE ".Contains(letter, StringComparison.Ordinal)))
        {
            yield return $"{cells[1]}: '{cells[0]}' is no kind of threat";
        }

        if (!Evidence.IsIn(cells[3]) && !cells[2].Contains(NotDefended, StringComparison.Ordinal))
        {
            yield return $"{cells[1]}: neither a test nor {NotDefended}";
        }

        foreach (var missing in Evidence.MissingInCell(cells[3], Path.Combine(Programs.Root, "docs")))
        {
            yield return $"{cells[1]}: {missing} is not there";
        }
    }

    private static List<string[]> Threats(IEnumerable<string> lines) =>
    [
        .. lines.SkipWhile(line => !line.StartsWith("| | threat |", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| | threat |", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1]),
    ];
}
