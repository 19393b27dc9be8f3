using Microsoft.VisualBasic.FileIO;

namespace CanPay.Tests.Conventions;

/// <summary>docs/asvs.csv has every requirement of OWASP ASVS 5.0.0 of levels 1 and 2, and says of each where we stand, and what shows it.</summary>
public sealed class AsvsTests
{
    /// <summary>Each section of ASVS 5.0.0 with the levels of its requirements, in their order: 70 of level 1, 183 of level 2, 92 of level 3.</summary>
    private static readonly string[] Sections =
    [
        "1.1 22", "1.2 1111122223", "1.3 112222222223", "1.4 222", "1.5 123", "2.1 122", "2.2 112", "2.3 12223", "2.4 23",
        "3.1 3", "3.2 113", "3.3 12223", "3.4 11222233", "3.5 11122333", "3.6 3", "3.7 22333", "4.1 12233", "4.2 23333",
        "4.3 22", "4.4 1222", "5.1 2", "5.2 112333", "5.3 113", "5.4 222", "6.1 122", "6.2 111111112222", "6.3 11223333",
        "6.4 112233", "6.5 22222333", "6.6 2223", "6.7 33", "6.8 2222", "7.1 222", "7.2 1111", "7.3 22", "7.4 11222",
        "7.5 223", "7.6 22", "8.1 1233", "8.2 1123", "8.3 133", "8.4 23", "9.1 111", "9.2 1222", "10.1 22", "10.2 223",
        "10.3 22223", "10.4 1111122222233333", "10.5 22222", "10.6 22", "10.7 222", "11.1 2233", "11.2 22233", "11.3 11233",
        "11.4 1222", "11.5 23", "11.6 23", "11.7 33", "12.1 12233", "12.2 11", "12.3 22223", "13.1 2333", "13.2 222223",
        "13.3 2233", "13.4 1222233", "14.1 22", "14.2 12223333", "14.3 122", "15.1 12233", "15.2 12233", "15.3 1222222",
        "15.4 3333", "16.1 2", "16.2 22222", "16.3 2222", "16.4 222", "16.5 2223", "17.1 23", "17.2 22223333", "17.3 22",
    ];

    private sealed record Line(string Id, string Level, string Requirement, string Status, string How, string Test);

    [Fact]
    public void Every_requirement_is_there_once() => Assert.Equal(
        Sections.Select(section => section.Split(' '))
            .SelectMany(section => section[1].Select((level, i) => $"V{section[0]}.{i + 1} {level}"))
            .Where(requirement => requirement[^1] is '1' or '2'),
        Lines().Select(line => $"{line.Id} {line.Level}"));

    [Fact]
    public void The_list_of_requirements_is_the_standards() =>
        Assert.Equal((70, 183, 92), (Count('1'), Count('2'), Count('3')));

    [Fact]
    public void Every_line_says_where_we_stand_and_what_is_met_has_proof() => Assert.All(Lines(), line =>
    {
        Assert.Contains(line.Status, (string[])["met", "partly", "not met", "not applicable"]);
        Assert.NotEmpty(line.Requirement);
        Assert.NotEmpty(line.How);
        Assert.True(line.Status != "met" || line.Test.Length > 0, line.Id);
        Assert.True(line.Status != "not applicable" || line.Test.Length == 0, line.Id);
        Assert.True(!Evidence.Missing(line.Test).Any(), $"{line.Id}: {string.Join(", ", Evidence.Missing(line.Test))} is not there");
    });

    private static int Count(char level) => Sections.Sum(section => section.Split(' ')[1].Count(c => c == level));

    private static List<Line> Lines()
    {
        using var csv = new TextFieldParser(Path.Combine(Programs.Root, "docs", "asvs.csv"));
        csv.SetDelimiters(",");
        Assert.Equal(["id", "level", "requirement", "status", "how", "test"], csv.ReadFields()!);
        var lines = new List<Line>();
        while (csv.ReadFields() is { } fields)
        {
            Assert.Equal(6, fields.Length);
            lines.Add(new Line(fields[0], fields[1], fields[2], fields[3], fields[4], fields[5]));
        }

        return lines;
    }
}
