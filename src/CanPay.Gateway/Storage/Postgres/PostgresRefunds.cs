using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Ledger;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Refunds;
using Npgsql;

namespace CanPay.Gateway.Storage.Postgres;

/// <summary>Refunds on a database server: each write is one transaction, judged by the server's clock.</summary>
internal sealed class PostgresRefunds(PostgresDatabase database) : IRefundStore
{
    private static readonly string Select = $"SELECT {RefundRows.Columns} FROM refunds";

    private static readonly long MarginMs = (long)IRefundStore.CardMargin.TotalMilliseconds;

    private readonly PostgresCalls _calls = new(database);

    public Task<Refund?> Find(RefundId id, CancellationToken ct) => _calls.First($"{Select} WHERE id = $1", RefundRows.Refund, id.Value);

    public Task<Refund?> Find(MerchantId merchant, string reference, CancellationToken ct) =>
        _calls.First($"{Select} WHERE merchant_id = $1 AND refund_id = $2", RefundRows.Refund, merchant.Value, reference);

    public async Task<IReadOnlyList<Refund>> OfPayment(PaymentId payment, CancellationToken ct) => [.. (await OfPayments([payment], ct))[payment]];

    public async Task<ILookup<PaymentId, Refund>> OfPayments(IReadOnlyCollection<PaymentId> payments, CancellationToken ct) =>
        (await _calls.All($"{Select} WHERE payment_id = ANY ($1) ORDER BY id", RefundRows.Refund, payments.Select(payment => payment.Value).ToArray()))
        .ToLookup(refund => refund.PaymentId);

    public async Task<bool> HasCard(PaymentId payment, CancellationToken ct) => (await _calls.All(
        "SELECT EXISTS (SELECT 1 FROM refundable_cards WHERE payment_id = $1 AND forget_at_ms > now_ms() + $2)",
        row => row.GetBoolean(0),
        payment.Value,
        MarginMs))[0];

    public Task<byte[]?> FindCard(PaymentId payment, CancellationToken ct) => _calls.First(
        "SELECT sealed_card FROM refundable_cards WHERE payment_id = $1", row => row.GetFieldValue<byte[]>(0), payment.Value);

    public async Task<AddRefundResult> Add(Refund refund)
    {
        var id = (await _calls.All("SELECT nextval(pg_get_serial_sequence('refunds', 'id'))", row => row.GetInt64(0)))[0];
        var added = refund with { Id = new RefundId(id) };
        try
        {
            if (await Insert(added))
            {
                return new AddRefundResult.Added(added);
            }
        }
        catch (StoreRuleException e) when (e.Rule is RefundRows.TooMuch)
        {
            return new AddRefundResult.TooMuch();
        }

        // What stood in its way was committed before it was seen.
        return await Find(refund.MerchantId, refund.Reference, CancellationToken.None) is { } existing
            ? new AddRefundResult.ReferenceExists(existing)
            : new AddRefundResult.NoCard();
    }

    public async Task<bool> Apply(RefundChange change)
    {
        var (before, after) = (change.Before, change.After);
        return await _calls.Run(async session =>
        {
            await using var batch = new NpgsqlBatch(session.Connection);
            batch.BatchCommands.Add(PostgresCalls.Command(
                """
                WITH moved AS (
                    UPDATE refunds
                    SET status = $1, version = $2, action_code = $3::integer, bank_reference = $4::text, failure = $5::text,
                        ended_at_ms = $6::bigint, due_at_ms = $7::bigint, lease_until_ms = 0, job_attempts = $8, job_refusals = $9, job_note = NULL
                    WHERE id = $10 AND version = $11 AND status = $12 AND due_at_ms IS NOT DISTINCT FROM $13::bigint
                        AND ($14::bigint IS NULL OR lease_epoch = $14::bigint)
                    RETURNING id),
                posted AS (
                    INSERT INTO transfers (reference, template, debit_account, credit_account, amount_rials, at_ms, payment_id)
                    SELECT $15::text, $16::text, $17::text, $18::text, $19::bigint, $20::bigint, $21::bigint FROM moved WHERE $15::text IS NOT NULL)
                SELECT id FROM moved
                """,
                [
                    Names<RefundStatus>.Of(after.Status), after.Version, after.ActionCode, after.BankReference, after.Failure, Ms(after.EndedAt),
                    Ms(after.DueAt), after.JobAttempts, after.JobRefusals, before.Id.Value, before.Version, Names<RefundStatus>.Of(before.Status),
                    Ms(before.DueAt), change.LeaseEpoch, .. Values(change.Transfer, change.At),
                ]));

            // Everything is back: nothing is left to refund to the card.
            batch.BatchCommands.Add(PostgresCalls.Command(
                """
                DELETE FROM refundable_cards c USING payment_refunds g
                WHERE c.payment_id = $1 AND g.payment_id = $1
                    AND g.paid_rials = (SELECT sum(amount_rials) FROM refunds WHERE payment_id = $1 AND status = 'Succeeded')
                """,
                after.PaymentId.Value));
            batch.BatchCommands.Add(PostgresCalls.Journal(change.Messages));
            return (await PostgresCalls.Read(batch, _ => true)).Count > 0;
        });
    }

