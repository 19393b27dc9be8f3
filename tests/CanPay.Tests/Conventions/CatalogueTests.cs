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
