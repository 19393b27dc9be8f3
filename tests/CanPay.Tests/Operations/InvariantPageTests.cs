using CanPay.Gateway.Operations;
using CanPay.Gateway.Storage;
using CanPay.Tests.Conventions;

namespace CanPay.Tests.Operations;

public sealed class InvariantPageTests
{
    [Fact]
    public void Every_invariant_has_a_name_of_its_own_a_reason_and_a_planted_violation()
    {
        Assert.Equal(Invariant.All.Count, Invariant.All.Select(invariant => invariant.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(
            Invariant.All.Select(invariant => invariant.Name).Append(Doctor.SchemaIsOurs).Order(StringComparer.Ordinal),
            InvariantPage.Why.Keys.Order(StringComparer.Ordinal));
        Assert.All(Invariant.All, invariant => Assert.All(Enum.GetValues<EngineKind>(), engine => Assert.All(invariant.PlantsOn(engine), Assert.NotEmpty)));
    }

    /// <summary>CANPAY_WRITE_DOCS=1 writes the page anew.</summary>
    [Fact]
    public void The_published_page_is_what_the_doctor_asks()
    {
        var file = Path.Combine(Programs.Root, "docs", "invariants.md");
        if (Environment.GetEnvironmentVariable("CANPAY_WRITE_DOCS") == "1")
        {
            File.WriteAllText(file, InvariantPage.Markdown());
        }

        Assert.Equal(InvariantPage.Markdown(), File.ReadAllText(file));
    }

    [Fact]
    public void Tests_that_the_page_names_are_there() => Assert.Empty(
        InvariantPage.Markdown().Split('\n').SkipWhile(line => line != "## What is kept otherwise").Where(line => line.Contains("Tests.", StringComparison.Ordinal))
            .SelectMany(line => System.Text.RegularExpressions.Regex.Matches(line, "`([A-Za-z]+Tests\\.[A-Za-z0-9_]+)`").Select(match => match.Groups[1].Value))
            .SelectMany(Evidence.Missing));
}