    public Task<bool> Settle(Refund asRead) => _calls.Run(async session =>
    {
        await using var batch = new NpgsqlBatch(session.Connection);
        batch.BatchCommands.Add(PostgresCalls.Command(
            "SELECT 1 FROM refunds WHERE id = $1 AND merchant_id = $2 AND refund_id = $3 AND request_hash = $4 AND version = $5 AND status = $6",
            asRead.Id.Value,
            asRead.MerchantId.Value,
            asRead.Reference,
            asRead.RequestHash,
            asRead.Version,
            Names<RefundStatus>.Of(asRead.Status)));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Statements.Barrier));
        return (await PostgresCalls.Read(batch, _ => true)).Count > 0;
    });

    public async Task<IReadOnlyList<Refund>> ClaimDue(int limit, TimeSpan lease, CancellationToken ct) => await _calls.All(
        $"""
        UPDATE refunds SET lease_until_ms = now_ms() + $2, lease_epoch = lease_epoch + 1
        WHERE id = ANY (ARRAY(
            SELECT id FROM refunds WHERE due_at_ms <= (SELECT now_ms()) AND lease_until_ms <= (SELECT now_ms())
            ORDER BY due_at_ms LIMIT $1 FOR UPDATE SKIP LOCKED))
        RETURNING {RefundRows.Columns}
        """,
        RefundRows.Refund,
        limit,
        (long)lease.TotalMilliseconds);

    public Task<bool> Postpone(Refund claimed, DateTimeOffset? dueAt, string reason, IReadOnlyList<NetworkMessage> messages) =>
        _calls.Run(async session =>
        {
            await using var batch = new NpgsqlBatch(session.Connection);
            batch.BatchCommands.Add(PostgresCalls.Command(
                """
                UPDATE refunds SET due_at_ms = $1::bigint, lease_until_ms = 0, job_attempts = $2, job_refusals = $3, job_note = $4
                WHERE id = $5 AND version = $6 AND lease_epoch = $7
                """,
                Ms(dueAt),
                claimed.JobAttempts,
                claimed.JobRefusals,
                reason,
                claimed.Id.Value,
                claimed.Version,
                claimed.LeaseEpoch));

            // What passed over the line is true whoever holds the lease.
            batch.BatchCommands.Add(PostgresCalls.Journal(messages));
            await batch.ExecuteNonQueryAsync(CancellationToken.None);
            return batch.BatchCommands[0].RecordsAffected == 1;
        });

    public async Task<bool> Retry(RefundId id) => await _calls.Write(
        "UPDATE refunds SET due_at_ms = now_ms(), job_refusals = 0 WHERE id = $1 AND status = 'Sending' AND due_at_ms IS NULL", id.Value) == 1;

    public Task<int> ForgetCards(CancellationToken ct) => _calls.Write(
        """
        DELETE FROM refundable_cards c WHERE forget_at_ms <= now_ms()
            AND NOT EXISTS (SELECT 1 FROM refunds r WHERE r.payment_id = c.payment_id AND r.status = 'Sending')
        """);

    /// <returns>False where the reference is taken, or the card is not kept any more.</returns>
    private async Task<bool> Insert(Refund refund) => (await _calls.All(
        """
        WITH made AS (
            INSERT INTO refunds (id, payment_id, merchant_id, refund_id, request_hash, amount_rials, reason, method, status, version, stan,
                rrn, transmitted_at_ms, created_at_ms, due_at_ms)
            SELECT $1::bigint, $2::bigint, $3::bigint, $4::text, $5::text, $6::bigint, $7::text, $8::text, $9::text, $10::bigint, $11::text,
                $12::text, $13::bigint, $14::bigint, $15::bigint
            WHERE $8::text <> 'Card'
                OR EXISTS (SELECT 1 FROM refundable_cards WHERE payment_id = $2::bigint AND forget_at_ms > now_ms() + $16::bigint)
            ON CONFLICT (merchant_id, refund_id) DO NOTHING
            RETURNING id),
        posted AS (
            INSERT INTO transfers (reference, template, debit_account, credit_account, amount_rials, at_ms, payment_id)
            SELECT $17::text, $18::text, $19::text, $20::text, $21::bigint, $22::bigint, $23::bigint FROM made)
        SELECT id FROM made
        """,
        row => row.GetInt64(0),
        [
            refund.Id.Value, refund.PaymentId.Value, refund.MerchantId.Value, refund.Reference, refund.RequestHash, refund.Amount.Amount,
            Names<RefundReason>.Of(refund.Reason), Names<RefundWay>.Of(refund.Way), Names<RefundStatus>.Of(refund.Status), refund.Version,
            refund.Advice?.Stan, refund.Advice?.Rrn, Ms(refund.Advice?.TransmittedAt), Ms(refund.CreatedAt), Ms(refund.DueAt), MarginMs,
            .. Values(RefundTransfers.Request(refund), refund.CreatedAt),
        ])).Count > 0;

    private static object?[] Values(Transfer? transfer, DateTimeOffset at) =>
    [
        transfer?.Reference, transfer?.Template, transfer?.Debit.Name, transfer?.Credit.Name, transfer?.Amount.Amount, Ms(at),
        transfer?.PaymentId.Value,
    ];

    private static long? Ms(DateTimeOffset? instant) => instant?.ToUnixTimeMilliseconds();
}
