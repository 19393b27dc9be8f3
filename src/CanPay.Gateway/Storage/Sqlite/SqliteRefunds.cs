using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Ledger;
using CanPay.Gateway.Refunds;

namespace CanPay.Gateway.Storage.Sqlite;

/// <summary>Refunds on the embedded database, through the payments' one writer.</summary>
internal sealed class SqliteRefunds(SqliteStore store, TimeProvider clock) : IRefundStore
{
    public Task<Refund?> Find(RefundId id, CancellationToken ct) => Task.FromResult(store.Reading(session => Find(session, id)));

    public Task<Refund?> Find(MerchantId merchant, string reference, CancellationToken ct) =>
        Task.FromResult(store.Reading(session => Find(session, merchant, reference)));

    public async Task<IReadOnlyList<Refund>> OfPayment(PaymentId payment, CancellationToken ct) => [.. (await OfPayments([payment], ct))[payment]];

    public Task<ILookup<PaymentId, Refund>> OfPayments(IReadOnlyCollection<PaymentId> payments, CancellationToken ct) =>
        Task.FromResult(store.Reading(session => payments
            .SelectMany(payment => session.All(
                $"SELECT {RefundRows.Columns} FROM refunds WHERE payment_id = {payment} ORDER BY id", RefundRows.Refund))
            .ToLookup(refund => refund.PaymentId)));

    public Task<bool> HasCard(PaymentId payment, CancellationToken ct)
    {
        var until = clock.GetUtcNow() + IRefundStore.CardMargin;
        return Task.FromResult(store.Reading(session => HasCard(session, payment, until)));
    }

    public Task<byte[]?> FindCard(PaymentId payment, CancellationToken ct) => Task.FromResult(store.Reading(session => session.First(
        $"SELECT sealed_card FROM refundable_cards WHERE payment_id = {payment}", row => row.GetFieldValue<byte[]>(0))));

    public Task<AddRefundResult> Add(Refund refund)
    {
        var until = clock.GetUtcNow() + IRefundStore.CardMargin;
        return store.Write(session => Add(session, refund, until));
    }

    public Task<bool> Apply(RefundChange change) => store.Write(session => Apply(session, change));

    /// <summary>On this engine nothing can be read before it is on disk.</summary>
    public Task<bool> Settle(Refund asRead) => Task.FromResult(true);

    public Task<IReadOnlyList<Refund>> ClaimDue(int limit, TimeSpan lease, CancellationToken ct)
    {
        var now = clock.GetUtcNow();

        // Most looks find nothing: those cost no write.
        var any = store.Reading(session => session.Number(
            $"SELECT EXISTS (SELECT 1 FROM refunds WHERE due_at_ms <= {now} AND lease_until_ms <= {now})"));
        return any == 0
            ? Task.FromResult<IReadOnlyList<Refund>>([])
            : store.Write<IReadOnlyList<Refund>>(session => session.All(
                $"""
                UPDATE refunds SET lease_until_ms = {now + lease}, lease_epoch = lease_epoch + 1
                WHERE id IN (SELECT id FROM refunds WHERE due_at_ms <= {now} AND lease_until_ms <= {now} ORDER BY due_at_ms LIMIT {limit})
                RETURNING {RefundRows.Columns}
                """,
                RefundRows.Refund));
    }

    public Task<bool> Postpone(Refund claimed, DateTimeOffset? dueAt, string reason, IReadOnlyList<NetworkMessage> messages) =>
        store.Write(session =>
        {
            // What passed over the line is true whoever holds the lease.
            PaymentWrites.Journal(session, messages);
            return session.Execute(
                $"""
                UPDATE refunds
                SET due_at_ms = {dueAt}, lease_until_ms = 0, job_attempts = {claimed.JobAttempts}, job_refusals = {claimed.JobRefusals},
                    job_note = {reason}
                WHERE id = {claimed.Id.Value} AND version = {claimed.Version} AND lease_epoch = {claimed.LeaseEpoch}
                """) == 1;
        });

    public Task<bool> Retry(RefundId id)
    {
        var now = clock.GetUtcNow();
        return store.Write(session => session.Execute(
            $"UPDATE refunds SET due_at_ms = {now}, job_refusals = 0 WHERE id = {id.Value} AND status = 'Sending' AND due_at_ms IS NULL") == 1);
    }

    public Task<int> ForgetCards(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return store.Write(session => session.Execute(
            $"""
            DELETE FROM refundable_cards WHERE forget_at_ms <= {now}
                AND NOT EXISTS (SELECT 1 FROM refunds r WHERE r.payment_id = refundable_cards.payment_id AND r.status = 'Sending')
            """));
    }

