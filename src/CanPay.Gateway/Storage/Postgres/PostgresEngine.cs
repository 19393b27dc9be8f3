using System.Data.Common;
using CanPay.Gateway.Kernel;
using Npgsql;

namespace CanPay.Gateway.Storage.Postgres;

/// <summary>A PostgreSQL database, or the primary of several.</summary>
/// <param name="database">As the gateway uses it.</param>
/// <param name="owner">Connection string of the role that owns the tables; none where that is the gateway's own.</param>
/// <param name="reader">The role that reads for reports, if there is one.</param>
/// <param name="clock">Set by the database's before anything is done by it.</param>
internal sealed class PostgresEngine(PostgresDatabase database, string? owner, string? reader = null, DatabaseClock? clock = null) : StorageEngine
{
    private const int OldestVersion = 140_000;

    /// <summary>Nodes that start together migrate one after the other.</summary>
    private const long MigrationLock = 0x43_61_6E_50_61_79;

    private const long TurnLock = MigrationLock + 1;

    private static readonly TimeSpan WaitForWriters = TimeSpan.FromMilliseconds(20);

    private string OwnerConnectionString => owner is null ? database.ConnectionString : PostgresDatabase.Complete(owner);

    public override EngineKind Kind => EngineKind.Postgres;

    public override string Name => database.Name;

    public override string SchemaSql =>
        """
        SELECT 'column ' || r.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' '
            || a.attidentity::text || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
        FROM pg_class r JOIN pg_attribute a ON a.attrelid = r.oid LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum
        WHERE r.relnamespace = current_schema()::regnamespace AND r.relkind IN ('r', 'p') AND r.relname <> 'schemaversions'
            AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL
        SELECT 'constraint ' || r.relname || ' ' || c.conname || ' ' || pg_get_constraintdef(c.oid) || ' ' || c.convalidated
        FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
        WHERE c.connamespace = current_schema()::regnamespace AND r.relname <> 'schemaversions'
        UNION ALL
        SELECT 'index ' || i.indexname || ' ' || replace(i.indexdef, ' ON ' || i.schemaname || '.', ' ON ') || ' ' || x.indisvalid
        FROM pg_indexes i JOIN pg_index x ON x.indexrelid = (quote_ident(i.schemaname) || '.' || quote_ident(i.indexname))::regclass
        WHERE i.schemaname = current_schema() AND i.tablename <> 'schemaversions'
        UNION ALL
        SELECT 'trigger ' || r.relname || '.' || t.tgname || ' ' || t.tgtype || ' ' || t.tgenabled::text
        FROM pg_trigger t JOIN pg_class r ON r.oid = t.tgrelid
        WHERE r.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal
        UNION ALL
        SELECT 'function ' || p.proname || ' ' || md5(p.prosrc) || ' ' || p.prosecdef || ' '
            || replace(coalesce(array_to_string(p.proconfig, ' '), ''), current_schema(), 'ours')
        FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace
        """;

