using System.Globalization;
using System.Text.Json;

namespace CanPay.Bench.Ha;

/// <summary>What a trial came to.</summary>
internal sealed record Verdict(
    Scenario Scenario,
    int Acknowledged,
    int Lost,
    int LostTokens,
    int DoubleCharges,
    double GapSeconds,
    string Doubts,
    double? CleanSeconds,
    string States,
    bool IsWholeAgain)
{
    /// <summary>The control has to lose; all others may lose nothing and end with books that agree with the network's.</summary>
    public bool IsAsItMustBe => Scenario.IsSynchronous
        ? Acknowledged > 0 && Lost == 0 && LostTokens == 0 && DoubleCharges == 0 && CleanSeconds is not null
        : Lost > 0;

    public static Verdict Of(
        Scenario scenario, Cluster cluster, Site site, Ledger ledger, IReadOnlyCollection<Purchase> purchases, double? cleanSeconds, bool isWholeAgain)
    {
        var payments = cluster.Ask("SELECT token, status, coalesce(rrn, '') FROM payments").Select(line => line.Split('|'))
            .ToDictionary(fields => fields[0], fields => (Status: fields[1], Rrn: fields[2]), StringComparer.Ordinal);
        var verified = ledger.All.Where(promise => promise.Kind is AcknowledgementKind.Verified).ToList();
        return new Verdict(
            scenario,
            verified.Count,
            verified.Count(promise => !payments.TryGetValue(promise.Token, out var payment)
                || payment != ("Verified", promise.Reference!)),
            ledger.All.Count(promise => promise.Kind is AcknowledgementKind.Token && !payments.ContainsKey(promise.Token)),
            CountDoubleCharges(cluster, site),
            ledger.LongestGap.TotalSeconds,
            Sum(purchases.Where(purchase => purchase.WasInDoubt)
                .Select(purchase => payments.TryGetValue(purchase.Token!, out var payment) ? payment.Status : "missing")),
            cleanSeconds,
            Sum(payments.Values.Select(payment => payment.Status)),
            isWholeAgain);
    }

    /// <summary>Payments for which the network holds money more than once.</summary>
    private static int CountDoubleCharges(Cluster cluster, Site site)
    {
        using var journal = JsonDocument.Parse(site.Journal());
        var held = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in journal.RootElement.EnumerateArray())
        {
            var rrn = entry.GetProperty("rrn").GetString()!;
            switch (entry.GetProperty("kind").GetString(), entry.GetProperty("outcome").GetString())
            {
                case ("purchase", "approved"):
                    held.Add(rrn);
                    break;
                case ("reversal", "reversed"):
                    held.Remove(rrn);
                    break;
            }
        }

        return cluster.Ask("SELECT payment_id, rrn FROM authorizations").Select(line => line.Split('|'))
            .Where(fields => held.Contains(fields[1])).GroupBy(fields => fields[0], StringComparer.Ordinal).Count(payment => payment.Count() > 1);
    }

    private static string Sum(IEnumerable<string> words) => string.Join(", ", words.GroupBy(word => word, StringComparer.Ordinal)
        .OrderByDescending(group => group.Count()).Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Count()} {group.Key}")));
}
