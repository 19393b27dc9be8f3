using System.CommandLine;
using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Operations;

/// <summary><c>canpay storage restored|copy</c></summary>
internal static class StorageCommands
{
    public static Command Make()
    {
        var reason = new Option<string>("--reason")
        {
            Description = "What to tell whoever asks.",
            DefaultValueFactory = _ => "restored from a backup",
        };
        var skip = new Option<int?>("--skip-trace-numbers")
        {
            Description = $"How many to skip: more than were given since the backup's moment. Default: {AfterRestore.TraceNumbersToSkip}, once.",
        };
        skip.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > AfterRestore.MostTraceNumbersToSkip)
            {
                result.AddError($"--skip-trace-numbers takes 1 to {AfterRestore.MostTraceNumbersToSkip}.");
            }
        });
        var json = new Option<bool>("--json") { Description = "For programs." };
        var command = new Command("restored",
            "To be called after the books were restored from a backup and before any node is started: holds new payments and keeps trace numbers from being given twice.")
        {
            reason, skip, json,
        };
        command.SetAction(async (parsed, ct) =>
        {
            await using var tool = await Tool.Open(ct);
            await using var books = await tool.Books(ct);
            var taken = await AfterRestore.Take(books, parsed.GetValue(reason)!, parsed.GetValue(skip), tool.Clock.GetUtcNow(), ct);
            await Task.Delay(HoldGate.Freshness, ct);
            if (parsed.GetValue(json))
            {
                Tool.PrintJson(taken);
            }
            else
            {
                Console.WriteLine($"New payments are held. {taken.SkippedTraceNumbers} trace numbers were skipped, {taken.ExpiredPayments} open payments expired,");
                Console.WriteLine($"{taken.PutAsidePayments} payments put aside that were under way at the backup's moment and may have been verified since.");
                Console.WriteLine("Next: canpay hold off --network-journal FILE|URL");
            }

            return CommandLine.Done;
        });
        return new Command("storage", "Where the books are kept.") { command, CopyCommand.Make() };
    }
}
