using System.Globalization;
using Npgsql;

namespace CanPay.Bench;

/// <summary>
/// Fills a database with copies of one real payment: every row that it left, in every table, with ids, tokens, numbers and
/// times of the copy's own. So a copy is exactly what a payment leaves behind, whatever the tables look like.
/// </summary>
internal sealed class Fill(string connectionString)
{
    /// <summary>Between two payments: 86,400 a day, so that no terminal uses a trace number twice on a day.</summary>
    private const int ApartMs = 1_000;

    private const long FirstId = 1_000_000;

    /// <summary>Of copy <c>k</c>, of <c>n</c>: its id, its token, its trace number, and how much earlier than the original it was: a day at least.</summary>
    private const string Copies =
        """
        (SELECT k, @first + k AS new_id, (@n - k + 1) * @apart + 86400000 AS earlier,
                lpad((k % 999999 + 1)::text, 6, '0') AS new_stan,
                upper(left(md5(k::text) || md5('token' || k), 30)) AS new_token,
                left(md5('browser' || k) || md5(k || 'browser'), 64) AS new_hash
            FROM generate_series(1, @n) k) c
        """;

    /// <summary>Last digit of the year, day of the year in Tehran, eight digits of the count: as the gateway makes them.</summary>
    private const string NewRrn =
        "to_char(to_timestamp((o.transmitted - c.earlier) / 1000.0) AT TIME ZONE 'Asia/Tehran', 'YDDD') || lpad(c.k::text, 8, '0')";

    public void Add(int payments)
    {
        using var connection = Open();
        var original = (long)Scalar(connection, "SELECT max(id) FROM payments WHERE status = 'Verified'")!;
        var tables = Texts(connection, "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'payment_id'");
        var indexes = Indexes.Of(connection);
        indexes.Drop(connection);
        Parallel.ForEach(tables.Append("payments"), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, table =>
        {
            using var own = Open();
            Copy(own, table, original, payments);
            Report.Progress($"filling  {table}");
        });
        Scalar(connection, string.Create(CultureInfo.InvariantCulture,
            $"SELECT setval(pg_get_serial_sequence('payments', 'id'), {FirstId + payments + 1}); UPDATE sequences SET value = value + {payments} WHERE name = 'trace_number'"));
        Report.Progress("filling  indexes");
        indexes.MakeAgain(Open);
        Scalar(connection, "VACUUM (ANALYZE)");
        Scalar(connection, "CHECKPOINT");
        Report.Progress($"filled   {payments:N0} payments");
    }

    private static void Copy(NpgsqlConnection connection, string table, long original, int payments)
    {
        var columns = Texts(
            connection,
            $"SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{table}' ORDER BY ordinal_position")
            .Where(column => column != "id" || table == "payments").ToList();
        var key = table == "payments" ? "id" : "payment_id";
        using var command = new NpgsqlCommand(
            $"""
            INSERT INTO {table} ({string.Join(", ", columns)})
            SELECT {string.Join(", ", columns.Select(column => Of(table, column)))}
            FROM {Copies}
            CROSS JOIN (SELECT rrn AS old_rrn, stan AS old_stan, transmitted_at_ms AS transmitted FROM authorizations
                WHERE payment_id = @original AND number = 1) o
            CROSS JOIN {table} s WHERE s.{key} = @original ORDER BY c.k
            """,
            connection);
        command.Parameters.AddWithValue("first", FirstId);
        command.Parameters.AddWithValue("n", (long)payments);
        command.Parameters.AddWithValue("apart", (long)ApartMs);
        command.Parameters.AddWithValue("original", original);
        command.ExecuteNonQuery();
    }

    /// <summary>What a column of a copy holds; as in the original where nothing is said here.</summary>
    private static string Of(string table, string column) => (table, column) switch
    {
        ("payments", "id") or (_, "payment_id") => "c.new_id",
        (_, "token") => "c.new_token",
        (_, "invoice_id") => "s.invoice_id || '-' || c.k",
        (_, "browser_hash") => "left(c.new_hash, length(s.browser_hash))",
        (_, "stan") => "c.new_stan",
        (_, "rrn") => NewRrn,
        (_, "reference") => "c.new_id || substr(s.reference, strpos(s.reference, ':'))",
        (_, "summary") => $"replace(replace(s.summary, ' 11=' || o.old_stan, ' 11=' || c.new_stan), ' 37=' || o.old_rrn, ' 37=' || {NewRrn})",
        (_, "lease_until_ms") => "s.lease_until_ms",
        _ when column.EndsWith("_ms", StringComparison.Ordinal) => $"s.{column} - c.earlier",
        _ => "s." + column,
    };

    private NpgsqlConnection Open()
    {
        var connection = new NpgsqlConnection(connectionString + ";Pooling=false;Command Timeout=0;Options=-c synchronous_commit=off -c maintenance_work_mem=1GB");
        connection.Open();
        return connection;
    }

    private static object? Scalar(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }

    private static List<string> Texts(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        using var row = command.ExecuteReader();
        var texts = new List<string>();
        while (row.Read())
        {
            texts.Add(row.GetString(0));
        }

        return texts;
    }

    /// <summary>Indexes and unique constraints, away while rows come in and then as they were: many times faster.</summary>
    private sealed class Indexes(List<string> drops, List<string> makes)
    {
        private const string Constraints = "FROM pg_constraint WHERE contype IN ('p', 'u') AND connamespace = 'public'::regnamespace ORDER BY conrelid, contype";

        private const string Others =
            """
            FROM pg_indexes i WHERE schemaname = 'public'
                AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.connamespace = 'public'::regnamespace AND c.conname = i.indexname)
            """;

        public static Indexes Of(NpgsqlConnection connection) => new(
            [
                .. Texts(connection, $"SELECT format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', conrelid::regclass, conname) {Constraints}"),
                .. Texts(connection, $"SELECT format('DROP INDEX %I', indexname) {Others}"),
            ],
            [
                .. Texts(connection, $"SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) {Constraints}"),
                .. Texts(connection, $"SELECT indexdef {Others}"),
            ]);

        public void Drop(NpgsqlConnection connection) => drops.ForEach(sql => Scalar(connection, sql));

        public void MakeAgain(Func<NpgsqlConnection> open)
        {
            using var connection = open();
            foreach (var sql in makes)
            {
                Scalar(connection, sql);
            }
        }
    }
}
