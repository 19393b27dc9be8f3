using CanPay.Gateway.Kernel;
using Npgsql;

namespace CanPay.Gateway.Storage.Postgres;

/// <summary>
/// What the owner of the tables lets others do. The gateway adds to the books and never changes or takes from them, and has
/// no say in the schema; what it may delete it deletes by the schema's own functions. Reports read.
/// </summary>
internal static class PostgresRights
{
    /// <summary>Takes away whatever the roles could do before, and gives them what they need. In one transaction.</summary>
    /// <param name="connection">As the owner; the tables are in the schema that it finds first.</param>
    /// <param name="gateway">The role of <see cref="StorageOptions.Postgres"/>.</param>
    /// <param name="reader">The role of <see cref="StorageOptions.PostgresReader"/>, if there is one.</param>
    /// <exception cref="StartException">A role does not exist, or is mightier than it should be.</exception>
    public static async Task Grant(NpgsqlConnection connection, string gateway, string? reader, CancellationToken ct)
    {
        if ((await StorageEngine.Texts(connection, "SELECT current_user::text", ct))[0] == gateway)
        {
            return; // one role for both: there is nobody to keep apart
        }

        await RequireOrdinary(connection, gateway, "Storage:Postgres", ct);
        if (reader is not null)
        {
            await RequireOrdinary(connection, reader, "Storage:PostgresReader", ct);
        }

        var schema = Quoted((await StorageEngine.Texts(connection, "SELECT current_schema()::text", ct))[0]);
        await PostgresEngine.Execute(connection, ForAll(schema) + ForGateway(schema, Quoted(gateway)) + (reader is null ? "" : ForReader(schema, Quoted(reader))), ct);
    }

    private static string ForAll(string schema) =>
        $"""
        REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC;
        REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM PUBLIC;

        """;

    private static string ForGateway(string schema, string role) =>
        $"""
        REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role};
        REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM {role};
        REVOKE CREATE ON SCHEMA {schema} FROM {role};
        GRANT USAGE ON SCHEMA {schema} TO {role};
        GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role};
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role};
        GRANT INSERT ON {schema}.merchants, {schema}.payments, {schema}.open_payments, {schema}.authorizations, {schema}.transitions,
            {schema}.network_messages, {schema}.transfers, {schema}.stored_answers, {schema}.heartbeats,
            {schema}.data_protection_keys, {schema}.key_marks, {schema}.sealed_secrets, {schema}.holds, {schema}.one_time_codes, {schema}.saved_cards,
            {schema}.pin_requests, {schema}.declined_attempts, {schema}.answered_captchas, {schema}.card_keys,
            {schema}.refunds, {schema}.refundable_cards, {schema}.api_keys, {schema}.sandbox_calls, {schema}.webhook_endpoints,
            {schema}.webhook_events, {schema}.webhook_deliveries, {schema}.webhook_attempts, {schema}.webhook_reminders TO {role};
        GRANT UPDATE ON {schema}.merchants, {schema}.payments, {schema}.open_payments, {schema}.authorizations, {schema}.sequences,
            {schema}.heartbeats, {schema}.holds, {schema}.one_time_codes, {schema}.saved_cards,
            {schema}.answered_captchas, {schema}.card_keys, {schema}.refunds, {schema}.refundable_cards, {schema}.api_keys,
            {schema}.webhook_endpoints, {schema}.webhook_deliveries, {schema}.webhook_reminders TO {role};
        GRANT DELETE ON {schema}.open_payments, {schema}.stored_answers, {schema}.heartbeats, {schema}.one_time_codes, {schema}.saved_cards,
            {schema}.pin_requests, {schema}.declined_attempts, {schema}.answered_captchas, {schema}.refundable_cards, {schema}.sandbox_calls,
            {schema}.webhook_events, {schema}.webhook_deliveries, {schema}.webhook_attempts, {schema}.webhook_reminders TO {role};
        GRANT EXECUTE ON FUNCTION {schema}.forget_messages, {schema}.forget_strays, {schema}.forget_payments TO {role};

        """;

    /// <summary>No cards, no keys, nothing that merchants were answered.</summary>
    private static string ForReader(string schema, string role) =>
        $"""
        REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role};
        REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM {role};
        REVOKE CREATE ON SCHEMA {schema} FROM {role};
        GRANT USAGE ON SCHEMA {schema} TO {role};
        GRANT SELECT ON {schema}.merchants, {schema}.payments, {schema}.authorizations, {schema}.transitions, {schema}.network_messages,
            {schema}.transfers, {schema}.heartbeats, {schema}.holds, {schema}.refunds, {schema}.payment_refunds, {schema}.webhook_events,
            {schema}.webhook_deliveries, {schema}.webhook_attempts TO {role};
        GRANT SELECT (payment_id, due_at_ms, lease_until_ms, lease_epoch, job_attempts, job_refusals, job_note) ON {schema}.open_payments TO {role};
        """;

    /// <summary>Rights that a role has anyway cannot be taken from it: then the books are not as safe as the operator thinks.</summary>
    private static async Task RequireOrdinary(NpgsqlConnection connection, string role, string setting, CancellationToken ct)
    {
        var found = await StorageEngine.Texts(
            connection,
            """
            SELECT CASE WHEN rolsuper THEN 'is a superuser'
                        WHEN pg_has_role(oid, current_user, 'MEMBER') THEN 'is a member of the owner'
                        WHEN pg_has_role(oid, 'pg_write_all_data', 'MEMBER') THEN 'may write all data' ELSE '' END
            FROM pg_roles WHERE rolname = @role
            """,
            ct,
            ("@role", role));
        if (found.Count == 0 || found[0].Length > 0)
        {
            throw new StartException(
                $"{setting} names the role {role}, which {(found.Count == 0 ? "does not exist" : found[0])}. Beside " +
                "Storage:PostgresOwner it must be an ordinary role: CREATE ROLE … LOGIN PASSWORD '…'.");
        }
    }

    private static string Quoted(string name) => '"' + name.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
}
