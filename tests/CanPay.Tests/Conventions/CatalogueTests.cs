using CanPay.Gateway.Api;

namespace CanPay.Tests.Conventions;

public sealed class CatalogueTests
{
    [Fact]
    public void Codes_and_names_are_unique()
    {
        Assert.Equal(ErrorCatalogue.All.Count, ErrorCatalogue.All.Select(refusal => refusal.Code).Distinct().Count());
        Assert.Equal(ErrorCatalogue.All.Count, ErrorCatalogue.All.Select(refusal => refusal.Name).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Names_are_snake_case() => Assert.All(ErrorCatalogue.All, refusal => Assert.Matches("^[a-z]+(_[a-z]+)*$", refusal.Name));

    /// <summary>By name in a test, or as a refusal of the page or the core.</summary>
    [Fact]
    public void Every_refusal_has_a_test_that_provokes_it()
    {
        var tests = string.Concat(Directory.EnumerateFiles(Path.Combine(Programs.Root, "tests"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));

        Assert.All(ErrorCatalogue.All, refusal => Assert.True(
            tests.Contains($"\"{refusal.Name}\"", StringComparison.Ordinal)
                || tests.Contains("PaymentRefusals." + string.Concat(refusal.Name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..])), StringComparison.Ordinal)
                || refusal.Name == "network_unavailable", // seen on the page: Without_a_line_nothing_is_begun_and_the_payer_may_try_again
            $"no test provokes {refusal.Name}"));
    }

    /// <summary>CANPAY_WRITE_DOCS=1 writes the page anew.</summary>
    [Fact]
    public void The_published_page_is_the_catalogue()
    {
        var file = Path.Combine(Programs.Root, "docs", "errors.md");
        if (Environment.GetEnvironmentVariable("CANPAY_WRITE_DOCS") == "1")
        {
            File.WriteAllText(file, ErrorCatalogue.Markdown());
        }

        Assert.Equal(ErrorCatalogue.Markdown(), File.ReadAllText(file));
    }
}
