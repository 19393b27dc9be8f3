using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Webhooks;

namespace CanPay.Simulation;

/// <summary>
/// A fault put on purpose between the product's parts, to see that the checker sees it. What it does not change stays as it is;
/// one that changes nothing is none.
/// </summary>
/// <param name="Name">As the command line takes it.</param>
/// <param name="What">The mistake that a programmer might make.</param>
internal sealed record PlantedBug(string Name, string What)
{
    public static PlantedBug None { get; } = new("none", "The product as it is.");

    public Func<World, IPaymentStore, PaymentChange, Task<ApplyResult>>? Apply { get; init; }

    public Func<IPaymentStore, NewPayment, Task<CreateResult>>? Create { get; init; }

    public Func<Payment, Task<bool>>? Settle { get; init; }

    public Func<Payment, Payment>? Claim { get; init; }

    public Func<IPaymentStore, Postponement, Task<bool>>? Postpone { get; init; }

    public Func<long, long>? TraceNumbers { get; init; }

    public Func<IAcquirer, Authorization, Card, Task<AuthorizationOutcome>>? Authorize { get; init; }

    public Func<IAcquirer, Authorization, Task<ReversalOutcome>>? Reverse { get; init; }

    public Func<IAcquirer, RefundOrder, Task<RefundOutcome>>? Refund { get; init; }

    public Func<FinishedDelivery, FinishedDelivery>? Finish { get; init; }

    public Action<Settings>? Change { get; init; }

    /// <summary>Changes the database's connection before the first payment.</summary>
    public Action<Books>? Sabotage { get; init; }

    /// <summary>Nodes go by their own clocks.</summary>
    public bool UsesOwnClock { get; init; }

    public IPaymentStore Of(IPaymentStore store, World world) => new BuggyStore(this, store, world);

    public IAcquiringStore Of(IAcquiringStore store) => new BuggyNumbers(this, store);

    public IAcquirer Of(IAcquirer acquirer) => new BuggyAcquirer(this, acquirer);

    public IWebhookStore Of(IWebhookStore store) => new BuggyEvents(this, store);

    private sealed class BuggyStore(PlantedBug bug, IPaymentStore store, World world) : IPaymentStore
    {
        public Task<Merchant?> FindMerchant(string code, CancellationToken ct) => store.FindMerchant(code, ct);

        public Task<CreateResult> Create(NewPayment payment, CancellationToken ct) =>
            bug.Create?.Invoke(store, payment) ?? store.Create(payment, ct);

        public Task<Payment?> Find(string token, CancellationToken ct) => store.Find(token, ct);

        public Task<Payment?> Find(PaymentId id, CancellationToken ct) => store.Find(id, ct);

        public Task<(Payment Payment, Merchant Merchant)?> FindWithMerchant(string token, CancellationToken ct) =>
            store.FindWithMerchant(token, ct);

        public Task<Authorization?> FindAuthorization(PaymentId payment, int number, CancellationToken ct) =>
            store.FindAuthorization(payment, number, ct);

        public Task<ApplyResult> Apply(PaymentChange change) => bug.Apply?.Invoke(world, store, change) ?? store.Apply(change);

        public Task<bool> Settle(Payment asRead) => bug.Settle?.Invoke(asRead) ?? store.Settle(asRead);

        public Task<bool> Settle(MerchantId merchant, StoredAnswer asRead) => store.Settle(merchant, asRead);

        public async Task<IReadOnlyList<Payment>> ClaimDue(int limit, TimeSpan lease, CancellationToken ct) =>
            [.. (await store.ClaimDue(limit, lease, ct)).Select(payment => bug.Claim?.Invoke(payment) ?? payment)];

        public Task<bool> Postpone(Postponement postponement) =>
            bug.Postpone?.Invoke(store, postponement) ?? store.Postpone(postponement);

        public Task<StoredAnswer?> FindAnswer(MerchantId merchant, string key, CancellationToken ct) => store.FindAnswer(merchant, key, ct);

        public Task<StoredAnswer> KeepAnswer(MerchantId merchant, StoredAnswer answer, CancellationToken ct) =>
            store.KeepAnswer(merchant, answer, ct);

        public Task<int> ForgetAnswers(DateTimeOffset before, CancellationToken ct) => store.ForgetAnswers(before, ct);

        public Task<Hold?> FindHold(CancellationToken ct) => store.FindHold(ct);

        public Task Beat(string loop, string node, DateTimeOffset now, CancellationToken ct) => store.Beat(loop, node, now, ct);
    }

    private sealed class BuggyNumbers(PlantedBug bug, IAcquiringStore store) : IAcquiringStore
    {
        public async Task<long> ReserveTraceNumbers(int count, CancellationToken ct)
        {
            var first = await store.ReserveTraceNumbers(count, ct);
            return bug.TraceNumbers?.Invoke(first) ?? first;
        }

        public Task Record(IReadOnlyList<NetworkMessage> messages, CancellationToken ct) => store.Record(messages, ct);
    }

    private sealed class BuggyAcquirer(PlantedBug bug, IAcquirer acquirer) : IAcquirer
    {
        public bool IsReady(bool forTests) => acquirer.IsReady(forTests);

        public Task<Authorization> Prepare(PaymentId payment, int number, Rials amount, Terminal terminal, Card card, CancellationToken ct) =>
            acquirer.Prepare(payment, number, amount, terminal, card, ct);

        public Task<AuthorizationOutcome> Authorize(Authorization authorization, Card card) =>
            bug.Authorize?.Invoke(acquirer, authorization, card) ?? acquirer.Authorize(authorization, card);

        public Task<Authorization> PrepareReversal(Authorization authorization, CancellationToken ct) => acquirer.PrepareReversal(authorization, ct);

        public Task<ReversalOutcome> Reverse(Authorization authorization) =>
            bug.Reverse?.Invoke(acquirer, authorization) ?? acquirer.Reverse(authorization);

        public Task<RefundAdvice> PrepareRefund(CancellationToken ct) => acquirer.PrepareRefund(ct);

        public Task<RefundOutcome> Refund(RefundOrder order) => bug.Refund?.Invoke(acquirer, order) ?? acquirer.Refund(order);

        public Task<bool> RequestPin(PaymentId payment, Rials amount, Terminal terminal, Card card, CancellationToken ct) =>
            acquirer.RequestPin(payment, amount, terminal, card, ct);
    }

    private sealed class BuggyEvents(PlantedBug bug, IWebhookStore store) : IWebhookStore
    {
        public Task<IReadOnlyList<ClaimedDelivery>> Claim(int atMost, DeliveryLimits limits, long? listener, CancellationToken ct) =>
            store.Claim(atMost, limits, listener, ct);

        public Task<bool> Finish(FinishedDelivery finished, DeliveryLimits limits) =>
            store.Finish(bug.Finish?.Invoke(finished) ?? finished, limits);

        public Task<int> Remind(TimeSpan before, int atMost) => store.Remind(before, atMost);

        public Task<int> GiveUp(DateTimeOffset bornBefore, int atMost) => store.GiveUp(bornBefore, atMost);

        public Task<int> ForgetEvents(DateTimeOffset before, int atMost) => store.ForgetEvents(before, atMost);
    }
}
