using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace CanPay.Samples.Shop;

/// <summary>
/// The gateway's own word to this server: an order whose payer never comes back is settled all the same. Signed by the rules of
/// Standard Webhooks; what it says is only a reason to ask the gateway, which is harmless to repeat.
/// </summary>
internal static class Webhook
{
    public const string Path = "/payment/webhook";

    private const int MaxLength = 64 * 1024;
    private const string SecretPrefix = "whsec_";

    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    public static async Task<IResult> Take(
        HttpRequest request, Payments payments, Orders orders, IOptions<ShopOptions> options, TimeProvider clock, CancellationToken ct)
    {
        using var body = new MemoryStream();
        var buffer = new byte[8 * 1024];
        while (await request.Body.ReadAsync(buffer, ct) is > 0 and var read)
        {
            body.Write(buffer, 0, read);
            if (body.Length > MaxLength)
            {
                return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
            }
        }

        if (options.Value.WebhookSecret is not { Length: > 0 } secret || !IsOurGateways(secret, request.Headers, body.ToArray(), clock.GetUtcNow()))
        {
            return Results.StatusCode(StatusCodes.Status401Unauthorized);
        }

        using var json = JsonDocument.Parse(body.ToArray());
        var data = json.RootElement.GetProperty("data");
        if (data.TryGetProperty("invoice_id", out var invoice) && data.TryGetProperty("token", out var token)
            && orders.ByNumber(invoice.GetString()!) is { } order && order.Token == token.GetString())
        {
            await payments.Settle(order, ct);
        }

        // Also for what is none of ours, or of no interest: repeating it would change nothing.
        return Results.NoContent();
    }

    private static bool IsOurGateways(string secret, IHeaderDictionary headers, byte[] body, DateTimeOffset now)
    {
        if (!long.TryParse(headers["webhook-timestamp"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(now.ToUnixTimeSeconds() - seconds) > Tolerance.TotalSeconds)
        {
            return false;
        }

        var key = Convert.FromBase64String(secret[SecretPrefix.Length..]);
        var signed = Encoding.UTF8.GetBytes($"{headers["webhook-id"]}.{headers["webhook-timestamp"]}.").Concat(body).ToArray();
        var expected = Encoding.ASCII.GetBytes("v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed)));

        // Several while a secret is replaced; one that fits is enough.
        return headers["webhook-signature"].ToString().Split(' ')
            .Any(signature => CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(signature)));
    }
}
