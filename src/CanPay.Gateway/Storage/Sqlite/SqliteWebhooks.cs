using CanPay.Gateway.Webhooks;

namespace CanPay.Gateway.Storage.Sqlite;

/// <summary>Events on the embedded database: written by the one writer, in the same commits as payments.</summary>
internal sealed class SqliteWebhooks(SqliteStore store, TimeProvider clock) : IWebhookStore
{
    public async Task<IReadOnlyList<ClaimedDelivery>> Claim(int atMost, DeliveryLimits limits, long? listener, CancellationToken ct)
    {
        var now = clock.GetUtcNow();

        // Most looks find nothing: those cost no write.
        var endpoints = store.Reading(session => Ready(session, now, listener));
        return endpoints.Count == 0 ? [] : await store.Write(session => Claim(session, endpoints, atMost, limits, now));
    }

    public Task<bool> Finish(FinishedDelivery finished, DeliveryLimits limits) =>
        store.Write(session => Finish(session, finished, limits, clock.GetUtcNow()));

    public async Task<int> Remind(TimeSpan before, int atMost)
    {
        var now = clock.GetUtcNow();
        var near = now + before;
        return store.Reading(session => session.Number($"SELECT EXISTS (SELECT 1 FROM webhook_reminders WHERE deadline_ms <= {near})")) == 0
            ? 0
            : await store.Write(session => Remind(session, now, near, atMost));
    }

    public async Task<int> GiveUp(DateTimeOffset bornBefore, int atMost)
    {
        var now = clock.GetUtcNow();
        return await store.Write(session =>
        {
            session.Execute(
                $"""
                UPDATE webhook_endpoints SET status = 'Disabled', note = 'its listener is gone'
                WHERE status = 'Active' AND listened_until_ms < {now}
                """);
            return session.Execute(
                $"""
                UPDATE webhook_deliveries
                SET status = 'GivenUp', ended_at_ms = {now}, note = coalesce(note, 'its endpoint was not asked in time')
                WHERE id IN (SELECT id FROM webhook_deliveries WHERE status = 'Pending' AND born_at_ms < {bornBefore}
                    AND lease_until_ms <= {now} LIMIT {(long)atMost})
                """);
        });
    }

    public Task<int> ForgetEvents(DateTimeOffset before, int atMost) => store.Write(session =>
    {
        var ids = session.All(
            $"""
            SELECT id FROM webhook_events v WHERE at_ms < {before}
                AND NOT EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.event_id = v.id
                    AND (d.status = 'Pending' OR d.ended_at_ms >= {before}))
            ORDER BY at_ms LIMIT {(long)atMost}
            """,
            row => row.GetInt64(0));
        foreach (var id in ids)
        {
            session.Execute($"DELETE FROM webhook_attempts WHERE delivery_id IN (SELECT id FROM webhook_deliveries WHERE event_id = {id})");
            session.Execute($"DELETE FROM webhook_deliveries WHERE event_id = {id}");
            session.Execute($"DELETE FROM webhook_events WHERE id = {id}");
        }

        return ids.Count;
    });

    /// <summary>Endpoints that may be asked and have something that is due; none while restored books are not reconciled.</summary>
    private static List<ReadyEndpoint> Ready(SqliteSession session, DateTimeOffset now, long? listener) => session.All(
        $"""
        SELECT id, failures FROM webhook_endpoints e
        WHERE status = 'Active' AND paused_until_ms <= {now}
            AND NOT EXISTS (SELECT 1 FROM holds WHERE released_at_ms IS NULL AND is_after_restore = 1)
            AND CASE WHEN {listener} IS NULL THEN listened_until_ms IS NULL ELSE id = {listener} END
            AND EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.endpoint_id = e.id AND d.status = 'Pending'
                AND d.due_at_ms <= {now} AND d.lease_until_ms <= {now})
        """,
        row => new ReadyEndpoint(row.GetInt64(0), row.GetInt32(1)));

    private static List<ClaimedDelivery> Claim(
        SqliteSession session, List<ReadyEndpoint> endpoints, int atMost, DeliveryLimits limits, DateTimeOffset now)
    {
        var claimed = new List<ClaimedDelivery>();
        foreach (var endpoint in endpoints)
        {
            var onTheirWay = session.Number(
                $"SELECT count(*) FROM webhook_deliveries WHERE endpoint_id = {endpoint.Id} AND status = 'Pending' AND lease_until_ms > {now}");
            var room = Math.Min(
                atMost - claimed.Count, (endpoint.Failures >= limits.FailuresBeforePause ? 1 : limits.PerEndpoint) - onTheirWay);
            if (room <= 0)
            {
                continue;
            }

            var rows = session.All(
                $"""
                UPDATE webhook_deliveries SET lease_until_ms = {now + limits.Lease}, lease_epoch = lease_epoch + 1
                WHERE id IN (
                    SELECT id FROM webhook_deliveries d
                    WHERE endpoint_id = {endpoint.Id} AND status = 'Pending' AND due_at_ms <= {now} AND lease_until_ms <= {now}
                        AND NOT EXISTS (SELECT 1 FROM webhook_deliveries o WHERE o.endpoint_id = d.endpoint_id
                            AND o.payment_id = d.payment_id AND o.status = 'Pending' AND (o.id < d.id OR o.lease_until_ms > {now}))
                    ORDER BY due_at_ms, id LIMIT {room})
                RETURNING id
                """,
                row => row.GetInt64(0));
            rows.Sort();
            claimed.AddRange(rows.Select(id => Read(session, id)));
        }

        return claimed;
    }

