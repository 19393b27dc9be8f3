using System.Text.RegularExpressions;

namespace CanPay.Tests.Faults;

/// <summary>A little of what <c>CanPay.Faults</c> does for hours: it kills, compares three books, and falsifies them to see that it would see.</summary>
public sealed partial class FaultProgramTests
{
    private const int Cycles = 2;

    [Fact]
    public async Task Gateways_that_die_where_they_are_ordered_to_leave_three_books_that_agree()
    {
        var said = await Processes.Run(Programs.Faults, new Dictionary<string, string>(), "kills", "--cycles", $"{Cycles}");

        Assert.Matches($"violations=0 payments=[1-9][0-9]* kills={Cycles} cuts=0 faults=0$", said.TrimEnd());
        var falsified = Falsified().Match(said);
        Assert.True(falsified.Success, said);
        Assert.Equal(falsified.Groups["made"].Value, falsified.Groups["seen"].Value);
    }

    [GeneratedRegex("of (?<made>[0-9]+) falsifications of the books (?<seen>[0-9]+) were seen", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Falsified();
}
