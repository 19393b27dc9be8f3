using System.CommandLine;
using System.Globalization;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage;
using Microsoft.EntityFrameworkCore;
using Spectre.Console;

namespace CanPay.Gateway.Operations;

/// <summary><c>canpay payment show|retry</c></summary>
internal static class PaymentCommands
{
    public static Command Make()
    {
        var name = new Argument<string>("TOKEN") { Description = "The payment's token, or an RRN of it." };
        var json = new Option<bool>("--json") { Description = "For programs." };
        var show = new Command("show", "The whole history of a payment: transitions, authorizations, messages, postings, next job.") { name, json };
        show.SetAction(async (parsed, ct) =>
        {
            await using var tool = await Tool.Open(ct);
            await using var books = await tool.Books(ct);
            if (await Find(books, parsed.GetValue(name)!, ct) is not { } payment)
            {
                return NotFound(parsed.GetValue(name)!);
            }

            var history = await History.Of(books, payment, ct);
            if (parsed.GetValue(json))
            {
                Tool.PrintJson(history);
            }
            else
            {
                Print(history);
            }

            return CommandLine.Done;
        });

        var retry = new Command("retry", "Makes a payment that was put aside due again, now.") { name };
        retry.SetAction(async (parsed, ct) =>
        {
            await using var tool = await Tool.Open(ct);
            await using var books = await tool.Books(ct);
            if (await Find(books, parsed.GetValue(name)!, ct) is not { } payment)
            {
                return NotFound(parsed.GetValue(name)!);
            }

            var now = tool.Clock.GetUtcNow().ToUnixTimeMilliseconds();
            var rows = await books.OpenPayments
                .Where(row => row.PaymentId == payment.Id && row.DueAtMs == null)
                .ExecuteUpdateAsync(row => row.SetProperty(p => p.DueAtMs, now).SetProperty(p => p.JobRefusals, 0), ct);
            Console.WriteLine(rows == 1 ? "It is due now; the next round of the jobs takes it." : "It was not put aside: nothing was changed.");
            return rows == 1 ? CommandLine.Done : CommandLine.No;
        });

        return new Command("payment", "One payment.") { show, retry };
    }

    private static async Task<PaymentRow?> Find(CanPayContext books, string name, CancellationToken ct)
    {
        if (PaymentToken.IsWellFormed(name))
        {
            return await books.Payments.AsNoTracking().SingleOrDefaultAsync(row => row.Token == name, ct);
        }

        return await books.Authorizations.AsNoTracking().SingleOrDefaultAsync(row => row.Rrn == name, ct) is { } authorization
            ? await books.Payments.AsNoTracking().SingleAsync(row => row.Id == authorization.PaymentId, ct)
            : null;
    }

    private static int NotFound(string name)
    {
        Console.Error.WriteLine($"canpay: there is no payment with the token or RRN {name}.");
        return CommandLine.No;
    }

    private static void Print(History history)
    {
        var payment = history.Payment;
        Tool.Print(Facts("payment",
            ("token", payment.Token), ("merchant", history.Merchant), ("invoice", payment.InvoiceId),
            ("amount", payment.AmountRials.ToString("N0", CultureInfo.InvariantCulture) + " rials"), ("status", payment.Status),
            ("created", Tool.Time(payment.CreatedAtMs)), ("page until", Tool.Time(payment.PageExpiresAtMs)),
            ("card", payment.CardMask ?? ""), ("RRN", payment.Rrn ?? ""), ("verify until", Tool.Time(payment.VerifyDeadlineMs)),
            ("verified", Tool.Time(payment.VerifiedAtMs)), ("reversal because", payment.ReversalCause ?? ""),
            ("next job", NextJob(history.Open)), ("callback", payment.CallbackUrl)));
        Tool.Print(List("transitions", ["at", "from", "to", "by"], history.Transitions.Select(row =>
            new[] { Tool.Time(row.AtMs), row.FromStatus ?? "", row.ToStatus, row.Cause })));
        Tool.Print(List("authorizations", ["#", "RRN", "STAN", "sent", "card", "status", "code", "approval", "note"],
            history.Authorizations.Select(row => new[]
            {
                Number(row.Number), row.Rrn, row.Stan, Tool.Time(row.TransmittedAtMs), row.CardMask, row.Status, Number(row.ActionCode),
                row.ApprovalCode ?? "", row.Note ?? "",
            })));
        if (history.Refunds.Count > 0)
        {
            Tool.Print(RefundCommands.TableOf("refunds", history.Refunds, history.Refunds.Select(_ => payment.Token)));
        }

        Tool.Print(List("messages", ["at", "event", "MTI", "STAN", "RRN", "code", "summary"], history.Messages.Select(row =>
            new[] { Tool.Time(row.AtMs), row.Event, row.Mti, row.Stan ?? "", row.Rrn ?? "", Number(row.ActionCode), row.Summary ?? "" })));
        Tool.Print(List("postings", ["at", "reference", "debit", "credit", "rials"], history.Transfers.Select(row => new[]
        {
            Tool.Time(row.AtMs), row.Reference, row.DebitAccount, row.CreditAccount, row.AmountRials.ToString("N0", CultureInfo.InvariantCulture),
        })));
    }

