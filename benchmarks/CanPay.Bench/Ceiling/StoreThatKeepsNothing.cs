using System.Collections.Concurrent;
using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;

namespace CanPay.Bench;

/// <summary>
/// Holds a payment in memory from its token to its end, and writes nothing anywhere: what remains is HTTP, our code and the
/// line. Only a measure; it loses everything.
/// </summary>
/// <param name="books">Knows the merchants, and is asked for each once.</param>
internal sealed class StoreThatKeepsNothing(IPaymentStore books) : IPaymentStore, IAcquiringStore
{
    private readonly ConcurrentDictionary<string, Merchant> _byCode = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<MerchantId, Merchant> _byId = new();
    private readonly ConcurrentDictionary<PaymentId, Payment> _payments = new();
    private readonly ConcurrentDictionary<string, PaymentId> _tokens = new(StringComparer.Ordinal);
    private long _lastId;
    private long _traceNumber;

    public async Task<Merchant?> FindMerchant(string code, CancellationToken ct)
    {
        if (_byCode.TryGetValue(code, out var known))
        {
            return known;
        }

        if (await books.FindMerchant(code, ct) is not { } found)
        {
            return null;
        }

        _byId[found.Id] = found;
        return _byCode[code] = found;
    }

    public async Task<(Payment Payment, Merchant Merchant)?> FindWithMerchant(string token, CancellationToken ct) =>
        await Find(token, ct) is { } payment && _byId.TryGetValue(payment.MerchantId, out var merchant) ? (payment, merchant) : null;

    public Task<CreateResult> Create(NewPayment payment, CancellationToken ct)
    {
        var id = new PaymentId(Interlocked.Increment(ref _lastId));
        _payments[id] = new Payment(
            id, payment.MerchantId, payment.Token, payment.InvoiceId, payment.Amount, payment.CallbackUrl, payment.Mobile,
            payment.CreatedAt, payment.PageExpiresAt);
        _tokens[payment.Token] = id;
        return Task.FromResult<CreateResult>(new CreateResult.Created(id));
    }

    public Task<Payment?> Find(string token, CancellationToken ct) =>
        _tokens.TryGetValue(token, out var id) ? Find(id, ct) : Task.FromResult<Payment?>(null);

    public Task<Payment?> Find(PaymentId id, CancellationToken ct) => Task.FromResult(_payments.GetValueOrDefault(id));

    public Task<Authorization?> FindAuthorization(PaymentId payment, int number, CancellationToken ct) =>
        Task.FromResult<Authorization?>(null);

    public Task<ApplyResult> Apply(PaymentChange change)
    {
        if (!_payments.TryUpdate(change.After.Id, change.After, change.Before))
        {
            return Task.FromResult(ApplyResult.Moved);
        }

        if (change.After.IsFinal)
        {
            _payments.TryRemove(change.After.Id, out _);
            _tokens.TryRemove(change.After.Token, out _);
        }

        return Task.FromResult(ApplyResult.Applied);
    }

    public Task Settle(Payment asRead) => Task.CompletedTask;

    public Task Settle(MerchantId merchant, StoredAnswer asRead) => Task.CompletedTask;

    public Task<IReadOnlyList<Payment>> ClaimDue(int limit, TimeSpan lease, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<Payment>>([]);

    public Task<bool> Postpone(Postponement postponement) => Task.FromResult(false);

    public Task<StoredAnswer?> FindAnswer(MerchantId merchant, string key, CancellationToken ct) => Task.FromResult<StoredAnswer?>(null);

    public Task<StoredAnswer> KeepAnswer(MerchantId merchant, StoredAnswer answer, CancellationToken ct) => Task.FromResult(answer);

    public Task<Hold?> FindHold(CancellationToken ct) => Task.FromResult<Hold?>(null);

    public Task<int> ForgetAnswers(DateTimeOffset before, CancellationToken ct) => Task.FromResult(0);

    public Task Beat(string loop, string node, DateTimeOffset now, CancellationToken ct) => Task.CompletedTask;

    public Task<long> ReserveTraceNumbers(int count, CancellationToken ct) =>
        Task.FromResult(Interlocked.Add(ref _traceNumber, count) - count);

    public Task Record(IReadOnlyList<NetworkMessage> messages, CancellationToken ct) => Task.CompletedTask;
}
