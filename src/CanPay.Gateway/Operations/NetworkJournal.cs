using System.Text.Json;
using System.Text.Json.Serialization;
using CanPay.Gateway.Storage;
using Microsoft.EntityFrameworkCore;

namespace CanPay.Gateway.Operations;

/// <summary>The card network's own books, compared with ours: the simulator's <c>/books.json</c>, or a file of that shape.</summary>
internal static class NetworkJournal
{
    /// <summary>What the two books do not agree on.</summary>
    public static async Task<Finding?> Compare(CanPayContext books, string source, CancellationToken ct)
    {
        var theirs = new Dictionary<string, Balance>(StringComparer.Ordinal);
        foreach (var line in await Read(source, ct))
        {
            var balance = theirs.GetValueOrDefault(line.Rrn) ?? new Balance(line.Amount, Taken: false, GivenBack: false);
            theirs[line.Rrn] = line switch
            {
                { Kind: "purchase", Outcome: "approved" } => balance with { Taken = true, Amount = line.Amount },
                { Kind: "reversal", Outcome: "reversed" } => balance with { GivenBack = true },
                _ => balance,
            };
        }

        var ours = await books.Payments.AsNoTracking()
            .Join(books.Authorizations, payment => payment.Id, authorization => authorization.PaymentId, (payment, authorization) => new
            {
                authorization.Rrn,
                authorization.Status,
                authorization.AmountRials,
                PaymentStatus = payment.Status,
            })
            .ToListAsync(ct);
        var differences = new List<string>();
        foreach (var mine in ours)
        {
            var their = theirs.GetValueOrDefault(mine.Rrn);
            var theyHold = their is { Taken: true, GivenBack: false };
            var isUnderWay = mine.PaymentStatus is "Authorizing" or "Reversing";
            var weHold = mine is { Status: "Approved", PaymentStatus: "Authorized" or "Verified" };
            if (weHold && !theyHold)
            {
                differences.Add($"RRN {mine.Rrn}: paid here, not held by the network");
            }
            else if (!weHold && theyHold && !isUnderWay)
            {
                differences.Add($"RRN {mine.Rrn}: held by the network, {mine.PaymentStatus} here");
            }
            else if (weHold && their!.Amount != mine.AmountRials)
            {
                differences.Add($"RRN {mine.Rrn}: {mine.AmountRials} rials here, {their.Amount} there");
            }
        }

        var known = ours.Select(mine => mine.Rrn).ToHashSet(StringComparer.Ordinal);
        differences.AddRange(theirs.Where(their => their.Value is { Taken: true, GivenBack: false } && !known.Contains(their.Key))
            .Select(their => $"RRN {their.Key}: held by the network, unknown here"));
        return differences.Count == 0
            ? null
            : new Finding("the_network_agrees", "For each RRN, our books and the network's say the same.", differences.Count, [.. differences.Take(20)]);
    }

    private static async Task<List<Line>> Read(string source, CancellationToken ct)
    {
        try
        {
            if (!Uri.TryCreate(source, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            {
                await using var file = File.OpenRead(source);
                return await JsonSerializer.DeserializeAsync<List<Line>>(file, cancellationToken: ct) ?? [];
            }

            using var http = new HttpClient();
            await using var stream = await http.GetStreamAsync(url, ct);
            return await JsonSerializer.DeserializeAsync<List<Line>>(stream, cancellationToken: ct) ?? [];
        }
        catch (Exception e) when (e is IOException or HttpRequestException or JsonException or UnauthorizedAccessException)
        {
            throw new Kernel.StartException($"The network's journal {source} cannot be read: {e.Message}");
        }
    }

    private sealed record Balance(long Amount, bool Taken, bool GivenBack);

    private sealed record Line(
        [property: JsonPropertyName("rrn")] string Rrn,
        [property: JsonPropertyName("amount")] long Amount,
        [property: JsonPropertyName("kind")] string Kind,
        [property: JsonPropertyName("outcome")] string Outcome);
}
