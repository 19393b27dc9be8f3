using System.CommandLine;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage;
using Microsoft.EntityFrameworkCore;
using Spectre.Console;

namespace CanPay.Gateway.Operations;

/// <summary><c>canpay hold on|off|status</c>: no payment begins while it is on; verify, reversals and jobs go on.</summary>
internal static class HoldCommands
{
    private static readonly Option<bool> Json = new("--json") { Description = "For programs." };

    public static Command Make() => new("hold", "No new payments until further notice; what was begun goes on.") { On(), Off(), Status() };

    private static Command On()
    {
        var reason = new Option<string>("--reason") { Description = "What to tell whoever asks, 1 to 500 characters.", Required = true };
        var command = new Command("on", "Holds new payments. Returns when every node obeys.") { reason };
        command.SetAction(async (parsed, ct) =>
        {
            if (parsed.GetValue(reason)!.Length is 0 or > 500)
            {
                throw new StartException("--reason takes 1 to 500 characters.");
            }

            await using var tool = await Tool.Open(ct);
            await using var books = await tool.Books(ct);
            if (await books.Holds.SingleOrDefaultAsync(row => row.ReleasedAtMs == null, ct) is { } open)
            {
                Console.WriteLine($"New payments are held already, since {Tool.Time(open.PlacedAtMs)}: {open.Reason}");
                return CommandLine.Done;
            }

            books.Holds.Add(new HoldRow { Reason = parsed.GetValue(reason)!, IsAfterRestore = false, PlacedAtMs = tool.Clock.GetUtcNow().ToUnixTimeMilliseconds() });
            await books.SaveChangesAsync(ct);
            await Task.Delay(HoldGate.Freshness, ct);
            Console.WriteLine("New payments are held on every node. Verify, reversals and jobs go on.");
            return CommandLine.Done;
        });
        return command;
    }

    private static Command Off()
    {
        var journal = new Option<string?>("--network-journal")
        {
            Description = "The network's own books, complete up to now: a file or an address. Needed after a restore.",
        };
        var handedOver = new Option<string?>("--handed-over")
        {
            Description = "To whom the list of purchases that only the network knows was given: they do not keep the hold on then.",
        };
        var hours = new Option<int>("--verify-within-hours")
        {
            Description = "After a restore: how long merchants may repeat the verify of a payment that was under way at the backup's moment.",
            DefaultValueFactory = _ => 24,
        };
        var command = new Command("off", "Lets payments begin again; after a restore only if the network's books and ours agree.")
        {
            journal, handedOver, hours, Json,
        };
        command.SetAction(async (parsed, ct) =>
        {
            await using var tool = await Tool.Open(ct);
            await using var books = await tool.Books(ct);
            if (await books.Holds.SingleOrDefaultAsync(row => row.ReleasedAtMs == null, ct) is not { } hold)
            {
                Console.WriteLine("Nothing is held.");
                return CommandLine.Done;
            }

            var note = parsed.GetValue(journal) is { } source
                ? await Reconcile(tool, books, hold, source, TimeSpan.FromHours(parsed.GetValue(hours)), parsed.GetValue(handedOver), parsed.GetValue(Json), ct)
                : !hold.IsAfterRestore ? "released by an operator"
                : throw new StartException("After a restore a hold ends only with --network-journal: what the network holds and these books do not know must be found first.");
            if (note is null)
            {
                return CommandLine.No;
            }

            (hold.ReleasedAtMs, hold.ReleaseNote) = (tool.Clock.GetUtcNow().ToUnixTimeMilliseconds(), note);
            await books.SaveChangesAsync(ct);
            await Console.Error.WriteLineAsync($"Payments may begin again: {note}.");
            return CommandLine.Done;
        });
        return command;
    }

    /// <returns>What to note of the release, or nothing where the hold stays.</returns>
    private static async Task<string?> Reconcile(
        Tool tool, CanPayContext books, HoldRow hold, string source, TimeSpan window, string? handedOver, bool asJson, CancellationToken ct)
    {
        var journal = await NetworkJournal.Open(source, ct);
        if (hold.IsAfterRestore)
        {
            var (reopened, returned) = await AfterRestore.Settle(books, tool.Store, journal, window, tool.Clock.GetUtcNow(), ct);
            await Console.Error.WriteLineAsync($"Of the payments put aside {reopened} may be verified for {window.TotalHours} hours more, {returned} are returned.");
        }

        var differences = await journal.Differences(books, ct);
        Print(differences, asJson);
        if (differences.Count == 0)
        {
            return "the network's books and ours agree";
        }

        if (handedOver is not null && differences.All(difference => difference.Unknown is not null))
        {
            return $"{differences.Count} purchases that only the network knows, handed over: {handedOver}";
        }

        await Console.Error.WriteLineAsync(
            "canpay: the hold stays. What is being returned needs some seconds: try again. Purchases that only the network knows go to the "
            + "acquirer with this list; then add --handed-over.");
        return null;
    }

    private static Command Status()
    {
        var command = new Command("status", "Whether new payments are held, since when and why.") { Json };
        command.SetAction(async (parsed, ct) =>
        {
            await using var tool = await Tool.Open(ct);
            await using var books = await tool.Books(ct);
            var hold = await books.Holds.AsNoTracking().SingleOrDefaultAsync(row => row.ReleasedAtMs == null, ct);
            var putAside = await AfterRestore.PutAsideCount(books, ct);
            if (parsed.GetValue(Json))
            {
                Tool.PrintJson(new { held = hold is not null, hold?.Reason, since = Tool.Time(hold?.PlacedAtMs), after_restore = hold is { IsAfterRestore: true }, put_aside = putAside });
            }
            else
            {
                Console.WriteLine(hold is null
                    ? "Nothing is held."
                    : $"New payments are held since {Tool.Time(hold.PlacedAtMs)}{(hold.IsAfterRestore ? ", after a restore" : "")}: {hold.Reason}");
                if (putAside > 0)
                {
                    Console.WriteLine($"{putAside} payments are put aside until the network's books are there.");
                }
            }

            return CommandLine.Done;
        });
        return command;
    }

    private static void Print(IReadOnlyList<Difference> differences, bool asJson)
    {
        if (asJson)
        {
            Tool.PrintJson(differences.Select(difference => new
            {
                difference.Rrn,
                difference.What,
                difference.Unknown?.Stan,
                difference.Unknown?.Amount,
                difference.Unknown?.Card,
                difference.Unknown?.Terminal,
                difference.Unknown?.LocalTime,
            }));
        }
        else if (differences.Count > 0)
        {
            var table = new Table().AddColumns("RRN", "difference", "STAN", "rials", "card", "terminal", "local time");
            foreach (var difference in differences)
            {
                var there = difference.Unknown;
                table.AddRow(new[]
                {
                    difference.Rrn, difference.What, there?.Stan, $"{there?.Amount}", there?.Card, there?.Terminal, there?.LocalTime,
                }.Select(text => Markup.Escape(text ?? "")).ToArray());
            }

            Tool.Print(table);
        }
    }
}
