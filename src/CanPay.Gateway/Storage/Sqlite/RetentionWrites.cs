using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Storage.Sqlite;

/// <summary>What the writer deletes of what is old. Triggers forbid to delete anything else.</summary>
internal static class RetentionWrites
{
    public static ForgetStep ForgetMessages(SqliteSession session, DateTimeOffset before, PaymentId after, int rows)
    {
        var step = session.First(
            $"""
            SELECT max(payment_id), min(at_ms) FROM (
                SELECT payment_id, at_ms FROM network_messages WHERE payment_id > {after} ORDER BY payment_id LIMIT {rows})
            """,
            row => new Reached(row.IsDBNull(0) ? null : row.GetInt64(0), row.IsDBNull(1) ? long.MaxValue : row.GetInt64(1)));
        if (step is not { Payment: { } last } || step.OldestMs >= before.ToUnixTimeMilliseconds())
        {
            return default;
        }

        var forgotten = session.Execute(
            $"""
            DELETE FROM network_messages
            WHERE payment_id > {after} AND payment_id <= {last} AND at_ms < {before}
                AND NOT EXISTS (SELECT 1 FROM open_payments o WHERE o.payment_id = network_messages.payment_id)
            """);
        return new ForgetStep(forgotten, new PaymentId(last));
    }

    public static long ForgetStrays(SqliteSession session, DateTimeOffset before, int rows) => session.Execute(
        $"""
        DELETE FROM network_messages WHERE id IN (
            SELECT id FROM network_messages WHERE payment_id IS NULL AND at_ms < {before} ORDER BY at_ms LIMIT {rows})
        """);

    /// <summary>Goes through the payments once: up to the first that may still come to an end without money.</summary>
    public static ForgetStep ForgetPayments(SqliteSession session, DateTimeOffset before, int rows)
    {
        var reached = session.Number($"SELECT value FROM sequences WHERE name = 'payments_forgotten'");
        var last = session.Number(
            $"""
            SELECT coalesce(min(id) FILTER (WHERE created_at_ms >= {before} OR status IN ('Created', 'Authorizing')
                OR (status IN ('Cancelled', 'Failed', 'Expired') AND ended_at_ms >= {before})) - 1, max(id), 0)
            FROM (SELECT id, created_at_ms, status, ended_at_ms FROM payments WHERE id > {reached} ORDER BY id LIMIT {rows})
            """);
        if (last <= reached)
        {
            return default;
        }

        var ids = session.All(
            $"""
            SELECT id FROM payments p WHERE id > {reached} AND id <= {last} AND status IN ('Cancelled', 'Failed', 'Expired')
                AND NOT EXISTS (SELECT 1 FROM transfers t WHERE t.payment_id = p.id)
                AND NOT EXISTS (SELECT 1 FROM network_messages n WHERE n.payment_id = p.id AND n.at_ms >= {before})
            """,
            row => row.GetInt64(0));
        foreach (var id in ids)
        {
            session.Execute($"DELETE FROM network_messages WHERE payment_id = {id}");
            session.Execute($"DELETE FROM transitions WHERE payment_id = {id}");
            session.Execute($"DELETE FROM authorizations WHERE payment_id = {id}");
            session.Execute($"DELETE FROM payments WHERE id = {id}");
        }

        session.Execute($"UPDATE sequences SET value = {last} WHERE name = 'payments_forgotten'");
        return new ForgetStep(ids.Count, new PaymentId(last));
    }

    private sealed record Reached(long? Payment, long OldestMs);
}
