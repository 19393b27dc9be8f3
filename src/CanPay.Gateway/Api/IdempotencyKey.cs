using System.Security.Cryptography;
using System.Text;
using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Api;

/// <summary>The <c>Idempotency-Key</c> of a request: same key and same meaning, the same answer; another meaning, an error.</summary>
/// <param name="Value">Null where the caller sent none.</param>
/// <param name="RequestHash">Over the operation and what was asked, not over the bytes.</param>
internal sealed record IdempotencyKey(string? Value, string RequestHash)
{
    private const int MaxLength = 255;

    /// <param name="meaning">The operation and the fields that matter, in a fixed order.</param>
    public static Result<IdempotencyKey> Of(HttpRequest request, params ReadOnlySpan<string?> meaning)
    {
        if (!request.Headers.TryGetValue("Idempotency-Key", out var values))
        {
            return new IdempotencyKey(null, "");
        }

        var value = values.Count == 1 ? values[0] ?? "" : "";
        if (value.Length is 0 or > MaxLength || value.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return HttpRefusals.IdempotencyKeyInvalid;
        }

        // Lengths before the parts: no two different lists give the same text.
        var text = new StringBuilder();
        foreach (var part in meaning)
        {
            text.Append(part?.Length ?? -1).Append(':').Append(part);
        }

        return new IdempotencyKey(value, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))));
    }

    /// <summary>The answer to keep with the work, or null where the caller sent no key.</summary>
    public StoredAnswer? Answer(string body, DateTimeOffset now) =>
        Value is null ? null : new StoredAnswer(Value, RequestHash, body, now);

    /// <summary>What was answered under the key before, if anything was.</summary>
    public async Task<Result<string>?> Earlier(IPaymentStore store, Merchant merchant, CancellationToken ct) =>
        Value is not null && await store.FindAnswer(merchant.Id, Value, ct) is { } stored ? await Retell(store, merchant.Id, stored) : default(Result<string>?);

    /// <summary>An answer that was read, once it is as durable as what a write acknowledged.</summary>
    public async Task<Result<string>> Retell(IPaymentStore store, MerchantId merchant, StoredAnswer stored) =>
        await store.Settle(merchant, stored) ? Judge(stored) : HttpRefusals.TemporarilyUnavailable;

    /// <summary>An answer that goes with no write: kept under the key, if there is one; what another kept there before is told instead.</summary>
    public async Task<Result<string>> Keep(IPaymentStore store, MerchantId merchant, string body, DateTimeOffset now, CancellationToken ct) =>
        Answer(body, now) is { } answer ? Judge(await store.KeepAnswer(merchant, answer, ct)) : body;

    /// <summary>The stored body for the same request, or a refusal for another one.</summary>
    private Result<string> Judge(StoredAnswer stored) =>
        stored.RequestHash == RequestHash ? stored.Body : HttpRefusals.IdempotencyKeyReused;
}
