using System.Text.Json;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Kernel;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Cards;

/// <summary>
/// Peyvand over HTTP. Its own wire protocol is not public; this is ours, as the simulator speaks it: <c>POST {url}/cards</c> with
/// <c>{"mobile"}</c> gives <c>[{"id","mask"}]</c>, <c>POST {url}/card</c> with <c>{"mobile","id"}</c> gives <c>{"pan","expiry"}</c>.
/// </summary>
internal sealed class HttpPeyvand(HttpClient http, IOptions<PeyvandOptions> options, ILogger<HttpPeyvand> log) : IPeyvand
{
    private const int MaxCards = 50;
    private const int ExpiryLength = 4;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public async Task<IReadOnlyList<RegisteredCard>> Cards(string mobile, CancellationToken ct) =>
        await Ask<RegisteredCard[]>("/cards", new { mobile }, ct) is { } cards
            ? [.. cards.Where(card => card is { Id.Length: > 0 and <= 64, Mask.Length: > 0 and <= 32 }).Take(MaxCards)]
            : [];

    public async Task<(Pan Pan, string Expiry)?> Card(string mobile, string id, CancellationToken ct) =>
        await Ask<Answer>("/card", new { mobile, id }, ct) is { Pan: { } digits, Expiry: { Length: ExpiryLength } expiry }
            && Pan.TryParse(digits, out var pan) && Digits.IsAll(expiry)
            ? (pan, expiry)
            : null;

    /// <summary>Silence and nonsense are no cards: the payer types the number.</summary>
    private async Task<T?> Ask<T>(string path, object question, CancellationToken ct)
        where T : class
    {
        if (string.IsNullOrEmpty(options.Value.Url))
        {
            return null;
        }

        try
        {
            using var response = await http.PostAsJsonAsync(options.Value.Url + path, question, Json, ct);
            return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<T>(Json, ct) : null;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or NotSupportedException
            || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            log.PeyvandIsAway(e.Message);
            return null;
        }
    }

    private sealed record Answer(string? Pan, string? Expiry);
}
