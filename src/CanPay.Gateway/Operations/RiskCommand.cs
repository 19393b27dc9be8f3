using System.CommandLine;
using System.Globalization;
using CanPay.Gateway.Storage;
using Microsoft.EntityFrameworkCore;
using Spectre.Console;

namespace CanPay.Gateway.Operations;

/// <summary><c>canpay risk</c>: where cards are declined.</summary>
internal static class RiskCommand
{
    private const int Lines = 10;

    public static Command Make()
    {
        var minutes = new Option<int>("--minutes") { Description = "How far to look back, 1 to 1440.", DefaultValueFactory = _ => 10 };
        var json = new Option<bool>("--json") { Description = "For programs." };
        var command = new Command("risk", "Shops, addresses and BINs by the cards that issuers declined lately.") { minutes, json };
        command.SetAction(async (parsed, ct) =>
        {
            var back = parsed.GetValue(minutes);
            if (back is < 1 or > 1_440)
            {
                throw new Kernel.StartException("--minutes takes 1 to 1440.");
            }

            await using var tool = await Tool.Open(ct);
            await using var books = await tool.Books(ct);
            var since = tool.Clock.GetUtcNow().AddMinutes(-back).ToUnixTimeMilliseconds();
            var declined = await books.DeclinedAttempts.AsNoTracking().Where(row => row.AtMs >= since).ToListAsync(ct);
            var codes = await books.Merchants.AsNoTracking().ToDictionaryAsync(row => row.Id, row => row.Code, ct);
            var lines = new[]
            {
                Top("shop", declined, row => codes.GetValueOrDefault(row.MerchantId, "?")),
                Top("address", declined, row => row.Network),
                Top("BIN", declined, row => row.Bin),
            };
            if (parsed.GetValue(json))
            {
                Tool.PrintJson(lines.SelectMany(group => group));
                return CommandLine.Done;
            }

            var table = new Table().AddColumn("of").AddColumn("which").AddColumn(new TableColumn("declines").RightAligned())
                .AddColumn(new TableColumn("cards").RightAligned());
            foreach (var line in lines.SelectMany(group => group))
            {
                table.AddRow(line.Of, line.Which, Number(line.Declines), Number(line.Cards));
            }

            Tool.Print(table);
            return CommandLine.Done;
        });
        return command;
    }

    private static IEnumerable<Line> Top(string of, List<DeclinedAttemptRow> declined, Func<DeclinedAttemptRow, string> by) => declined
        .GroupBy(by, StringComparer.Ordinal)
        .Select(group => new Line(of, group.Key, group.Count(), group.Select(row => row.CardHash).Distinct(StringComparer.Ordinal).Count()))
        .OrderByDescending(line => line.Declines)
        .Take(Lines);

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private sealed record Line(string Of, string Which, int Declines, int Cards);
}