    private static Refund? Find(SqliteSession session, RefundId id) =>
        session.First($"SELECT {RefundRows.Columns} FROM refunds WHERE id = {id.Value}", RefundRows.Refund);

    private static Refund? Find(SqliteSession session, MerchantId merchant, string reference) => session.First(
        $"SELECT {RefundRows.Columns} FROM refunds WHERE merchant_id = {merchant} AND refund_id = {reference}", RefundRows.Refund);

    private static bool HasCard(SqliteSession session, PaymentId payment, DateTimeOffset until) => session.Number(
        $"SELECT EXISTS (SELECT 1 FROM refundable_cards WHERE payment_id = {payment} AND forget_at_ms > {until})") != 0;

    /// <summary>Looked at before it is written, for the answer; that it holds the CHECK of the books sees to.</summary>
    private static AddRefundResult Add(SqliteSession session, Refund refund, DateTimeOffset until)
    {
        if (Find(session, refund.MerchantId, refund.Reference) is { } existing)
        {
            return new AddRefundResult.ReferenceExists(existing);
        }

        if (refund.Way is RefundWay.Card && !HasCard(session, refund.PaymentId, until))
        {
            return new AddRefundResult.NoCard();
        }

        var left = session.Number(
            $"""
            SELECT amount_rials - coalesce((SELECT refunded_rials FROM payment_refunds WHERE payment_id = payments.id), 0)
            FROM payments WHERE id = {refund.PaymentId}
            """);
        if (refund.Amount.Amount > left)
        {
            return new AddRefundResult.TooMuch();
        }

        var id = session.Number(
            $"""
            INSERT INTO refunds (payment_id, merchant_id, refund_id, request_hash, amount_rials, reason, method, status, version, stan, rrn,
                transmitted_at_ms, created_at_ms, due_at_ms)
            VALUES ({refund.PaymentId}, {refund.MerchantId}, {refund.Reference}, {refund.RequestHash}, {refund.Amount}, {refund.Reason},
                {refund.Way}, {refund.Status}, {refund.Version}, {refund.Advice?.Stan}, {refund.Advice?.Rrn}, {refund.Advice?.TransmittedAt},
                {refund.CreatedAt}, {refund.DueAt})
            RETURNING id
            """);
        var added = refund with { Id = new RefundId(id) };
        Post(session, RefundTransfers.Request(added), added.CreatedAt);
        return new AddRefundResult.Added(added);
    }

    private static bool Apply(SqliteSession session, RefundChange change)
    {
        PaymentWrites.Journal(session, change.Messages);
        var (before, after) = (change.Before, change.After);
        var rows = session.Execute(
            $"""
            UPDATE refunds
            SET status = {after.Status}, version = {after.Version}, action_code = {after.ActionCode}, bank_reference = {after.BankReference},
                failure = {after.Failure}, ended_at_ms = {after.EndedAt}, due_at_ms = {after.DueAt}, lease_until_ms = 0,
                job_attempts = {after.JobAttempts}, job_refusals = {after.JobRefusals}, job_note = NULL
            WHERE id = {before.Id.Value} AND version = {before.Version} AND status = {before.Status} AND due_at_ms IS {before.DueAt}
                AND ({change.LeaseEpoch} IS NULL OR lease_epoch = {change.LeaseEpoch})
            """);
        if (rows == 0)
        {
            return false;
        }

        if (change.Transfer is { } transfer)
        {
            Post(session, transfer, change.At);
        }

        // Everything is back: nothing is left to refund to the card.
        session.Execute(
            $"""
            DELETE FROM refundable_cards WHERE payment_id = {after.PaymentId}
                AND (SELECT sum(amount_rials) FROM refunds WHERE payment_id = {after.PaymentId} AND status = 'Succeeded')
                    = (SELECT paid_rials FROM payment_refunds WHERE payment_id = {after.PaymentId})
            """);
        return true;
    }

    private static void Post(SqliteSession session, Transfer transfer, DateTimeOffset at) => session.Execute(
        $"""
        INSERT INTO transfers (reference, template, debit_account, credit_account, amount_rials, at_ms, payment_id)
        VALUES ({transfer.Reference}, {transfer.Template}, {transfer.Debit.Name}, {transfer.Credit.Name}, {transfer.Amount}, {at},
            {transfer.PaymentId})
        """);
}
