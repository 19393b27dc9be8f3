using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Refunds;
using CanPay.Gateway.Storage.Sqlite;
using CanPay.Gateway.Webhooks;

namespace CanPay.Simulation;

/// <summary>
/// A node's connection to the books: every call takes time, on the way there and back, and may fail on either. A node that dies
/// meanwhile does not call back what is on its way.
/// </summary>
internal sealed class NodeStore(World world, Lifeline life) : IPaymentStore, IAcquiringStore, IRefundStore, IWebhookStore
{
    private SqliteStore Payments => world.Payments;

    private SqliteRefunds Refunds => world.Refunds;

    private SqliteWebhooks Events => world.Events;

    public Task<Merchant?> FindMerchant(string code, CancellationToken ct) => Read(() => Payments.FindMerchant(code, ct));

    public Task<Payment?> Find(string token, CancellationToken ct) => Read(() => Payments.Find(token, ct));

    public Task<Payment?> Find(PaymentId id, CancellationToken ct) => Read(() => Payments.Find(id, ct));

    public Task<(Payment Payment, Merchant Merchant)?> FindWithMerchant(string token, CancellationToken ct) =>
        Read(() => Payments.FindWithMerchant(token, ct));

    public Task<Authorization?> FindAuthorization(PaymentId payment, int number, CancellationToken ct) =>
        Read(() => Payments.FindAuthorization(payment, number, ct));

    public Task<StoredAnswer?> FindAnswer(MerchantId merchant, string key, CancellationToken ct) =>
        Read(() => Payments.FindAnswer(merchant, key, ct));

    public Task<Hold?> FindHold(CancellationToken ct) => Read(() => Payments.FindHold(ct));

    public Task<CreateResult> Create(NewPayment payment, CancellationToken ct) => Write(() => Payments.Create(payment, ct));

    public Task<ApplyResult> Apply(PaymentChange change) => Write(async () =>
    {
        var result = await Payments.Apply(change);
        if (change.Authorization is { } authorization)
        {
            world.Remember(authorization.Rrn, change.Before.Id);
        }

        if (result is ApplyResult.Applied)
        {
            world.Watch(change, life);
        }

        world.Trace.Note(
            change.Before.Id.Value,
            ((long)result << 8) | ((long)change.Before.Status << 4) | (long)change.After.Status,
            $"books: {change.Before.Status} -> {change.After.Status} by {change.Cause}: {result}");
        return result;
    });

    public Task<bool> Settle(Payment asRead) => Write(async () =>
        await Payments.Find(asRead.Id, CancellationToken.None) is { } now && now.Version == asRead.Version && now.Status == asRead.Status);

    public Task<bool> Settle(MerchantId merchant, StoredAnswer asRead) => Write(async () =>
        await Payments.FindAnswer(merchant, asRead.Key, CancellationToken.None) is { } now && now.Body == asRead.Body);

    public Task<IReadOnlyList<Payment>> ClaimDue(int limit, TimeSpan lease, CancellationToken ct) =>
        Write(() => Payments.ClaimDue(limit, lease, ct));

    public Task<bool> Postpone(Postponement postponement) => Write(async () =>
    {
        var kept = await Payments.Postpone(postponement);
        world.Trace.Note(
            postponement.Claimed.Id.Value,
            1_000 + postponement.Claimed.JobAttempts,
            $"books: {postponement.Claimed.Status} put off until {postponement.DueAt:HH:mm:ss.fff}: {postponement.Reason}; kept {kept}");
        return kept;
    });

    public Task<StoredAnswer> KeepAnswer(MerchantId merchant, StoredAnswer answer, CancellationToken ct) =>
        Write(() => Payments.KeepAnswer(merchant, answer, ct));

    public Task<int> ForgetAnswers(DateTimeOffset before, CancellationToken ct) => Write(() => Payments.ForgetAnswers(before, ct));

    public Task Beat(string loop, string node, DateTimeOffset now, CancellationToken ct) => Write(async () =>
    {
        await Payments.Beat(loop, node, now, ct);
        return true;
    });

    public Task<long> ReserveTraceNumbers(int count, CancellationToken ct) => Write(() => Payments.ReserveTraceNumbers(count, ct));

    public Task Record(IReadOnlyList<NetworkMessage> messages, CancellationToken ct) => Write(async () =>
    {
        await Payments.Record(messages, ct);
        return true;
    });

    public Task<Refund?> Find(RefundId id, CancellationToken ct) => Read(() => Refunds.Find(id, ct));

    public Task<Refund?> Find(MerchantId merchant, string reference, CancellationToken ct) => Read(() => Refunds.Find(merchant, reference, ct));

    public Task<IReadOnlyList<Refund>> OfPayment(PaymentId payment, CancellationToken ct) => Read(() => Refunds.OfPayment(payment, ct));

