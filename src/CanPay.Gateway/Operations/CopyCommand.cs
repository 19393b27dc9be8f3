using System.CommandLine;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Storage.Postgres;
using Spectre.Console;

namespace CanPay.Gateway.Operations;

/// <summary><c>canpay storage copy</c></summary>
internal static class CopyCommand
{
    public static Command Make()
    {
        var from = new Option<string?>("--from-data") { Description = "The data folder with canpay.db. Default: that of the settings." };
        var to = new Option<string?>("--to") { Description = "The PostgreSQL database, as in Storage:Postgres, which is the default." };
        var owner = new Option<string?>("--to-owner") { Description = "The role that owns its tables, as in Storage:PostgresOwner, which is the default." };
        var json = new Option<bool>("--json") { Description = "For programs." };
        var copy = new Command("copy", "Moves everything from the embedded database to PostgreSQL. No gateway may run meanwhile.")
        {
            from, to, owner, json,
        };
        copy.SetAction(async (parsed, ct) =>
        {
            await using var tool = Tool.OpenNothing();
            var options = tool.Options<StorageOptions>();
            var folder = DataFolder.Open(parsed.GetValue(from) is { } path ? new StorageOptions { DataFolder = path } : options);
            await using var database = new PostgresDatabase(parsed.GetValue(to) ?? options.Postgres
                ?? throw new StartException("Where to? Name the PostgreSQL database with --to \"Host=…;Database=…;Username=…\" or Storage:Postgres."));
            var target = new PostgresEngine(database, parsed.GetValue(owner) ?? options.PostgresOwner, options.PostgresReader);
            var report = await new CopyBooks(folder.DatabaseFile, target, tool.Clock).Run(ct);
            if (parsed.GetValue(json))
            {
                Tool.PrintJson(new
                {
                    target = database.Name,
                    rows = report.Rows,
                    seconds = report.Seconds,
                    tables = report.Tables.Select(table => new { name = table.Name, rows = table.Digest.Rows, digest = table.Digest.Text }),
                });
            }
            else
            {
                Print(report, database.Name, folder);
            }

            return CommandLine.Done;
        });
        return copy;
    }

    private static void Print(CopyReport report, string target, DataFolder folder)
    {
        var table = new Table().AddColumns("table", "rows", "digest of what was sent and of what arrived");
        foreach (var line in report.Tables)
        {
            table.AddRow(line.Name, $"{line.Digest.Rows}", line.Digest.Text);
        }

        Tool.Print(table);
        Console.WriteLine($"{report.Rows} rows in {report.Seconds:0.0} s ({report.Rows / Math.Max(report.Seconds, 0.001):0} rows/s). The doctor finds both books healthy.");
        Console.WriteLine($"The books are in {target} now: set Storage:Postgres, keep {folder.KeysFolder}, and start the gateway.");
    }
}