    private static ClaimedDelivery Read(SqliteSession session, long id)
    {
        var row = session.First(
            $"""
            SELECT {ClaimRow.Columns} FROM webhook_deliveries d JOIN webhook_events v ON v.id = d.event_id
                JOIN webhook_endpoints e ON e.id = d.endpoint_id
            WHERE d.id = {id}
            """,
            ClaimRow.Read)!;
        return row.With(row.Event.PaymentId is { } payment
            ? session.First($"SELECT {Rows.PaymentColumns} FROM {Rows.Payments} WHERE id = {payment}", Rows.Payment)
            : null);
    }

    private static bool Finish(SqliteSession session, FinishedDelivery finished, DeliveryLimits limits, DateTimeOffset now)
    {
        var (claimed, outcome) = (finished.Claimed, finished.Outcome);
        var isOver = finished.Status is not DeliveryStatus.Pending;
        if (session.Execute(
            $"""
            UPDATE webhook_deliveries
            SET status = {finished.Status}, due_at_ms = {finished.DueAt ?? now}, lease_until_ms = 0, attempts = attempts + 1,
                note = {outcome.ToString()}, ended_at_ms = {(isOver ? now : (DateTimeOffset?)null)}
            WHERE id = {claimed.Id} AND lease_epoch = {claimed.Epoch} AND status = 'Pending' AND lease_until_ms > 0
            """) == 0)
        {
            return false;
        }

        session.Execute(
            $"""
            INSERT INTO webhook_attempts (delivery_id, at_ms, duration_ms, outcome, http_status, note)
            VALUES ({claimed.Id}, {outcome.At}, {(long)outcome.DurationMs}, {outcome.Outcome}, {(long?)outcome.HttpStatus}, {outcome.Note})
            """);
        switch (outcome.Outcome)
        {
            case AttemptOutcome.Delivered:
                session.Execute(
                    $"UPDATE webhook_endpoints SET failures = 0, paused_until_ms = 0 WHERE id = {claimed.Endpoint.Id} AND failures > 0");
                break;
            case AttemptOutcome.Gone:
                session.Execute(
                    $"""
                    UPDATE webhook_endpoints SET status = 'Disabled', note = 'it answered 410 Gone'
                    WHERE id = {claimed.Endpoint.Id} AND status = 'Active'
                    """);
                break;
            case AttemptOutcome.Failed:
                session.Execute(
                    $"""
                    UPDATE webhook_endpoints
                    SET failures = failures + 1, paused_until_ms = CASE WHEN failures + 1 < {(long)limits.FailuresBeforePause} THEN 0
                        ELSE {now} + min({Ms(limits.MaxPause)}, {Ms(limits.Pause)} << min(failures + 1 - {(long)limits.FailuresBeforePause}, 16)) END
                    WHERE id = {claimed.Endpoint.Id}
                    """);
                break;
        }

        return true;
    }

    private static int Remind(SqliteSession session, DateTimeOffset now, DateTimeOffset near, int atMost)
    {
        var payments = session.All(
            $"""
            DELETE FROM webhook_reminders WHERE payment_id IN (
                SELECT payment_id FROM webhook_reminders WHERE deadline_ms <= {near} ORDER BY deadline_ms LIMIT {(long)atMost})
            RETURNING payment_id
            """,
            row => row.GetInt64(0));
        foreach (var payment in payments)
        {
            session.Execute(
                $"""
                INSERT INTO webhook_events (key, merchant_id, payment_id, type, at_ms)
                SELECT 'evt_' || lower(hex(randomblob(13))), p.merchant_id, p.id, {EventTypes.UnverifiedSoon}, {now} FROM payments p
                WHERE p.id = {payment} AND p.status = 'Authorized' AND p.verify_deadline_ms > {now}
                    AND EXISTS (SELECT 1 FROM webhook_endpoints e WHERE e.merchant_id = p.merchant_id AND e.status = 'Active')
                """);
        }

        return payments.Count;
    }

    private static long Ms(TimeSpan time) => (long)time.TotalMilliseconds;

    private sealed record ReadyEndpoint(long Id, int Failures);
}
