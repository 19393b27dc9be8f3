using System.Text.Json;

namespace CanPay.Simulator;

/// <summary>Peyvand as the gateway asks it: the cards that people registered for their mobiles. Public test data.</summary>
internal static class Peyvand
{
    private const string Expiry = "0912";

    private static readonly Dictionary<string, string[]> Registered = new(StringComparer.Ordinal)
    {
        ["09123456789"] = ["5022290000087122", "6037990000000006"],
        ["09120000001"] = ["6273530000010002"],
    };

    public static void Map(WebApplication app)
    {
        app.MapPost("/peyvand/cards", async (HttpRequest request, CancellationToken ct) =>
            Results.Json((IReadOnlyList<PeyvandCard>)[.. CardsOf(await Read(request, ct)).Select((pan, i) => new PeyvandCard($"{i + 1}", TestCard.Mask(pan)))],
                BooksJson.Default.IReadOnlyListPeyvandCard));
        app.MapPost("/peyvand/card", async (HttpRequest request, CancellationToken ct) =>
            await Read(request, ct) is var question
            && int.TryParse(question?.Id, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)
            && CardsOf(question).ElementAtOrDefault(number - 1) is { } pan
                ? Results.Json(new PeyvandNumber(pan, Expiry), BooksJson.Default.PeyvandNumber)
                : Results.NotFound());
    }

    private static string[] CardsOf(PeyvandQuestion? question) => Registered.GetValueOrDefault(question?.Mobile ?? "", []);

    private static async Task<PeyvandQuestion?> Read(HttpRequest request, CancellationToken ct)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(request.Body, BooksJson.Default.PeyvandQuestion, ct);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What the gateway asks.</summary>
internal sealed record PeyvandQuestion(string? Mobile, string? Id);

/// <summary>A registered card, masked.</summary>
internal sealed record PeyvandCard(string Id, string Mask);

/// <summary>Number and expiry of one.</summary>
internal sealed record PeyvandNumber(string Pan, string Expiry);
