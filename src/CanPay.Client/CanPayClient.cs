using System.Runtime.CompilerServices;

namespace CanPay.Client;

/// <summary>All calls of the CanPay gateway. Safe for several threads.</summary>
/// <remarks>
/// Every call throws <see cref="CanPayRefusedException"/> where the gateway said no, and <see cref="CanPayUnavailableException"/> where
/// nobody knows; then the same call may be made again. A cancelled token ends the wait, never what the gateway was asked to do.
/// </remarks>
public sealed class CanPayClient
{
    private const int PageSize = 100;

    private readonly Transport _transport;
    private readonly string _merchant;

    /// <summary>Makes a client. With ASP.NET Core, <c>AddCanPay</c> of the package CanPay.Client.AspNetCore does it.</summary>
    /// <param name="http">One for the life of the program. Its time-out should be longer than <see cref="CanPayOptions.Timeout"/>.</param>
    /// <param name="options">Where the gateway is and who you are.</param>
    /// <param name="clock">For waits between repetitions; the system's by default.</param>
    /// <exception cref="ArgumentException">The options are not complete.</exception>
    public CanPayClient(HttpClient http, CanPayOptions options, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Problem() is { } problem)
        {
            throw new ArgumentException(problem, nameof(options));
        }

        _transport = new Transport(http, options, clock ?? TimeProvider.System);
        _merchant = options.Merchant;
    }

    /// <summary>Begins a payment.</summary>
    /// <param name="request">What is asked for. The same request again gives the same token until somebody begins to pay.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CanPayRefusedException">The gateway said no, for example to a used invoice or an unregistered domain.</exception>
    /// <exception cref="CanPayUnavailableException">No usable answer; repeating the same request is safe.</exception>
    public async Task<PaymentToken> RequestTokenAsync(TokenRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var body = new TokenBody(_merchant, request.AmountRials, request.CallbackUrl.OriginalString, request.InvoiceId, request.Mobile);
        var data = await _transport.Call(
            "token", body, ClientJson.Default.TokenBody, ClientJson.Default.TokenData,
            answer => answer.Token is { Length: > 0 } && Uri.TryCreate(answer.Url, UriKind.Absolute, out _),
            cancellationToken, request.IdempotencyKey).ConfigureAwait(false);
        return new PaymentToken(data.Token!, new Uri(data.Url!));
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
        var data = await _transport.Call(
            "verify", new PaymentBody(_merchant, token, expectedAmountRials), ClientJson.Default.PaymentBody, ClientJson.Default.VerifyData,
            answer => answer is { Card.Length: > 0, Reference.Length: > 0 }, cancellationToken).ConfigureAwait(false);
        return new Verification(data.Card!, data.Reference!)
        {
            AmountRials = data.Amount,
            InvoiceId = data.InvoiceId,
            VerifiedAt = data.VerifiedAt,
            AlreadyVerified = data.AlreadyVerified,
        };
    }

    /// <summary>Sends the money of a paid payment back before it was verified. May be repeated.</summary>
    /// <param name="token">As <see cref="RequestTokenAsync"/> gave it.</param>
    /// <param name="expectedAmountRials">Your order's amount: where the payment's is another, nothing happens.</param>
    /// <param name="cancellationToken">Ends the wait, not the return of the money.</param>
    /// <exception cref="CanPayRefusedException">Not paid; or <see cref="CanPayErrors.AlreadyVerified"/>: refund it instead.</exception>
    /// <exception cref="CanPayUnavailableException">No usable answer. Call again.</exception>
    public async Task<Reversal> ReverseAsync(
        string token, long? expectedAmountRials = null, CancellationToken cancellationToken = default)
    {
        var data = await _transport.Call(
            "reverse", new PaymentBody(_merchant, token, expectedAmountRials), ClientJson.Default.PaymentBody, ClientJson.Default.ReverseData,
            answer => answer is { Token.Length: > 0, InvoiceId.Length: > 0 }, cancellationToken).ConfigureAwait(false);
        return new Reversal(data.Token!, data.InvoiceId!, data.Amount, data.Status, data.AlreadyReversed);
    }

    /// <summary>What the gateway knows of a payment, with its refunds. Changes nothing.</summary>
    /// <param name="token">As <see cref="RequestTokenAsync"/> gave it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CanPayRefusedException"><see cref="CanPayErrors.TokenNotFound"/>.</exception>
    /// <exception cref="CanPayUnavailableException">No usable answer.</exception>
    public Task<Payment> InquireAsync(string token, CancellationToken cancellationToken = default) =>
        Inquire(new PaymentBody(_merchant, token), cancellationToken);

    /// <summary>What the gateway knows of the payment of an order, with its refunds. Changes nothing.</summary>
    /// <param name="invoiceId">Your order's number.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CanPayRefusedException"><see cref="CanPayErrors.InvoiceNotFound"/>.</exception>
    /// <exception cref="CanPayUnavailableException">No usable answer.</exception>
    public Task<Payment> InquireByInvoiceAsync(string invoiceId, CancellationToken cancellationToken = default) =>
        Inquire(new PaymentBody(_merchant, InvoiceId: invoiceId), cancellationToken);

    /// <summary>Payments that are paid and wait for your verification, those with the nearest deadline first; page after page.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CanPayRefusedException">For example <see cref="CanPayErrors.ScopeMissing"/>.</exception>
    /// <exception cref="CanPayUnavailableException">No usable answer; what came before stands.</exception>
    public IAsyncEnumerable<Payment> ListUnverifiedAsync(CancellationToken cancellationToken = default) =>
        Pages("unverified", new PageBody(_merchant, PageSize, null), cancellationToken);

    /// <summary>Your payments, newest first; page after page.</summary>
    /// <param name="query">Which; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CanPayRefusedException">For example <see cref="CanPayErrors.ScopeMissing"/>.</exception>
    /// <exception cref="CanPayUnavailableException">No usable answer; what came before stands.</exception>
    public IAsyncEnumerable<Payment> ListTransactionsAsync(TransactionQuery? query = null, CancellationToken cancellationToken = default) =>
        Pages(
            "transactions",
            new PageBody(_merchant, PageSize, null, query?.Status, Instant(query?.From), Instant(query?.To)),
            cancellationToken);

    /// <summary>Sends money of a verified payment back to the payer, all or a part of it.</summary>
    /// <param name="request">Its <see cref="RefundRequest.RefundId"/> makes repeating safe: the same again is the same refund.</param>
    /// <param name="cancellationToken">Ends the wait, not the refund.</param>
    /// <returns>The refund as it stands; it may end later. Ask with <see cref="GetRefundAsync"/> or wait for the webhook.</returns>
    /// <exception cref="CanPayRefusedException">
    /// <see cref="CanPayErrors.RefundExceedsPayment"/>, <see cref="CanPayErrors.NotVerified"/>, <see cref="CanPayErrors.RefundIdReused"/>,
    /// <see cref="CanPayErrors.RefundsNotEnabled"/>, and others.
    /// </exception>
    /// <exception cref="CanPayUnavailableException">No usable answer: it may have been taken. Call again with the same refund id.</exception>
    public Task<Refund> RefundAsync(RefundRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _transport.Call(
            "refund",
            new RefundBody(_merchant, request.Token, request.AmountRials, request.Reason, request.RefundId, request.Method),
            ClientJson.Default.RefundBody, ClientJson.Default.Refund, IsWhole, cancellationToken);
    }

    /// <summary>Where a refund stands.</summary>
    /// <param name="refundId">Your own reference.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CanPayRefusedException"><see cref="CanPayErrors.RefundNotFound"/>.</exception>
    /// <exception cref="CanPayUnavailableException">No usable answer.</exception>
    public Task<Refund> GetRefundAsync(string refundId, CancellationToken cancellationToken = default) => _transport.Call(
        "refund/status", new RefundBody(_merchant, null, null, null, refundId, null),
        ClientJson.Default.RefundBody, ClientJson.Default.Refund, IsWhole, cancellationToken);

    /// <summary>Whether you can reach the gateway, and what it knows of you. Changes nothing.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CanPayRefusedException"><see cref="CanPayErrors.AccessDenied"/>: the description names the address that was seen.</exception>
    /// <exception cref="CanPayUnavailableException">No usable answer.</exception>
    public Task<Ping> PingAsync(CancellationToken cancellationToken = default) => _transport.Call(
        "ping", new PaymentBody(_merchant), ClientJson.Default.PaymentBody, ClientJson.Default.Ping,
        answer => answer is { Address: not null, Merchant.Code: not null }, cancellationToken);

    private static string? Instant(DateTimeOffset? at) =>
        at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private Task<Payment> Inquire(PaymentBody body, CancellationToken ct) => _transport.Call(
        "inquiry", body, ClientJson.Default.PaymentBody, ClientJson.Default.Payment, answer => answer.Token is not null, ct);

    private static bool IsWhole(Refund refund) => refund is { RefundId: not null, Token: not null };

    private async IAsyncEnumerable<Payment> Pages(string operation, PageBody first, [EnumeratorCancellation] CancellationToken ct)
    {
        var body = first;
        while (true)
        {
            // A cursor that leads nowhere new would never end.
            var page = await _transport.Call(
                operation, body, ClientJson.Default.PageBody, ClientJson.Default.PageData,
                answer => answer.Payments is not null && (answer.NextCursor is null || answer.NextCursor != body.Cursor), ct)
                .ConfigureAwait(false);
            foreach (var payment in page.Payments!)
            {
                yield return payment;
            }

            if (page.NextCursor is null)
            {
                yield break;
            }

            body = body with { Cursor = page.NextCursor };
        }
    }
}
