using System.Text.Json;
using System.Text.Json.Serialization;
using CanPay.Gateway.Storage;
using Microsoft.EntityFrameworkCore;

namespace CanPay.Gateway.Operations;

/// <summary>The card network's own books: the simulator's <c>/books.json</c>, or a file of that shape.</summary>
internal sealed class NetworkJournal
{
    private readonly Dictionary<string, Balance> _balances = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Line> _refunds = new(StringComparer.Ordinal);

    private NetworkJournal(IEnumerable<Line> lines)
    {
        foreach (var line in lines)
        {
            if (line.Kind is "refund")
            {
                if (line.Outcome is "refunded")
                {
                    _refunds[line.Rrn] = line;
                }

                continue;
            }

            var balance = _balances.GetValueOrDefault(line.Rrn) ?? new Balance(line, Taken: false, GivenBack: false);
            _balances[line.Rrn] = line switch
            {
                { Kind: "purchase", Outcome: "approved" } => balance with { Taken = true, Purchase = line },
                { Kind: "reversal", Outcome: "reversed" } => balance with { GivenBack = true },
                _ => balance,
            };
        }
    }

    /// <param name="source">A file or an address.</param>
    /// <exception cref="Kernel.StartException">It cannot be read.</exception>
    public static async Task<NetworkJournal> Open(string source, CancellationToken ct)
    {
        try
        {
            if (!Uri.TryCreate(source, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            {
                await using var file = File.OpenRead(source);
                return await Read(file, ct);
            }

            using var http = new HttpClient();
            await using var stream = await http.GetStreamAsync(url, ct);
            return await Read(stream, ct);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or JsonException or UnauthorizedAccessException)
        {
            throw new Kernel.StartException($"The network's journal {source} cannot be read: {e.Message}");
        }
    }

    /// <exception cref="JsonException">It is no such journal.</exception>
    internal static async Task<NetworkJournal> Read(Stream stream, CancellationToken ct)
    {
        var lines = await JsonSerializer.DeserializeAsync<List<Line?>>(stream, cancellationToken: ct) ?? [];
        return lines.All(line => line is { Rrn: not null, Kind: not null, Outcome: not null })
            ? new NetworkJournal(lines.OfType<Line>())
            : throw new JsonException("A line has no rrn, kind or outcome.");
    }

    /// <summary>What the two books do not agree on, for the doctor.</summary>
    public static async Task<Finding?> Compare(CanPayContext books, string source, CancellationToken ct)
    {
        var differences = await (await Open(source, ct)).Differences(books, ct);
        return differences.Count == 0
            ? null
            : new Finding("the_network_agrees", "For each RRN, our books and the network's say the same.", differences.Count,
                [.. differences.Take(20).Select(difference => difference.Text)]);
    }

    /// <summary>The network took the money of this purchase and did not give it back.</summary>
    public bool Holds(string rrn) => _balances.GetValueOrDefault(rrn) is { IsHeld: true };

    /// <summary>What the two books do not agree on. Payments that are under way are left out.</summary>
    public async Task<IReadOnlyList<Difference>> Differences(CanPayContext books, CancellationToken ct)
    {
        var ours = await books.Payments.AsNoTracking()
            .Where(payment => !payment.Token.StartsWith(Acquiring.Terminal.TestPrefix)) // asked of the test switch
            .Join(books.Authorizations, payment => payment.Id, authorization => authorization.PaymentId, (payment, authorization) => new
            {
                authorization.Rrn,
                authorization.Status,
                authorization.AmountRials,
                PaymentStatus = payment.Status,
            })
            .ToListAsync(ct);
        var differences = new List<Difference>();
        foreach (var mine in ours)
        {
            var their = _balances.GetValueOrDefault(mine.Rrn);
            var isUnderWay = mine.PaymentStatus is "Authorizing" or "Reversing";
            var weHold = mine is { Status: "Approved", PaymentStatus: "Authorized" or "Verified" };
            if (weHold && their is not { IsHeld: true })
            {
                Add("paid here, not held by the network");
            }
            else if (!weHold && their is { IsHeld: true } && !isUnderWay)
            {
                Add($"held by the network, {mine.PaymentStatus} here");
            }
            else if (weHold && their!.Purchase.Amount != mine.AmountRials)
            {
                Add($"{mine.AmountRials} rials here, {their.Purchase.Amount} there");
            }

            void Add(string what) => differences.Add(new Difference(mine.Rrn, what, Unknown: null));
        }

        var known = ours.Select(mine => mine.Rrn).ToHashSet(StringComparer.Ordinal);
        differences.AddRange(_balances.Where(their => their.Value.IsHeld && !known.Contains(their.Key) && !IsTest(their.Value.Purchase))
            .Select(their => new Difference(their.Key, "held by the network, unknown here", their.Value.Purchase)));
        await AddRefunds(books, differences, ct);
        return differences;
    }

    private static bool IsTest(Line line) => line.Terminal?.StartsWith(Acquiring.Terminal.TestPrefix, StringComparison.Ordinal) ?? false;

    /// <summary>Refunds that are under way are left out; what the network says of them is heard by sending them again.</summary>
    private async Task AddRefunds(CanPayContext books, List<Difference> differences, CancellationToken ct)
    {
        var ours = await books.Refunds.AsNoTracking()
            .Where(row => row.Rrn != null && !books.Payments.Any(payment => payment.Id == row.PaymentId && payment.Token.StartsWith(Acquiring.Terminal.TestPrefix)))
            .ToListAsync(ct);
        foreach (var mine in ours)
        {
            var their = _refunds.GetValueOrDefault(mine.Rrn!);
            var what = (mine.Status, their) switch
            {
                ("Succeeded", null) => "refunded here, not by the network",
                ("Failed", not null) => "a refund that failed here, made by the network",
                (_, { } line) when line.Amount != mine.AmountRials => $"refund of {mine.AmountRials} rials here, {line.Amount} there",
                _ => null,
            };
            if (what is not null)
            {
                differences.Add(new Difference(mine.Rrn!, what, Unknown: null));
            }
        }

        var known = ours.Select(mine => mine.Rrn!).ToHashSet(StringComparer.Ordinal);
        differences.AddRange(_refunds.Where(their => !known.Contains(their.Key) && !IsTest(their.Value))
            .Select(their => new Difference(their.Key, "refunded by the network, unknown here", their.Value)));
    }

    /// <summary>A message as the network booked it; what it does not say is empty.</summary>
    internal sealed record Line(
        [property: JsonPropertyName("rrn")] string Rrn,
        [property: JsonPropertyName("amount")] long Amount,
        [property: JsonPropertyName("kind")] string Kind,
        [property: JsonPropertyName("outcome")] string Outcome,
        [property: JsonPropertyName("stan")] string? Stan = null,
        [property: JsonPropertyName("card")] string? Card = null,
        [property: JsonPropertyName("terminal")] string? Terminal = null,
        [property: JsonPropertyName("local_time")] string? LocalTime = null);

    private sealed record Balance(Line Purchase, bool Taken, bool GivenBack)
    {
        public bool IsHeld => Taken && !GivenBack;
    }
}

/// <summary>One RRN on which the two books do not agree.</summary>
/// <param name="Unknown">The network's purchase, where our books know nothing of it.</param>
internal sealed record Difference(string Rrn, string What, NetworkJournal.Line? Unknown)
{
    public string Text => $"RRN {Rrn}: {What}";
}