    public Task<ILookup<PaymentId, Refund>> OfPayments(IReadOnlyCollection<PaymentId> payments, CancellationToken ct) =>
        Read(() => Refunds.OfPayments(payments, ct));

    public Task<bool> HasCard(PaymentId payment, CancellationToken ct) => Read(() => Refunds.HasCard(payment, ct));

    public Task<byte[]?> FindCard(PaymentId payment, CancellationToken ct) => Read(() => Refunds.FindCard(payment, ct));

    public Task<AddRefundResult> Add(Refund refund) => Write(async () =>
    {
        var result = await Refunds.Add(refund);
        if (refund.Advice is { } advice)
        {
            world.Remember(advice.Rrn, refund.PaymentId);
        }

        world.Trace.Note(refund.PaymentId.Value, 2_000, $"books: refund {refund.Reference} of {refund.Amount.Amount}: {result.GetType().Name}");
        return result;
    });

    public Task<bool> Apply(RefundChange change) => Write(async () =>
    {
        var kept = await Refunds.Apply(change);
        world.Trace.Note(
            change.Before.PaymentId.Value, 2_100 + (long)change.After.Status, $"books: refund {change.Before.Reference} {change.After.Status}; kept {kept}");
        return kept;
    });

    public Task<bool> Settle(Refund asRead) => Write(async () =>
        await Refunds.Find(asRead.Id, CancellationToken.None) is { } now && now.Version == asRead.Version && now.Status == asRead.Status);

    Task<IReadOnlyList<Refund>> IRefundStore.ClaimDue(int limit, TimeSpan lease, CancellationToken ct) =>
        Write(() => Refunds.ClaimDue(limit, lease, ct));

    public Task<bool> Postpone(Refund claimed, DateTimeOffset? dueAt, string reason, IReadOnlyList<NetworkMessage> messages) =>
        Write(() => Refunds.Postpone(claimed, dueAt, reason, messages));

    public Task<bool> Retry(RefundId id) => Write(() => Refunds.Retry(id));

    public Task<int> ForgetCards(CancellationToken ct) => Write(() => Refunds.ForgetCards(ct));

    public Task<IReadOnlyList<ClaimedDelivery>> Claim(int atMost, DeliveryLimits limits, long? listener, CancellationToken ct) =>
        Write(() => Events.Claim(atMost, limits, listener, ct));

    public Task<bool> Finish(FinishedDelivery finished, DeliveryLimits limits) => Write(() => Events.Finish(finished, limits));

    public Task<int> Remind(TimeSpan before, int atMost) => Write(() => Events.Remind(before, atMost));

    public Task<int> GiveUp(DateTimeOffset bornBefore, int atMost) => Write(() => Events.GiveUp(bornBefore, atMost));

    public Task<int> ForgetEvents(DateTimeOffset before, int atMost) => Write(() => Events.ForgetEvents(before, atMost));

    private Task<T> Read<T>(Func<Task<T>> work) => Call(work, world.Faults.Reading());

    private Task<T> Write<T>(Func<Task<T>> work) => Call(work, world.Faults.Writing());

    private Task<T> Call<T>(Func<Task<T>> work, CallFate fate)
    {
        var answer = new TaskCompletionSource<T>();
        world.Timeline.After(fate.There, () =>
        {
            if (fate.IsWrite)
            {
                world.Books.WhenNear(Arrive);
            }
            else
            {
                Arrive();
            }
        });
        return answer.Task;

        void Arrive()
        {
            if (world.Books.IsDown || fate.Ending is CallEnding.NotDone)
            {
                Fail("the connection broke");
                return;
            }

            var server = world.Books.Server;
            var result = work();
            var wrote = world.Books.Written;

            // What is settled waits for what others wrote before it.
            world.Timeline.After(fate.IsWrite ? fate.Back + world.Replication(fate.Lag) : fate.Back, () =>
            {
                if (world.Books.Server != server)
                {
                    Fail("the server was replaced");
                    return;
                }

                if (fate.IsWrite)
                {
                    world.Books.Replicated(wrote);
                }

                if (fate.Ending is CallEnding.NotTold)
                {
                    Fail("no answer in time");
                }
                else if (result.IsFaulted)
                {
                    life.Deliver(() => answer.TrySetException(result.Exception.InnerExceptions));
                }
                else
                {
                    life.Deliver(() => answer.TrySetResult(result.Result));
                }
            });
        }

        void Fail(string why) => life.Deliver(() => answer.TrySetException(new StoreUnavailableException(why)));
    }
}

/// <summary>What becomes of one call of the store.</summary>
/// <param name="Lag">Until the standby has it.</param>
internal readonly record struct CallFate(bool IsWrite, TimeSpan There, TimeSpan Back, TimeSpan Lag, CallEnding Ending);

internal enum CallEnding
{
    Told,

    /// <summary>Nothing happened, and the caller hears of a failure.</summary>
    NotDone,

    /// <summary>It happened, and the caller hears of a failure.</summary>
    NotTold,
}
