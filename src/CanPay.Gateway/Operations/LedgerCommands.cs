using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace CanPay.Gateway.Operations;

/// <summary><c>canpay ledger balance</c></summary>
internal static class LedgerCommands
{
    public static Command Make()
    {
        var json = new Option<bool>("--json") { Description = "For programs." };
        var balance = new Command("balance", "The trial balance: what each account was debited and credited, in rials.") { json };
        balance.SetAction(async (parsed, ct) =>
        {
            await using var tool = await Tool.Open(ct);
            await using var books = await tool.Books(ct);
            var trial = await TrialBalance.Of(books, ct);
            if (parsed.GetValue(json))
            {
                Tool.PrintJson(new
                {
                    trial.IsBalanced,
                    trial.DebitRials,
                    trial.CreditRials,
                    accounts = trial.Accounts.Select(line => new { line.Account, line.DebitRials, line.CreditRials, balance_rials = line.DebitRials - line.CreditRials }),
                });
            }
            else
            {
                var table = new Table().AddColumn("account").AddColumn(Right("debit")).AddColumn(Right("credit")).AddColumn(Right("balance"));
                foreach (var line in trial.Accounts)
                {
                    table.AddRow(line.Account, Money(line.DebitRials), Money(line.CreditRials), Money(line.DebitRials - line.CreditRials));
                }

                table.AddRow("total", Money(trial.DebitRials), Money(trial.CreditRials), Money(trial.DebitRials - trial.CreditRials));
                Tool.Print(table);
            }

            return trial.IsBalanced ? CommandLine.Done : CommandLine.No;
        });
        return new Command("ledger", "The books.") { balance };
    }

    private static TableColumn Right(string name) => new TableColumn(name).RightAligned();

    private static string Money(long rials) => rials.ToString("N0", CultureInfo.InvariantCulture);
}
