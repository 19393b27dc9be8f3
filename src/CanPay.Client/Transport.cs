using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CanPay.Client;

/// <summary>One call: sent, repeated where nobody knows what became of it, and its answer read.</summary>
/// <remarks>
/// Every call of the API may be repeated: token by its invoice, verify and reverse by the payment's state, refund by its refund_id,
/// and the others change nothing. A refusal is an answer and is not repeated.
/// </remarks>
internal sealed class Transport(HttpClient http, CanPayOptions options, TimeProvider clock)
{
    private const string RequestIdHeader = "X-Request-Id";
    private const string Letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private static readonly ProductInfoHeaderValue Agent =
        new("CanPay.Client", typeof(Transport).Assembly.GetName().Version?.ToString(3) ?? "0");

    /// <param name="isWhole">Whether the answer has what it must have; one that lacks it says nothing.</param>
    public async Task<TAnswer> Call<TBody, TAnswer>(
        string operation,
        TBody body,
        JsonTypeInfo<TBody> bodyType,
        JsonTypeInfo<TAnswer> answerType,
        Func<TAnswer, bool> isWhole,
        CancellationToken ct,
        string? idempotencyKey = null)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, bodyType);
        var requestId = RandomNumberGenerator.GetString(Letters, 26);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await Once(operation, bytes, answerType, isWhole, idempotencyKey, requestId, ct).ConfigureAwait(false);
            }
            catch (CanPayUnavailableException e) when (attempt < options.MaxRetries && !(e.RetryAfter > options.MaxRetryAfter))
            {
                // A quarter more or less, so that many who were refused together do not come back together.
                var doubled = options.RetryDelay * Math.Pow(2, attempt) * (0.75 + (RandomNumberGenerator.GetInt32(0, 500) / 1000.0));
                await Task.Delay(e.RetryAfter > doubled ? e.RetryAfter.Value : doubled, clock, ct).ConfigureAwait(false);
            }
        }
    }

    private async Task<TAnswer> Once<TAnswer>(
        string operation,
        byte[] body,
        JsonTypeInfo<TAnswer> answerType,
        Func<TAnswer, bool> isWhole,
        string? idempotencyKey,
        string requestId,
        CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(options.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(options.BaseUrl, $"/api/ipg/{operation}"))
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") } },
        };
        request.Headers.UserAgent.Add(Agent);
        request.Headers.Add(RequestIdHeader, requestId);
        if (!string.IsNullOrEmpty(options.ApiKey))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.ApiKey);
        }

        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        try
        {
            using var response = await http.SendAsync(request, either.Token).ConfigureAwait(false);
            var bytes = await response.Content.ReadAsByteArrayAsync(either.Token).ConfigureAwait(false);
            return Read(response, bytes, answerType, isWhole, requestId);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new CanPayUnavailableException("The gateway could not be reached: " + e.Message, requestId, e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new CanPayUnavailableException("The gateway did not answer in time.", requestId, e);
        }
    }

    private TAnswer Read<TAnswer>(
        HttpResponseMessage response, byte[] bytes, JsonTypeInfo<TAnswer> answerType, Func<TAnswer, bool> isWhole, string sentId)
    {
        var requestId = response.Headers.TryGetValues(RequestIdHeader, out var ids) ? ids.First() : sentId;
        try
        {
            using var answer = JsonDocument.Parse(bytes);
            if (answer.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("status", out var status))
            {
                if (status.ValueKind is JsonValueKind.True && response.IsSuccessStatusCode
                    && root.TryGetProperty("data", out var data) && data.Deserialize(answerType) is { } read
                    && isWhole(read))
                {
                    return read;
                }

                if (status.ValueKind is JsonValueKind.False && root.Deserialize(ClientJson.Default.Problem) is { Error: { } name } problem)
                {
                    throw response.StatusCode is HttpStatusCode.TooManyRequests || (int)response.StatusCode >= 500
                        ? Nothing(response, requestId, name)
                        : new CanPayRefusedException(
                            response.StatusCode, problem.Code, name, problem.Message ?? "", problem.Description ?? "", requestId);
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is no valid Unicode.
            throw Nothing(response, requestId, null, e);
        }

        throw Nothing(response, requestId, null);
    }

    private CanPayUnavailableException Nothing(HttpResponseMessage response, string requestId, string? name, Exception? inner = null) => new(
        $"The gateway answered {(int)response.StatusCode}{(name is null ? "" : " " + name)}, which says nothing of the payment.",
        requestId,
        inner,
        response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - clock.GetUtcNow() : null,
        name);
}
