using CanPay.Gateway.Webhooks;
using Npgsql;
using NpgsqlTypes;

namespace CanPay.Gateway.Storage.Postgres;

/// <summary>Events on a database server: each step one statement, judged by the server's clock.</summary>
internal sealed class PostgresWebhooks(PostgresDatabase database) : IWebhookStore
{
    private readonly PostgresCalls _calls = new(database);

    private static readonly string ClaimSql =
        $"""
        WITH ready AS (
            SELECT d.id FROM webhook_endpoints e
            CROSS JOIN LATERAL (
                SELECT d.id FROM webhook_deliveries d
                WHERE d.endpoint_id = e.id AND d.status = 'Pending' AND d.due_at_ms <= now_ms() AND d.lease_until_ms <= now_ms()
                    AND NOT EXISTS (SELECT 1 FROM webhook_deliveries o WHERE o.endpoint_id = d.endpoint_id
                        AND o.payment_id = d.payment_id AND o.status = 'Pending' AND (o.id < d.id OR o.lease_until_ms > now_ms()))
                ORDER BY d.due_at_ms, d.id
                LIMIT greatest(0, CASE WHEN e.failures >= $3 THEN 1 ELSE $2 END
                    - (SELECT count(*) FROM webhook_deliveries w WHERE w.endpoint_id = e.id AND w.status = 'Pending' AND w.lease_until_ms > now_ms()))
                FOR UPDATE SKIP LOCKED) d
            WHERE e.status = 'Active' AND e.paused_until_ms <= now_ms()
                AND NOT EXISTS (SELECT 1 FROM holds WHERE released_at_ms IS NULL AND is_after_restore)
                AND CASE WHEN $5::bigint IS NULL THEN e.listened_until_ms IS NULL ELSE e.id = $5 END
            LIMIT $1),
        d AS (
            UPDATE webhook_deliveries w SET lease_until_ms = now_ms() + $4, lease_epoch = w.lease_epoch + 1
            FROM ready WHERE w.id = ready.id AND w.status = 'Pending'
            RETURNING w.*)
        SELECT {ClaimRow.Columns} FROM d JOIN webhook_events v ON v.id = d.event_id JOIN webhook_endpoints e ON e.id = d.endpoint_id
        ORDER BY d.id
        """;

    private const string FinishSql =
        """
        WITH done AS (
            UPDATE webhook_deliveries
            SET status = $3, due_at_ms = coalesce($4, now_ms()), lease_until_ms = 0, attempts = attempts + 1, note = $5,
                ended_at_ms = CASE WHEN $4 IS NULL THEN now_ms() END
            WHERE id = $1 AND lease_epoch = $2 AND status = 'Pending' AND lease_until_ms > 0
            RETURNING id, endpoint_id),
        logged AS (
            INSERT INTO webhook_attempts (delivery_id, at_ms, duration_ms, outcome, http_status, note)
            SELECT id, $6, $7, $8, $9, $10 FROM done),
        judged AS (
            UPDATE webhook_endpoints e
            SET failures = CASE WHEN $8 = 'Failed' THEN e.failures + 1 ELSE 0 END,
                paused_until_ms = CASE WHEN $8 <> 'Failed' OR e.failures + 1 < $11 THEN 0
                    ELSE now_ms() + least($13, $12 << least(e.failures + 1 - $11, 16)) END,
                status = CASE WHEN $8 = 'Gone' AND e.status = 'Active' THEN 'Disabled' ELSE e.status END,
                note = CASE WHEN $8 = 'Gone' AND e.status = 'Active' THEN 'it answered 410 Gone' ELSE e.note END
            FROM done WHERE e.id = done.endpoint_id AND ($8 <> 'Delivered' OR e.failures > 0))
        SELECT count(*) FROM done
        """;

    /// <summary>The payments are locked, so that none is verified between the look and the event.</summary>
    private const string RemindSql =
        """
        WITH near AS (
            DELETE FROM webhook_reminders WHERE payment_id IN (
                SELECT payment_id FROM webhook_reminders WHERE deadline_ms <= now_ms() + $1 ORDER BY deadline_ms LIMIT $2 FOR UPDATE SKIP LOCKED)
            RETURNING payment_id),
        waiting AS (
            SELECT p.id, p.merchant_id FROM payments p
            WHERE p.id IN (SELECT payment_id FROM near) AND p.status = 'Authorized' AND p.verify_deadline_ms > now_ms()
                AND EXISTS (SELECT 1 FROM webhook_endpoints e WHERE e.merchant_id = p.merchant_id AND e.status = 'Active')
            ORDER BY p.id FOR UPDATE OF p),
        told AS (
            INSERT INTO webhook_events (key, merchant_id, payment_id, type, at_ms)
            SELECT 'evt_' || right(replace(gen_random_uuid()::text, '-', ''), 26), merchant_id, id, $3, now_ms() FROM waiting)
        SELECT count(*) FROM near
        """;

