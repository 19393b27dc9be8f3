using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace CanPay.Client;

/// <summary>The two calls of the CanPay gateway. Safe for several threads.</summary>
public sealed class CanPayClient
{
    private readonly HttpClient _http;
    private readonly CanPayOptions _options;
    private readonly TimeProvider _clock;

    /// <summary>Makes a client. With dependency injection, <c>services.AddCanPay()</c> does it.</summary>
    /// <param name="http">Its time-out should be longer than <see cref="CanPayOptions.Timeout"/>.</param>
    /// <param name="options">Where the gateway is and who you are.</param>
    /// <param name="clock">For waits between repetitions; the system's by default.</param>
    /// <exception cref="ArgumentException">The options are not complete.</exception>
    public CanPayClient(HttpClient http, IOptions<CanPayOptions> options, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _http = http;
        _options = options.Value;
        _clock = clock ?? TimeProvider.System;
        if (_options.Problem() is { } problem)
        {
            throw new ArgumentException(problem, nameof(options));
        }
    }

    /// <summary>Begins a payment.</summary>
    /// <exception cref="CanPayRefusedException">The gateway said no, for example to a used invoice or an unregistered domain.</exception>
    /// <exception cref="CanPayUnavailableException">No usable answer; repeating the same request is safe.</exception>
    public async Task<PaymentToken> RequestTokenAsync(TokenRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var body = new TokenBody(
            _options.Merchant, request.AmountRials, request.CallbackUrl.OriginalString, request.InvoiceId, request.Mobile);
        var data = await CallAsync(
            "token", JsonSerializer.SerializeToUtf8Bytes(body, ClientJson.Default.TokenBody), request.IdempotencyKey, cancellationToken)
            .ConfigureAwait(false);
        return data is { Token.Length: > 0 } && Uri.TryCreate(data.Url, UriKind.Absolute, out var url)
            ? new PaymentToken(data.Token, url)
            : throw Unreadable();
    }

    /// <summary>Confirms a paid payment. May be repeated for ever, with the same answer.</summary>
    /// <param name="token">As <see cref="RequestTokenAsync"/> gave it.</param>
    /// <param name="expectedAmountRials">Your order's amount: where the payment's is another, nothing is verified. Recommended.</param>
    /// <param name="cancellationToken">Ends the wait, not the verification.</param>
    /// <exception cref="CanPayRefusedException">Not paid, returned, unknown, or another amount.</exception>
    /// <exception cref="CanPayUnavailableException">No usable answer: it may have been verified. Call again.</exception>
    public async Task<Verification> VerifyAsync(
        string token, long? expectedAmountRials = null, CancellationToken cancellationToken = default)
    {
        var body = new VerifyBody(_options.Merchant, token, expectedAmountRials);
        var data = await CallAsync(
            "verify", JsonSerializer.SerializeToUtf8Bytes(body, ClientJson.Default.VerifyBody), null, cancellationToken)
            .ConfigureAwait(false);
        return data is { Card.Length: > 0, Reference.Length: > 0 }
            ? new Verification(data.Card, data.Reference)
            {
                AmountRials = data.Amount,
                InvoiceId = data.InvoiceId,
                VerifiedAt = data.VerifiedAt,
                AlreadyVerified = data.AlreadyVerified,
            }
            : throw Unreadable();
    }

    private async Task<AnswerData?> CallAsync(string operation, byte[] body, string? idempotencyKey, CancellationToken ct)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await OnceAsync(operation, body, idempotencyKey, ct).ConfigureAwait(false);
            }
            catch (CanPayUnavailableException e) when (attempt < _options.MaxRetries)
            {
                var doubled = _options.RetryDelay * Math.Pow(2, attempt) * (0.75 + (RandomNumberGenerator.GetInt32(0, 500) / 1000.0));
                await Task.Delay(e.RetryAfter > doubled ? e.RetryAfter.Value : doubled, _clock, ct).ConfigureAwait(false);
            }
        }
    }

    private async Task<AnswerData?> OnceAsync(string operation, byte[] body, string? idempotencyKey, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(_options.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_options.BaseUrl, $"/api/ipg/{operation}"))
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") } },
        };
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        try
        {
            using var response = await _http.SendAsync(request, either.Token).ConfigureAwait(false);
            var bytes = await response.Content.ReadAsByteArrayAsync(either.Token).ConfigureAwait(false);
            return Read(response, bytes);
        }
        catch (HttpRequestException e)
        {
            throw new CanPayUnavailableException("The gateway could not be reached: " + e.Message, e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new CanPayUnavailableException("The gateway did not answer in time.", e);
        }
    }

    private static AnswerData? Read(HttpResponseMessage response, byte[] bytes)
    {
        Answer? answer;
        try
        {
            answer = JsonSerializer.Deserialize(bytes, ClientJson.Default.Answer);
        }
        catch (JsonException e)
        {
            throw Unreadable(e, response);
        }

        if (answer is null or { Status: false, Error: null } || response.StatusCode is HttpStatusCode.TooManyRequests || (int)response.StatusCode >= 500)
        {
            throw Unreadable(null, response);
        }

        if (answer.Status)
        {
            return answer.Data;
        }

        throw new CanPayRefusedException(
            response.StatusCode, answer.Code, answer.Error ?? "", answer.Message ?? "", answer.Description ?? "");
    }

    private static CanPayUnavailableException Unreadable(Exception? inner = null, HttpResponseMessage? response = null) => new(
        response is null ? "The gateway's answer cannot be read." : $"The gateway answered {(int)response.StatusCode}, which says nothing of the payment.",
        inner,
        response?.Headers.RetryAfter?.Delta);
}
