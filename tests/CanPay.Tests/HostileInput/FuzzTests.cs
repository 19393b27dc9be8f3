using System.Diagnostics;
using System.Text.RegularExpressions;

namespace CanPay.Tests.HostileInput;

/// <summary>The fuzzer over all its targets for a moment, and that it finds what was planted.</summary>
public sealed partial class FuzzTests
{
    private const int InputsEach = 20_000;

    [Fact]
    public async Task No_hostile_input_breaks_a_reader()
    {
        var (code, text) = await Fuzz("quick", "--inputs", $"{InputsEach}");

        Assert.True(code == 0, text);
        var totals = Totals().Match(text);
        Assert.Equal("0", totals.Groups["violations"].Value);
        Assert.True(long.Parse(totals.Groups["inputs"].Value) >= 15 * InputsEach, text);
    }

    [Fact]
    public async Task A_planted_fault_is_found_by_looking_at_what_inputs_reach_and_not_by_chance()
    {
        var (code, text) = await Fuzz("run", "planted-fault", "--inputs", "1000000");
        var (blindCode, blindText) = await Fuzz("run", "planted-fault", "--inputs", "1000000", "--blind");

        Assert.True(code == 1 && text.Contains("c35a17e871b4", StringComparison.Ordinal), text);
        Assert.True(blindCode == 0, blindText);
    }

    [Theory]
    [InlineData("planted-delay", "slow")]
    [InlineData("planted-memory", "memory")]
    [InlineData("planted-end", "crash")]
    public async Task An_input_that_is_slow_or_greedy_or_ends_the_process_is_found_and_repeated(string target, string kind)
    {
        var (code, text) = await Fuzz("run", target, "--inputs", "20000");

        Assert.Equal(1, code);
        Assert.Contains($"VIOLATION {target} {kind}", text, StringComparison.Ordinal);
        Assert.Matches($"repeat {target} ", text);
    }

    private static async Task<(int Code, string Text)> Fuzz(params string[] arguments)
    {
        using var program = Process.Start(new ProcessStartInfo(Programs.Fuzz, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = program.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var text = await program.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (program.ExitCode, text + await errors);
    }

    [GeneratedRegex(@"violations=(?<violations>\d+) fuzz=(?<inputs>\d+)\s*$", RegexOptions.ExplicitCapture)]
    private static partial Regex Totals();
}
