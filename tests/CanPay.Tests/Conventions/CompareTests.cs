namespace CanPay.Tests.Conventions;

/// <summary>Each line of docs/compare.md names tests, and those tests are there.</summary>
public sealed class CompareTests
{
    [Fact]
    public void What_is_said_of_us_is_proven_by_tests_that_exist()
    {
        var docs = Path.Combine(Programs.Root, "docs");
        var lines = File.ReadAllLines(Path.Combine(docs, "compare.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1).ToList();

        Assert.True(lines.Count > 15);
        Assert.All(lines, line =>
        {
            var proof = line.Split('|')[^2];
            Assert.Contains("](", proof, StringComparison.Ordinal);
            Assert.Empty(Evidence.MissingInCell(proof, docs));
        });
    }

    /// <summary>The checker can fail.</summary>
    [Fact]
    public void Proofs_that_are_not_there_are_seen()
    {
        var docs = Path.Combine(Programs.Root, "docs");

        Assert.Equal(
            ["CompareTests.There_is_no_such_test", "docs/none.md", "NoTests.Some"],
            Evidence.Missing("CompareTests.There_is_no_such_test; docs/compare.md; docs/none.md; NoTests.Some; $ true; CompareTests.Proofs_that_are_not_there_are_seen"));
        Assert.Equal(2, Evidence.MissingInCell("[x](../tests/none.cs) `CompareTests.None` `CompareTests.Proofs_that_are_not_there_are_seen`", docs).Count());
        Assert.Single(Evidence.MissingInCell("[x](compare.md) `None_of_these`", docs));
    }
}
