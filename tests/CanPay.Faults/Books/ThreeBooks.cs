using System.Data.Common;
using System.Globalization;
using CanPay.Gateway.Storage;
using CanPay.Simulator;

namespace CanPay.Faults.Books;

/// <summary>A payment as our books have it.</summary>
/// <param name="Rrn">Of the purchase that paid it; empty where none did.</param>
/// <param name="Asked">References of all its purchases.</param>
internal sealed record OurPayment(string Token, string Status, string Rrn, long Amount, IReadOnlyList<string> Asked);

/// <summary>A card refund as our books have it.</summary>
/// <param name="Reference">The merchant's.</param>
internal sealed record OurRefund(string Reference, string Token, string Status, string Rrn, long Amount);

/// <summary>What three parties wrote down who did not ask each other: we, the card network, and the merchant.</summary>
internal sealed record ThreeBooks(
    IReadOnlyList<OurPayment> Payments, IReadOnlyList<OurRefund> Refunds, IReadOnlyList<Entry> Network, IReadOnlyList<Told> Merchant)
{
    public static async Task<ThreeBooks> Read(DbConnection ours, IReadOnlyList<Entry> network, IReadOnlyList<Told> merchant)
    {
        var asked = (await Rows(ours, "SELECT p.token, a.rrn FROM authorizations a JOIN payments p ON p.id = a.payment_id", row => (Token: row.GetString(0), Rrn: row.GetString(1))))
            .ToLookup(row => row.Token, row => row.Rrn, StringComparer.Ordinal);
        return new ThreeBooks(
            await Rows(ours, "SELECT token, status, coalesce(rrn, ''), amount_rials FROM payments", row => new OurPayment(
                row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3), [.. asked[row.GetString(0)]])),
            await Rows(ours, "SELECT r.refund_id, p.token, r.status, coalesce(r.rrn, ''), r.amount_rials FROM refunds r JOIN payments p ON p.id = r.payment_id",
                row => new OurRefund(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4))),
            network,
            merchant);
    }

    /// <summary>Everything in one book that the others do not say, or forbid. Only at rest.</summary>
    public IReadOnlyList<string> Differences()
    {
        var found = new List<string>();
        var held = Held();
        var payments = Payments.ToDictionary(payment => payment.Token, StringComparer.Ordinal);
        var refunds = Refunds.ToDictionary(refund => refund.Reference, StringComparer.Ordinal);
        foreach (var payment in Payments)
        {
            CheckHeld(payment, held, found);
        }

        var known = Payments.SelectMany(payment => payment.Asked).ToHashSet(StringComparer.Ordinal);
        found.AddRange(held.Keys.Where(rrn => !known.Contains(rrn)).Select(rrn => $"the network holds {rrn}, which we never asked for"));
        foreach (var told in Merchant)
        {
            if (payments.GetValueOrDefault(told.Token) is not { } payment)
            {
                found.Add($"the merchant was told {told.News} of {told.Token} at {told.At:HH:mm:ss.fff}, which is not in our books");
            }
            else if (Contradiction(told, payment, refunds) is { } contradiction)
            {
                found.Add($"the merchant was told {told.News} of {told.Token} at {told.At:HH:mm:ss.fff}: {contradiction}");
            }
        }

        CheckReferences(found);
        CheckRefunds(found);
        return found;
    }

    /// <summary>What the merchant was told is its own, and is not there any more.</summary>
    public int Lost()
    {
        var verified = Payments.Where(payment => payment.Status == "Verified").Select(payment => (payment.Token, payment.Rrn)).ToHashSet();
        return Merchant.Count(told => told.News is News.Verified && !verified.Contains((told.Token, told.Reference!)));
    }

    /// <summary>Purchases whose money the network has and did not give back, and how much it is.</summary>
    private Dictionary<string, long> Held()
    {
        var held = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var entry in Network.Where(entry => entry is { Kind: Entry.Purchase, Outcome: Entry.Approved }))
        {
            held[entry.Rrn] = entry.Amount;
        }

        foreach (var entry in Network.Where(entry => entry is { Kind: Entry.Reversal, Outcome: Entry.Reversed }))
        {
            held.Remove(entry.Rrn);
        }

        return held;
    }

    private static void CheckHeld(OurPayment payment, Dictionary<string, long> held, List<string> found)
    {
        var taken = payment.Asked.Where(held.ContainsKey).ToList();
        if (payment.Status is not ("Verified" or "Reversed" or "Cancelled" or "Failed" or "Expired"))
        {
            found.Add($"{payment.Token} is {payment.Status}, which is no end");
        }
        else if (payment.Status != "Verified" && taken.Count > 0)
        {
            found.Add($"{payment.Token} is {payment.Status}, and the network holds {string.Join(", ", taken)}");
        }
        else if (payment.Status == "Verified" && (taken.Count != 1 || taken[0] != payment.Rrn || held[taken[0]] != payment.Amount))
        {
            found.Add($"{payment.Token} is verified with {payment.Rrn} for {payment.Amount}, and the network holds "
                + string.Join(", ", taken.Select(rrn => string.Create(CultureInfo.InvariantCulture, $"{rrn} for {held[rrn]}"))));
        }
    }

    private static string? Contradiction(Told told, OurPayment payment, Dictionary<string, OurRefund> refunds) => told.News switch
    {
        News.Token => told.Amount == payment.Amount ? null : $"for {told.Amount}, and it is for {payment.Amount}",
        News.Verified or News.VerifiedEvent => payment.Status == "Verified" && payment.Rrn == told.Reference && payment.Amount == told.Amount
            ? null
            : $"{told.Reference} for {told.Amount}, and it is {payment.Status} with {payment.Rrn} for {payment.Amount}",
        News.Reversed or News.Returned => payment.Status == "Reversed" ? null : $"and it is {payment.Status}",
        News.RefundTaken => refunds.GetValueOrDefault(told.Reference!) is { } refund && refund.Amount == told.Amount && refund.Token == told.Token
            ? null
            : $"the refund {told.Reference} of {told.Amount} is not there",
        News.Refunded => refunds.GetValueOrDefault(told.Reference!) is { Status: "Succeeded" } refund && refund.Amount == told.Amount
            ? null
            : $"the refund {told.Reference} did not succeed",
    };

    private void CheckReferences(List<string> found) => found.AddRange(Merchant
        .Where(told => told.News is News.Verified)
        .GroupBy(told => told.Token, StringComparer.Ordinal)
        .Where(answers => answers.DistinctBy(told => (told.Reference, told.Amount)).Count() > 1)
        .Select(answers => $"the merchant was told several references of {answers.Key}"));

    private void CheckRefunds(List<string> found)
    {
        var credits = Network.Where(entry => entry is { Kind: Entry.Refund, Outcome: Entry.Refunded }).ToLookup(entry => entry.Rrn, StringComparer.Ordinal);
        foreach (var refund in Refunds)
        {
            var made = credits[refund.Rrn].ToList();
            var isRight = refund.Status switch
            {
                "Succeeded" => made.Count == 1 && made[0].Amount == refund.Amount,
                "Failed" => made.Count == 0,
                _ => false,
            };
            if (!isRight)
            {
                found.Add($"the refund {refund.Reference} is {refund.Status}, and the network has credited {made.Count} of it");
            }
        }

        var ours = Refunds.Select(refund => refund.Rrn).ToHashSet(StringComparer.Ordinal);
        found.AddRange(credits.Where(credit => !ours.Contains(credit.Key)).Select(credit => $"the network has credited {credit.Key}, which we never sent"));
    }

    private static async Task<List<T>> Rows<T>(DbConnection connection, string sql, Func<DbDataReader, T> read)
    {
        await using var command = StorageEngine.Command(connection, sql);
        await using var row = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await row.ReadAsync())
        {
            rows.Add(read(row));
        }

        return rows;
    }
}