    private static string NextJob(OpenPaymentRow? open) => open switch
    {
        null => "none: final",
        { DueAtMs: null } => $"PUT ASIDE after {open.JobRefusals} refusals: {open.JobNote}",
        _ => $"due {Tool.Time(open.DueAtMs)}, tried {open.JobAttempts} times{(open.JobNote is { } note ? ": " + note : "")}",
    };

    private static Table Facts(string title, params ReadOnlySpan<(string Name, string Value)> facts)
    {
        var table = new Table().Title(title).HideHeaders().AddColumn("").AddColumn("");
        foreach (var (factName, value) in facts)
        {
            table.AddRow(Markup.Escape(factName), Markup.Escape(value));
        }

        return table;
    }

    private static Table List(string title, string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table().Title(title).AddColumns(columns);
        foreach (var row in rows)
        {
            table.AddRow(row.Select(Markup.Escape).ToArray());
        }

        return table;
    }

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    /// <summary>All that the books say of one payment.</summary>
    private sealed record History(
        string Merchant,
        PaymentRow Payment,
        OpenPaymentRow? Open,
        IReadOnlyList<TransitionRow> Transitions,
        IReadOnlyList<AuthorizationRow> Authorizations,
        IReadOnlyList<RefundRow> Refunds,
        IReadOnlyList<NetworkMessageRow> Messages,
        IReadOnlyList<TransferRow> Transfers)
    {
        public static async Task<History> Of(CanPayContext books, PaymentRow payment, CancellationToken ct)
        {
            var id = payment.Id;
            var authorizations = await books.Authorizations.AsNoTracking().Where(row => row.PaymentId == id).OrderBy(row => row.Number).ToListAsync(ct);
            var rrns = authorizations.ConvertAll(row => row.Rrn);
            return new History(
                await books.Merchants.Where(row => row.Id == payment.MerchantId).Select(row => row.Code).SingleAsync(ct),
                payment,
                await books.OpenPayments.AsNoTracking().SingleOrDefaultAsync(row => row.PaymentId == id, ct),
                await books.Transitions.AsNoTracking().Where(row => row.PaymentId == id).OrderBy(row => row.Version).ToListAsync(ct),
                authorizations,
                await books.Refunds.AsNoTracking().Where(row => row.PaymentId == id).OrderBy(row => row.Id).ToListAsync(ct),
                await books.NetworkMessages.AsNoTracking().Where(row => row.PaymentId == id)
                    .Concat(books.NetworkMessages.AsNoTracking()
                        .Where(row => row.PaymentId == null && row.Rrn != null && rrns.Contains(row.Rrn)))
                    .OrderBy(row => row.Id).ToListAsync(ct),
                await books.Transfers.AsNoTracking()
                    .Where(row => string.Compare(row.Reference, $"{id}:") >= 0 && string.Compare(row.Reference, $"{id};") < 0)
                    .OrderBy(row => row.Id).ToListAsync(ct));
        }
    }
}
