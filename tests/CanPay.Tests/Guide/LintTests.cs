using System.Diagnostics;

namespace CanPay.Tests.Guide;

/// <summary>Somebody else's rules for OpenAPI files. <c>./test</c> installs them; by hand: <c>eng/install-openapi-judge</c>.</summary>
public sealed class LintTests
{
    private static readonly string Judge = Path.Combine(Programs.Root, "artifacts", "openapi-judge", "node_modules", "@redocly", "cli", "bin", "cli.js");

    [Fact]
    public async Task Redocly_finds_nothing_in_openapi_json()
    {
        var (code, said) = await Lint(Path.Combine(Programs.Root, "docs", "openapi.json"));

        Assert.True(code == 0 && !said.Contains("Warning was generated", StringComparison.Ordinal), said);
    }

    [Fact]
    public async Task Redocly_would_find_what_is_wrong()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("canpay-lint-").FullName, "openapi.json");
        var text = await File.ReadAllTextAsync(Path.Combine(Programs.Root, "docs", "openapi.json"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            file, text.Replace("#/components/schemas/PaymentList", "#/components/schemas/Nowhere", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var (code, _) = await Lint(file);

        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        Assert.NotEqual(0, code);
    }

    private static async Task<(int Code, string Said)> Lint(string file)
    {
        Assert.True(File.Exists(Judge), "Redocly is not installed: run eng/install-openapi-judge.");

        // A shop's own page may answer the payer as it likes, so that the way back has no 4xx of ours.
        using var process = Process.Start(new ProcessStartInfo("node", [Judge, "lint", file, "--skip-rule", "operation-4xx-response"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["REDOCLY_TELEMETRY"] = "off", ["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true" },
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + error);
    }
}
