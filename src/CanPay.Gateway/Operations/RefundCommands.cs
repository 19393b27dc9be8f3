using System.CommandLine;
using System.Globalization;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Refunds;
using CanPay.Gateway.Storage;
using Microsoft.EntityFrameworkCore;
using Spectre.Console;

namespace CanPay.Gateway.Operations;

/// <summary><c>canpay refund list|show|paid|failed|retry</c></summary>
internal static class RefundCommands
{
    private const int MostLines = 1_000;

    private static readonly Argument<long> Id = new("ID") { Description = "The refund's number, as the list shows it." };
    private static readonly Option<bool> Json = new("--json") { Description = "For programs." };

    public static Command Make() => new("refund", "Money of verified payments on its way back.") { List(), Show(), Paid(), NotPaid(), Retry() };

    private static Command List()
    {
        var all = new Option<bool>("--all") { Description = $"Also those that are over, the latest {MostLines}." };
        var command = new Command("list", "Refunds that are not over: those that wait for a bank transfer, and those with the network.") { all, Json };
        command.SetAction(async (parsed, ct) =>
        {
            await using var tool = await Tool.Open(ct);
            await using var books = await tool.Books(ct);
            var rows = await books.Refunds.AsNoTracking()
                .Where(row => parsed.GetValue(all) || row.EndedAtMs == null)
                .OrderByDescending(row => row.Id).Take(MostLines)
                .Join(books.Payments, row => row.PaymentId, payment => payment.Id, (row, payment) => new { row, payment.Token })
                .ToListAsync(ct);
            Print([.. rows.OrderBy(line => line.row.Id).Select(line => new RefundLine(line.row, line.Token))], parsed.GetValue(Json));
            return CommandLine.Done;
        });
        return command;
    }

    private static Command Show()
    {
        var command = new Command("show", "One refund. For its postings and messages see canpay payment show.") { Id, Json };
        command.SetAction(async (parsed, ct) =>
        {
            await using var tool = await Tool.Open(ct);
            return await ShowOne(tool, parsed.GetValue(Id), parsed.GetValue(Json), ct);
        });
        return command;
    }

    private static Command Paid()
    {
        var reference = new Option<string>("--reference") { Description = "By which the transfer is found at the bank, 1 to 100 characters.", Required = true };
        var command = new Command("paid",
            "The bank transfer was made; or, of a card refund that was put aside, the network's statement shows the credit.") { Id, reference, Json };
        command.SetAction((parsed, ct) => End(
            parsed, (refund, now) => refund.Paid(Sized(parsed.GetValue(reference)!, 100, "--reference"), now), ct));
        return command;
    }

    private static Command NotPaid()
    {
        var reason = new Option<string>("--reason") { Description = "What the merchant is told, 1 to 500 characters.", Required = true };
        var command = new Command("failed",
            "It will not be paid: the merchant has its money again. A card refund that was put aside only when the network's statement shows no credit.")
        {
            Id, reason, Json,
        };
        command.SetAction((parsed, ct) => End(
            parsed, (refund, now) => refund.NotPaid(Sized(parsed.GetValue(reason)!, 500, "--reason"), now), ct));
        return command;
    }

    private static Command Retry()
    {
        var command = new Command("retry", "Makes a card refund that was put aside due again, now.") { Id };
        command.SetAction(async (parsed, ct) =>
        {
            await using var tool = await Tool.Open(ct);
            var isDue = await tool.Refunds.Retry(new RefundId(parsed.GetValue(Id)));
            Console.WriteLine(isDue ? "It is due now; the next round of the jobs takes it." : "It was not put aside: nothing was changed.");
            return isDue ? CommandLine.Done : CommandLine.No;
        });
        return command;
    }

    private static async Task<int> End(ParseResult parsed, Func<Refund, DateTimeOffset, Result<Refund>> move, CancellationToken ct)
    {
        await using var tool = await Tool.Open(ct);
        var id = parsed.GetValue(Id);
        if (await tool.Refunds.Find(new RefundId(id), ct) is not { } refund)
        {
            return NotFound(id);
        }

        var now = tool.Clock.Now();
        if (move(refund, now).Refused(out _, out var ended) || !await tool.Refunds.Apply(new RefundChange(refund, ended, now)))
        {
            await Console.Error.WriteLineAsync($"canpay: refund {id} does not wait for an operator: nothing was changed. See canpay refund show {id}.");
            return CommandLine.No;
        }

        return await ShowOne(tool, id, parsed.GetValue(Json), ct);
    }

    private static async Task<int> ShowOne(Tool tool, long id, bool asJson, CancellationToken ct)
    {
        await using var books = await tool.Books(ct);
        if (await books.Refunds.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, ct) is not { } row)
        {
            return NotFound(id);
        }

        Print([new RefundLine(row, await books.Payments.Where(payment => payment.Id == row.PaymentId).Select(payment => payment.Token).SingleAsync(ct))], asJson);
        return CommandLine.Done;
    }

    private static int NotFound(long id)
    {
        Console.Error.WriteLine($"canpay: there is no refund {id}.");
        return CommandLine.No;
    }

    private static string Sized(string text, int most, string option) => text.Trim() is { Length: >= 1 } trimmed && trimmed.Length <= most
        ? trimmed
        : throw new StartException($"{option} takes 1 to {most} characters.");

    private static void Print(IReadOnlyList<RefundLine> lines, bool asJson)
    {
        if (asJson)
        {
            Tool.PrintJson(lines);
            return;
        }

        Tool.Print(TableOf("refunds", lines.Select(line => line.Row), lines.Select(line => line.Token)));
    }

    /// <summary>Also for a payment's history.</summary>
    public static Table TableOf(string title, IEnumerable<RefundRow> rows, IEnumerable<string> tokens)
    {
        var table = new Table().Title(title).AddColumns("id", "token", "refund_id", "rials", "method", "status", "asked", "over", "RRN or reference", "note");
        foreach (var (row, token) in rows.Zip(tokens))
        {
            var note = row.Failure ?? (row is { Status: nameof(RefundStatus.Sending), DueAtMs: null } ? "PUT ASIDE: " : "") + row.JobNote;
            table.AddRow(new[]
            {
                row.Id.ToString(CultureInfo.InvariantCulture), token, row.RefundId, row.AmountRials.ToString("N0", CultureInfo.InvariantCulture), row.Method,
                row.Status, Tool.Time(row.CreatedAtMs), Tool.Time(row.EndedAtMs), row.Rrn ?? row.BankReference ?? "", note,
            }.Select(Markup.Escape).ToArray());
        }

        return table;
    }

    private sealed record RefundLine(RefundRow Row, string Token)
    {
        public long Id => Row.Id;

        public string Status => Row.Status;
    }
}