    private const string GiveUpSql =
        """
        WITH gone AS (
            UPDATE webhook_endpoints SET status = 'Disabled', note = 'its listener is gone'
            WHERE status = 'Active' AND listened_until_ms < now_ms()),
        old AS (
            UPDATE webhook_deliveries
            SET status = 'GivenUp', ended_at_ms = now_ms(), note = coalesce(note, 'its endpoint was not asked in time')
            WHERE id IN (SELECT id FROM webhook_deliveries WHERE status = 'Pending' AND born_at_ms < $1 AND lease_until_ms <= now_ms()
                LIMIT $2 FOR UPDATE SKIP LOCKED)
            RETURNING 1)
        SELECT count(*) FROM old
        """;

    private const string ForgetSql =
        """
        WITH turn AS MATERIALIZED (SELECT is_the_only_one_to_forget() AS is_ours),
        old AS (
            SELECT v.id FROM turn JOIN webhook_events v ON turn.is_ours WHERE v.at_ms < $1
                AND NOT EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.event_id = v.id AND (d.status = 'Pending' OR d.ended_at_ms >= $1))
            ORDER BY v.at_ms LIMIT $2),
        attempts AS (
            DELETE FROM webhook_attempts WHERE delivery_id IN (
                SELECT d.id FROM webhook_deliveries d WHERE d.event_id IN (SELECT id FROM old))),
        deliveries AS (DELETE FROM webhook_deliveries WHERE event_id IN (SELECT id FROM old)),
        events AS (DELETE FROM webhook_events WHERE id IN (SELECT id FROM old))
        SELECT count(*) FROM old
        """;

    public Task<IReadOnlyList<ClaimedDelivery>> Claim(int atMost, DeliveryLimits limits, long? listener, CancellationToken ct) =>
        _calls.Run<IReadOnlyList<ClaimedDelivery>>(async session =>
        {
            var rows = await PostgresCalls.All(
                session, ClaimSql, ClaimRow.Read, (long)atMost, (long)limits.PerEndpoint, limits.FailuresBeforePause, Ms(limits.Lease), (object?)listener ?? DBNull.Value);
            if (rows.Count == 0)
            {
                return [];
            }

            var payments = (await PostgresCalls.All(
                session,
                $"SELECT {Rows.PaymentColumns} FROM {Rows.Payments} WHERE id = ANY ($1)",
                Rows.Payment,
                rows.Select(row => row.Event.PaymentId?.Value).OfType<long>().ToArray())).ToDictionary(payment => payment.Id);
            return [.. rows.Select(row => row.With(row.Event.PaymentId is { } id ? payments.GetValueOrDefault(id) : null))];
        });

    public Task<bool> Finish(FinishedDelivery finished, DeliveryLimits limits) => _calls.Run(async session =>
    {
        var (claimed, outcome) = (finished.Claimed, finished.Outcome);
        return await Count(
            session,
            FinishSql,
            claimed.Id,
            claimed.Epoch,
            finished.Status.ToString(),
            Nullable(finished.DueAt?.ToUnixTimeMilliseconds(), NpgsqlDbType.Bigint),
            outcome.ToString(),
            outcome.At.ToUnixTimeMilliseconds(),
            outcome.DurationMs,
            outcome.Outcome.ToString(),
            Nullable(outcome.HttpStatus, NpgsqlDbType.Integer),
            Nullable(outcome.Note, NpgsqlDbType.Text),
            limits.FailuresBeforePause,
            Ms(limits.Pause),
            Ms(limits.MaxPause)) == 1;
    });

    public Task<int> Remind(TimeSpan before, int atMost) =>
        _calls.Run(session => Count(session, RemindSql, Ms(before), (long)atMost, EventTypes.UnverifiedSoon));

    public Task<int> GiveUp(DateTimeOffset bornBefore, int atMost) =>
        _calls.Run(session => Count(session, GiveUpSql, bornBefore.ToUnixTimeMilliseconds(), (long)atMost));

    public Task<int> ForgetEvents(DateTimeOffset before, int atMost) =>
        _calls.Run(session => Count(session, ForgetSql, before.ToUnixTimeMilliseconds(), (long)atMost));

    private static long Ms(TimeSpan time) => (long)time.TotalMilliseconds;

    private static NpgsqlParameter Nullable(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    private static async Task<int> Count(PostgresSession session, string sql, params object[] values) =>
        (int)(await PostgresCalls.All(session, sql, row => row.GetInt64(0), values))[0];
}
