using System.IO.Compression;
using System.Xml.Linq;

namespace CanPay.Tests.Client;

/// <summary>What merchants' programmers install, as the build of the solution packs it.</summary>
public sealed class PackageTests
{
    private static string Folder => Path.Combine(Programs.Root, "artifacts", "package", new DirectoryInfo(AppContext.BaseDirectory).Name);

    [Theory]
    [InlineData("CanPay.Client", new string[0], new string[0])]
    [InlineData("CanPay.Client.AspNetCore", new[] { "CanPay.Client" }, new[] { "Microsoft.AspNetCore.App" })]
    [InlineData("CanPay.Client.Testing", new[] { "CanPay.Client" }, new string[0])]
    public void A_package_has_all_that_it_should_and_needs_nothing_else(string name, string[] packages, string[] frameworks)
    {
        using var package = Open(name, "nupkg");
        var nuspec = XDocument.Load(package.GetEntry(name + ".nuspec")!.Open()).Root!;
        XNamespace space = nuspec.Name.Namespace;

        foreach (var framework in new[] { "net8.0", "net10.0" })
        {
            Assert.NotNull(package.GetEntry($"lib/{framework}/{name}.dll"));
            Assert.NotNull(package.GetEntry($"lib/{framework}/{name}.xml"));
        }

        Assert.Contains("```csharp", new StreamReader(package.GetEntry("README.md")!.Open()).ReadToEnd(), StringComparison.Ordinal);
        Assert.Equal((128, 128), Size(package.GetEntry("icon.png")!));
        var metadata = nuspec.Element(space + "metadata")!;
        Assert.Equal("Apache-2.0", metadata.Element(space + "license")!.Value);
        Assert.Equal("icon.png", metadata.Element(space + "icon")!.Value);
        Assert.Equal("README.md", metadata.Element(space + "readme")!.Value);
        Assert.NotEqual("Package Description", metadata.Element(space + "description")!.Value);
        Assert.Equal(["net10.0", "net8.0"], metadata.Descendants(space + "dependencies").Elements(space + "group").Select(Framework).Order(StringComparer.Ordinal));
        Assert.All(
            metadata.Descendants(space + "dependencies").Elements(space + "group"),
            group => Assert.Equal(packages, group.Elements(space + "dependency").Select(dependency => dependency.Attribute("id")!.Value)));
        Assert.Equal(frameworks, metadata.Descendants(space + "frameworkReference").Select(f => f.Attribute("name")!.Value).Distinct(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("CanPay.Client")]
    [InlineData("CanPay.Client.AspNetCore")]
    [InlineData("CanPay.Client.Testing")]
    public void Its_symbols_are_packed_beside_it(string name)
    {
        using var symbols = Open(name, "snupkg");

        Assert.NotNull(symbols.GetEntry($"lib/net8.0/{name}.pdb"));
        Assert.NotNull(symbols.GetEntry($"lib/net10.0/{name}.pdb"));
    }

    private static ZipArchive Open(string name, string extension)
    {
        var file = Directory.GetFiles(Folder, $"{name}.*.{extension}").SingleOrDefault(file => char.IsAsciiDigit(Path.GetFileName(file)[name.Length + 1]));
        Assert.True(file is not null, $"There is no package {name}: dotnet build CanPay.slnx makes it.");
        return ZipFile.OpenRead(file);
    }

    private static string Framework(XElement group) => group.Attribute("targetFramework")!.Value;

    private static (int Width, int Height) Size(ZipArchiveEntry png)
    {
        var header = new byte[24];
        using var stream = png.Open();
        stream.ReadExactly(header);
        return (header[19] | (header[18] << 8), header[23] | (header[22] << 8));
    }
}
