using System.Text.RegularExpressions;

namespace CanPay.Tests.Conventions;

/// <summary>Which folder may use which; the table of docs/architecture.md as a test.</summary>
public sealed partial class DependencyTests
{
    private static readonly Dictionary<string, string[]> MayUse = new(StringComparer.Ordinal)
    {
        ["Kernel"] = [],
        ["Ledger"] = ["Kernel"],
        ["Acquiring"] = ["Kernel"],
        ["Merchants"] = ["Kernel", "Acquiring"],
        ["Payments"] = ["Kernel", "Ledger", "Merchants", "Acquiring"],
        ["Refunds"] = ["Kernel", "Ledger", "Acquiring", "Payments"],
        ["Cards"] = ["Kernel", "Acquiring"],
        ["Risk"] = ["Kernel", "Acquiring"],
        ["Webhooks"] = ["Kernel", "Payments"],
        ["Storage"] = ["Kernel", "Ledger", "Merchants", "Acquiring", "Payments", "Refunds", "Cards", "Risk", "Sandbox", "Webhooks"],
        ["Http"] = ["Kernel", "Merchants"],
        ["Api"] = ["Kernel", "Merchants", "Payments", "Refunds", "Http"],
        ["Sandbox"] = ["Kernel", "Merchants", "Payments", "Http", "Api"],
        ["Checkout"] = ["Kernel", "Acquiring", "Merchants", "Payments", "Refunds", "Cards", "Risk", "Http"],
        ["Guide"] = ["Kernel", "Http", "Api", "Checkout"],
        ["Operations"] = ["Kernel", "Acquiring", "Merchants", "Payments", "Refunds", "Cards", "Risk", "Storage", "Http", "Checkout", "Webhooks"],
    };

    [Fact]
    public void A_folder_uses_only_what_it_may()
    {
        var gateway = Path.Combine(Programs.Root, "src", "CanPay.Gateway");
        foreach (var folder in Directory.GetDirectories(gateway).Select(path => Path.GetFileName(path)!))
        {
            Assert.True(MayUse.ContainsKey(folder), $"{folder} is a new folder: say here and in docs/architecture.md what it may use");
            foreach (var file in Directory.EnumerateFiles(Path.Combine(gateway, folder), "*.cs*", SearchOption.AllDirectories))
            {
                foreach (Match match in Names().Matches(File.ReadAllText(file)))
                {
                    var used = match.Groups[1].Value;
                    Assert.True(
                        used == folder || !MayUse.ContainsKey(used) || MayUse[folder].Contains(used),
                        $"{Path.GetRelativePath(gateway, file)} uses {used}");
                }
            }
        }
    }

    [Fact]
    public void Files_are_short() => Assert.All(
        Directory.EnumerateFiles(Path.Combine(Programs.Root, "src"), "*.cs", SearchOption.AllDirectories),
        file => Assert.True(File.ReadLines(file).Count() <= 300, $"{file} is too long to be read at once"));

    [Fact]
    public void Nothing_is_left_for_later() => Assert.All(
        Directory.EnumerateFiles(Path.Combine(Programs.Root, "src"), "*.cs*", SearchOption.AllDirectories),
        file => Assert.DoesNotMatch("NotImplementedException|TODO|FIXME", File.ReadAllText(file)));

    [GeneratedRegex(@"CanPay\.Gateway\.([A-Z][A-Za-z]+)")]
    private static partial Regex Names();
}
