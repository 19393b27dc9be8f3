using CanPay.Gateway.Kernel;
using CanPay.Gateway.Operations;
using CanPay.Gateway.Storage;
using CanPay.Gateway.Storage.Postgres;
using CanPay.Tests.Payments;
using Npgsql;

namespace CanPay.Tests.Storage;

/// <summary>Who may do what to the books on PostgreSQL, tried on a real server.</summary>
public sealed class RoleTests
{
    private const string RightMissing = "42501";

    /// <summary>What each verb is tried by. Whatever is not refused for want of a right counts as allowed.</summary>
    private static readonly (char Letter, string Sql)[] Verbs =
    [
        ('S', "SELECT 1 FROM {0} LIMIT 1"),
        ('I', "INSERT INTO {0} DEFAULT VALUES"),
        ('U', "UPDATE {0} SET {1} = {1} WHERE false"),
        ('D', "DELETE FROM {0} WHERE false"),
        ('T', "TRUNCATE {0}"),
        ('A', "ALTER TABLE {0} DISABLE TRIGGER USER"),
        ('C', "ALTER TABLE {0} ADD COLUMN more integer"),
        ('X', "DROP TABLE {0}"),
    ];

    /// <summary>Select, insert, update, delete, truncate, disable triggers (A), change (C), drop (X).</summary>
    private static readonly (string Table, string Gateway, string Reader)[] Matrix =
    [
        ("answered_captchas", "SIUD----", "--------"),
        ("api_keys", "SIU-----", "--------"),
        ("authorizations", "SIU-----", "S-------"),
        ("card_keys", "SIU-----", "--------"),
        ("data_protection_keys", "SI------", "--------"),
        ("declined_attempts", "SI-D----", "--------"),
        ("heartbeats", "SIUD----", "S-------"),
        ("holds", "SIU-----", "S-------"),
        ("key_marks", "SI------", "--------"),
        ("merchants", "SIU-----", "S-------"),
        ("network_messages", "SI------", "S-------"),
        ("one_time_codes", "SIUD----", "--------"),
        ("open_payments", "SIUD----", "S-------"),
        ("payment_refunds", "S-------", "S-------"),
        ("payments", "SIU-----", "S-------"),
        ("pin_requests", "SI-D----", "--------"),
        ("refundable_cards", "SIUD----", "--------"),
        ("refunds", "SIU-----", "S-------"),
        ("sandbox_calls", "SI-D----", "--------"),
        ("saved_cards", "SIUD----", "--------"),
        ("schemaversions", "S-------", "--------"),
        ("sealed_secrets", "SI------", "--------"),
        ("sequences", "S-U-----", "--------"),
        ("stored_answers", "SI-D----", "--------"),
        ("transfers", "SI------", "S-------"),
        ("transitions", "SI------", "S-------"),
        ("webhook_attempts", "SI-D----", "S-------"),
        ("webhook_deliveries", "SIUD----", "S-------"),
        ("webhook_endpoints", "SIU-----", "--------"),
        ("webhook_events", "SI-D----", "S-------"),
        ("webhook_reminders", "SIUD----", "--------"),
    ];

    [Theory]
    [InlineData(null)]
    [InlineData("books")]
    public async Task Each_role_may_do_what_the_matrix_says_and_nothing_else(string? schema)
    {
        var roles = PostgresRoles.Make(schema);
        await roles.Prepare();
        await roles.Prepare(); // the rights are given anew at every start

        var tables = await Texts(roles.Owner, "SELECT relname::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' ORDER BY 1");
        Assert.Equal(Matrix.Select(row => row.Table), tables);
        foreach (var (table, gateway, reader) in Matrix)
        {
            Assert.Equal((table, gateway), (table, await Allowed(roles.Gateway, roles.Owner, table)));
            Assert.Equal((table, reader), (table, await Allowed(roles.Reader, roles.Owner, table)));
            Assert.Equal((table, "SIUDTACX"), (table, await Allowed(roles.Owner, roles.Owner, table)));
        }
    }

    [Theory]
    [InlineData("SELECT sealed_card FROM open_payments")]
    [InlineData("SELECT forget_messages(0, 0, 1)")]
    [InlineData("SELECT forget_strays(0, 1)")]
    [InlineData("SELECT forget_payments(0, 1)")]
    [InlineData("SELECT nextval('payments_id_seq')")]
    [InlineData("CREATE TABLE mine (x integer)")]
    public async Task A_reader_sees_no_cards_and_changes_nothing(string sql) =>
        Assert.Equal(RightMissing, await Refusal(PostgresRoles.MakeReady("books").Reader, sql));