    public override async Task<IAsyncDisposable?> TakeTurn(CancellationToken ct)
    {
        var turn = new NpgsqlConnection(Unpooled(database.ConnectionString));
        try
        {
            await turn.OpenAsync(ct);
            await Execute(turn, $"SELECT pg_advisory_lock({TurnLock})", ct, timeoutSeconds: 0);
            return turn;
        }
        catch (Exception)
        {
            await turn.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whoever holds the lock of a writer now is waited for; those who come later are not in their way, nor we in theirs.</summary>
    public override async Task WaitForWritesToSealedCards(CancellationToken ct)
    {
        await using var session = await database.Open(ct);
        var waitedFor = await Writers();
        while (waitedFor.Count > 0)
        {
            await Task.Delay(WaitForWriters, ct);
            waitedFor.IntersectWith(await Writers());
        }

        async Task<HashSet<string>> Writers() =>
        [
            .. await Texts(
                session.Connection,
                """
                SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND granted
                    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                    AND relation IN ('open_payments'::regclass, 'saved_cards'::regclass, 'refundable_cards'::regclass)
                """,
                ct),
        ];
    }

    public override async Task<DbConnection> OpenSnapshot(CancellationToken ct) => await BeginReading(null, ct);

    /// <summary>The first lends its view to the others, and keeps it alive.</summary>
    public override async Task<IReadOnlyList<DbConnection>> OpenSnapshots(int atMost, CancellationToken ct)
    {
        var connections = new List<DbConnection> { await BeginReading(null, ct) };
        try
        {
            var view = (await Texts(connections[0], "SELECT pg_export_snapshot()", ct))[0];
            while (connections.Count < atMost)
            {
                connections.Add(await BeginReading(view, ct));
            }

            return connections;
        }
        catch
        {
            foreach (var connection in connections)
            {
                await connection.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>In a schema of its own, in a transaction that is undone.</summary>
    public override async Task<IReadOnlyList<string>> FreshSchema(CancellationToken ct)
    {
        await using var connection = await OpenScratch(ct);
        return await Texts(connection, SchemaSql, ct);
    }

    /// <summary>A connection that may do anything to the tables, for whoever moves whole books.</summary>
    public async Task<NpgsqlConnection> OpenAsOwner(CancellationToken ct)
    {
        var connection = new NpgsqlConnection(ForReading(OwnerConnectionString));
        await connection.OpenAsync(ct);
        return connection;
    }

    /// <summary>A connection with an empty schema of ours, in a transaction that ends with the connection, and leaves nothing.</summary>
    /// <exception cref="StartException">The role may not make one.</exception>
    public async Task<NpgsqlConnection> OpenScratch(CancellationToken ct)
    {
        var connection = new NpgsqlConnection(ForReading(OwnerConnectionString));
        try
        {
            await connection.OpenAsync(ct);
            await Execute(connection, "BEGIN", ct);
            await MakeScratchSchema(connection, ct);
            return connection;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            await connection.DisposeAsync();
            throw new StartException(
                $"To know what the schema should be, one is made in {Name} that is undone again, and the role may not: {e.MessageText}. " +
                "Set Storage:PostgresOwner, and GRANT CREATE ON DATABASE … to that role.");
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>An empty schema of ours, used by this transaction alone.</summary>
    public static async Task MakeScratchSchema(NpgsqlConnection connection, CancellationToken ct)
    {
        var schema = $"canpay_scratch_{connection.ProcessID}";
        await Execute(connection, $"CREATE SCHEMA {schema}; SET LOCAL search_path TO {schema}", ct);
        foreach (var script in Migrations.Scripts("postgres"))
        {
            await Execute(connection, script.Contents, ct);
        }
    }

    protected override async Task MakeReady(CancellationToken ct)
    {
        try
        {
            await Migrate(ct);
        }
        catch (PostgresException e) when (e.SqlState[..2] is "28" || e.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidCatalogName)
        {
            // Waiting would not help: whoever made the database must.
            throw new StartException(
                $"The database {Name} does not let us in: {e.MessageText}. Check Storage:Postgres, that the database is there, "
                + "and that its role owns the tables (or set Storage:PostgresOwner).");
        }

        if (clock is not null)
        {
            await clock.Compare(database, ct);
        }
    }

    private async Task Migrate(CancellationToken ct)
    {
        await using (var session = await database.Open(ct))
        {
            await RequireDurability(session.Connection, ct);
            if (owner is null && await IsUpToDate(session.Connection, ct))
            {
                return;
            }
        }

        // Not from the pool: a session's lock would stay with the pooled connection.
        await using var locking = new NpgsqlConnection(Unpooled(OwnerConnectionString));
        await locking.OpenAsync(ct);
        await Execute(locking, $"SELECT pg_advisory_lock({MigrationLock})", ct, timeoutSeconds: 0);
        Migrations.ApplyToPostgres(Unpooled(OwnerConnectionString));
        if (owner is not null)
        {
            await PostgresRights.Grant(locking, new NpgsqlConnectionStringBuilder(database.ConnectionString).Username!, reader, ct);
        }
    }

    private async Task<NpgsqlConnection> BeginReading(string? view, CancellationToken ct)
    {
        var connection = new NpgsqlConnection(ForReading(database.ConnectionString));
        await connection.OpenAsync(ct);
        await Execute(
            connection,
            "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY" + (view is null ? "" : $"; SET TRANSACTION SNAPSHOT '{view}'"),
            ct);
        return connection;
    }

    private async Task RequireDurability(NpgsqlConnection connection, CancellationToken ct)
    {
        var version = int.Parse(await Setting("server_version_num"), System.Globalization.CultureInfo.InvariantCulture);
        if (version < OldestVersion)
        {
            throw new StartException($"The database server {Name} is too old; PostgreSQL {OldestVersion / 10_000} or newer is needed.");
        }

        foreach (var setting in (string[])["synchronous_commit", "fsync", "full_page_writes"])
        {
            var value = await Setting(setting);
            if (value is "off" or "local")
            {
                throw new StartException(
                    $"The database {Name} has {setting}={value}: it would lose payments that it has acknowledged. " +
                    $"Set {setting}=on for this server, database and role.");
            }
        }

        if (await Setting("server_encoding") != "UTF8")
        {
            throw new StartException($"The database {Name} is not in UTF8. Make it anew: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0.");
        }

        async Task<string> Setting(string name) => (await Texts(connection, $"SELECT current_setting('{name}')", ct))[0];
    }

    private static async Task<bool> IsUpToDate(NpgsqlConnection connection, CancellationToken ct)
    {
        if ((await Texts(connection, "SELECT coalesce(to_regclass('schemaversions')::text, '')", ct))[0].Length == 0)
        {
            return false;
        }

        var executed = await Texts(connection, "SELECT scriptname FROM schemaversions", ct);
        var scripts = Migrations.Scripts("postgres");
        Migrations.RequireKnown(executed, scripts);
        return scripts.All(script => executed.Contains(script.Name, StringComparer.Ordinal));
    }

    /// <summary>
    /// Batches of the hot path never scan a table; whoever reads all of it should. Rows of one payment lie near each other in every table
    /// and index, so reading in the order of an index is as cheap as it gets.
    /// </summary>
    public static string ForReading(string connectionString)
    {
        var parts = new NpgsqlConnectionStringBuilder(Unpooled(connectionString)) { CommandTimeout = 0 };
        parts.Options += " -c enable_seqscan=on -c enable_bitmapscan=off -c random_page_cost=1.1 -c work_mem=256MB"; // the last one of a setting counts
        return parts.ConnectionString;
    }

    /// <summary>A connection of its own, and of several hosts to the primary: locks and changes of the schema are nowhere else.</summary>
    private static string Unpooled(string connectionString)
    {
        var parts = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        if (parts.Host!.Contains(',', StringComparison.Ordinal))
        {
            parts.TargetSessionAttributes = "primary";
        }

        return parts.ConnectionString;
    }

    public static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken ct, int timeoutSeconds = 30)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this program, and the role's name in quotes
        command.CommandText = sql;
#pragma warning restore CA2100
        command.CommandTimeout = timeoutSeconds;
        await command.ExecuteNonQueryAsync(ct);
    }
}
