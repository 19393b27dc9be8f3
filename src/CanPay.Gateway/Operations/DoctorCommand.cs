using System.CommandLine;
using Spectre.Console;

namespace CanPay.Gateway.Operations;

/// <summary><c>canpay doctor</c>: 0 everything is true, 1 something is not, 2 it could not be checked.</summary>
internal static class DoctorCommand
{
    public static Command Make()
    {
        var quiesced = new Option<bool>("--quiesced") { Description = "Also demand what is true only when nothing is under way." };
        var journal = new Option<string?>("--network-journal") { Description = "The network's own books to compare with: a file or an address, such as http://127.0.0.1:5084/books.json." };
        var selfTest = new Option<bool>("--selftest") { Description = "Prove that every violation would be seen, on books made for it." };
        var json = new Option<bool>("--json") { Description = "For programs." };
        var command = new Command("doctor", "Checks a whole database against what must always be true. Reads only; may run beside serve.")
        {
            quiesced, journal, selfTest, json,
        };
        command.SetAction(async (parsed, ct) =>
        {
            if (parsed.GetValue(selfTest))
            {
                await using var settings = Tool.OpenNothing();
                return Report(await SelfTest.Run(settings.Engine, ct), parsed.GetValue(json));
            }

            await using var tool = await Tool.Open(ct);
            var findings = (await Doctor.Examine(tool.Engine, parsed.GetValue(quiesced), tool.Clock.GetUtcNow(), ct)).ToList();
            if (parsed.GetValue(journal) is { } source)
            {
                await using var books = await tool.Books(ct);
                if (await NetworkJournal.Compare(books, source, ct) is { } difference)
                {
                    findings.Add(difference);
                }
            }

            return Report(findings, parsed.GetValue(json));
        });
        return command;
    }

    private static int Report(List<Finding> findings, bool asJson)
    {
        if (asJson)
        {
            Tool.PrintJson(new { clean = findings.Count == 0, findings });
        }
        else if (findings.Count == 0)
        {
            Console.WriteLine($"Everything is true: {Invariant.All.Count + 1} invariants hold.");
        }
        else
        {
            var table = new Table().AddColumns("invariant", "count", "what must be true", "for example");
            foreach (var finding in findings)
            {
                table.AddRow(new[] { finding.Invariant, $"{finding.Count}", finding.Meaning, string.Join('\n', finding.Examples) }.Select(Markup.Escape).ToArray());
            }

            Tool.Print(table);
        }

        return findings.Count == 0 ? CommandLine.Done : CommandLine.No;
    }

    private static int Report(IReadOnlyList<(string Name, bool Passed)> results, bool asJson)
    {
        if (asJson)
        {
            Tool.PrintJson(results.Select(result => new { invariant = result.Name, seen = result.Passed }));
        }
        else
        {
            foreach (var (name, passed) in results)
            {
                Console.WriteLine($"{(passed ? "seen  " : "MISSED")}  {name}");
            }
        }

        return results.All(result => result.Passed) ? CommandLine.Done : CommandLine.No;
    }
}