    [Theory]
    [InlineData("CREATE TABLE mine (x integer)")]
    [InlineData("CREATE SCHEMA mine")]
    [InlineData("CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'")]
    [InlineData("CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")]
    [InlineData("CREATE TRIGGER mine BEFORE INSERT ON transfers EXECUTE FUNCTION append_only()")]
    [InlineData("SET session_replication_role = replica")]
    [InlineData("SELECT setval('payments_id_seq', 1)")]
    [InlineData("ALTER FUNCTION forget_messages SET search_path TO public")]
    [InlineData("GRANT SELECT ON transfers TO PUBLIC; UPDATE transfers SET amount_rials = 1")]
    public async Task The_gateways_role_has_no_say_in_the_schema(string sql) =>
        Assert.Equal(RightMissing, await Refusal(PostgresRoles.MakeReady("books").Gateway, sql));

    /// <summary>The functions that delete run with the owner's rights: tables of the caller's own must not come between.</summary>
    [Fact]
    public async Task The_search_path_of_the_gateways_role_leads_nobody_astray()
    {
        await using var engine = PostgresStoreEngine.WithRoles();
        var books = new RetentionBooks(engine);
        await books.AddMessage(payment: null, RetentionBooks.Now.AddDays(-10));

        await using var gateway = new NpgsqlConnection(engine.ConnectionString + ";Pooling=false");
        await gateway.OpenAsync(TestContext.Current.CancellationToken);
        PostgresServer.Execute(gateway,
            """
            CREATE FUNCTION pg_temp.now_ms() RETURNS bigint LANGUAGE sql AS 'SELECT 9000000000000::bigint';
            CREATE FUNCTION pg_temp.kept_since_ms() RETURNS bigint LANGUAGE sql AS 'SELECT 9000000000000::bigint';
            CREATE TEMP TABLE open_payments (payment_id bigint);
            CREATE TEMP TABLE transfers (reference text);
            SET search_path TO pg_temp, books;
            SELECT books.forget_strays(9000000000000, 100);
            """);

        Assert.Equal(["1"], engine.Strings("SELECT count(*)::text FROM network_messages"));
    }

    [Fact]
    public async Task Nodes_that_start_at_once_on_an_empty_database_all_succeed_and_each_migration_runs_once()
    {
        var roles = PostgresRoles.Make("books");

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(roles.Prepare)));

        Assert.Equal(
            Migrations.Scripts("postgres").Select(script => script.Name),
            await Texts(roles.Owner, "SELECT scriptname FROM schemaversions ORDER BY scriptname"));
    }

    [Fact]
    public async Task Without_an_owner_nodes_that_start_at_once_succeed_too()
    {
        var connectionString = PostgresServer.Instance.ConnectionString(PostgresServer.Instance.NewDatabase(migrated: false));

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            await using var database = new PostgresDatabase(connectionString);
            await new PostgresEngine(database, owner: null).Prepare(CancellationToken.None);
        })));

        Assert.Equal(
            Migrations.Scripts("postgres").Select(script => script.Name),
            await Texts(connectionString, "SELECT scriptname FROM schemaversions ORDER BY scriptname"));
    }

    [Theory]
    [InlineData("postgres", "is a superuser")]
    [InlineData("nobody_of_that_name", "does not exist")]
    public async Task A_role_that_is_too_mighty_or_missing_is_refused_at_the_start(string reader, string text)
    {
        var roles = PostgresRoles.Make();
        await using var database = new PostgresDatabase(roles.Gateway);

        var refused = await Assert.ThrowsAsync<StartException>(
            () => new PostgresEngine(database, roles.Owner, reader).Prepare(CancellationToken.None));

        Assert.Contains(text, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_works_with_the_gateways_role()
    {
        var roles = PostgresRoles.MakeReady("books");
        await using var database = new PostgresDatabase(roles.Gateway);

        Assert.Empty(await Doctor.Examine(
            new PostgresEngine(database, roles.Owner), atRest: true, SomePayment.Start, TestContext.Current.CancellationToken));
    }

    private static async Task<string> Allowed(string role, string owner, string table)
    {
        var column = (await Texts(owner, $"SELECT attname::text FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum = 1"))[0];
        var letters = new List<char>();
        foreach (var (letter, sql) in Verbs)
        {
            var refusal = await Refusal(role, string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, table, column));
            letters.Add(refusal is RightMissing ? '-' : letter);
        }

        return new string([.. letters]);
    }

    /// <summary>Why the server refuses; nothing stays of what it does not refuse.</summary>
    private static async Task<string?> Refusal(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        try
        {
            PostgresServer.Execute(connection, sql);
            return null;
        }
        catch (PostgresException e)
        {
            return e.SqlState;
        }
    }

    private static async Task<List<string>> Texts(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return await StorageEngine.Texts(connection, sql, TestContext.Current.CancellationToken);
    }
}
