using System.Diagnostics;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Storage;
using CanPay.Gateway.Storage.Copy;
using CanPay.Gateway.Storage.Postgres;
using CanPay.Gateway.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace CanPay.Gateway.Operations;

/// <summary>Moves an installation from the embedded database to PostgreSQL: everything or nothing.</summary>
/// <param name="file">The embedded database. Nobody else can open it until the copy is over.</param>
/// <param name="target">A database without books of its own.</param>
internal sealed class CopyBooks(string file, PostgresEngine target, TimeProvider clock)
{
    /// <summary>Whose triggers write rows of other tables.</summary>
    private static readonly string[] TablesWithWritingTriggers = ["refunds"];

    private readonly SqliteEngine _source = new(file);

    /// <summary>
    /// Copies, compares what arrived with what was sent, asks the doctor about both, and only then commits. The old books
    /// are marked as moved, so that no gateway goes on with them.
    /// </summary>
    /// <exception cref="StartException">It may not be done, or something arrived otherwise; the target is as it was.</exception>
    public async Task<CopyReport> Run(CancellationToken ct)
    {
        await using var from = await OpenSource(ct);
        await RequireHealth(from, _source, "The old books", await _source.FreshSchema(ct), ct);
        await target.Prepare(ct);
        var expectedSchema = await target.FreshSchema(ct);
        await using var session = new PostgresSession(await target.OpenAsOwner(ct));
        var to = session.Connection;
        await PostgresEngine.Execute(to, "BEGIN; SET LOCAL canpay.copies_books = 'on'", ct); // what was told is copied, and not told again
        var tables = await BookTable.All(from, to, ct);
        await PostgresEngine.Execute(to, $"LOCK TABLE {string.Join(", ", tables.Select(table => table.Name))} IN EXCLUSIVE MODE", ct, timeoutSeconds: 0);
        await RequireNew(to, tables, ct);

        var lines = new List<CopiedTable>();
        var begun = Stopwatch.GetTimestamp();

        await SetTriggers(to, "DISABLE", ct);
        foreach (var table in tables)
        {
            lines.Add(new CopiedTable(table.Name, await BookCopy.Table(from, to, table, ct)));
        }

        await SetTriggers(to, "ENABLE", ct);
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        foreach (var (table, line) in tables.Zip(lines))
        {
            await Finish(to, table, line, ct);
        }

        await RequireHealth(to, target, "The new books", expectedSchema, ct);
        await PostgresEngine.Execute(to, "COMMIT", CancellationToken.None, timeoutSeconds: 0);
        session.RequireCertainty();
        await SqliteEngine.MarkAsMoved(from, target.Name);
        return new CopyReport(lines, seconds);
    }

    /// <summary>Up to date, locked, not moved before.</summary>
    private async Task<SqliteConnection> OpenSource(CancellationToken ct)
    {
        if (!File.Exists(file))
        {
            throw new StartException($"There is no {file}: name the data folder with --from-data.");
        }

        var connection = SqliteDatabase.OpenAlone(file);
        try
        {
            var executed = await StorageEngine.Texts(connection, "SELECT ScriptName FROM SchemaVersions", ct);
            var scripts = Migrations.Scripts("sqlite");
            Migrations.RequireKnown(executed, scripts);
            if (executed.Count < scripts.Count)
            {
                await connection.DisposeAsync();
                SqliteDatabase.Prepare(file);
                connection = SqliteDatabase.OpenAlone(file);
            }

            await SqliteEngine.RequireNotMoved(connection, file, ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>What they would write beside a row is copied as well.</summary>
    private static async Task SetTriggers(NpgsqlConnection to, string what, CancellationToken ct)
    {
        foreach (var table in TablesWithWritingTriggers)
        {
            await PostgresEngine.Execute(to, $"ALTER TABLE {table} {what} TRIGGER USER", ct);
        }
    }

    private static async Task RequireNew(NpgsqlConnection to, IReadOnlyList<BookTable> tables, CancellationToken ct)
    {
        // Heartbeats are of the moment, and the migrations begin the sequences at 0.
        await PostgresEngine.Execute(to, "DELETE FROM heartbeats; DELETE FROM sequences WHERE value = 0", ct);
        foreach (var table in tables)
        {
            if ((await StorageEngine.Texts(to, $"SELECT '' FROM {table.Name} LIMIT 1", ct)).Count > 0)
            {
                throw new StartException(
                    $"The target already keeps books (there are rows in {table.Name}). Make an empty database for the copy, and start no gateway on it before.");
            }
        }
    }

    /// <summary>New rows get ids behind the copied ones; the planner is told of the rows; and they are read back and compared.</summary>
    private static async Task Finish(NpgsqlConnection to, BookTable table, CopiedTable line, CancellationToken ct)
    {
        if (table.IdColumn is { } id && line.Digest.Rows > 0)
        {
            var next = (await StorageEngine.Texts(to, $"SELECT (max({id}) + 1)::text FROM {table.Name}", ct))[0];
            await PostgresEngine.Execute(to, $"ALTER TABLE {table.Name} ALTER COLUMN {id} RESTART WITH {next}", ct);
        }

        await PostgresEngine.Execute(to, $"ANALYZE {table.Name}", ct, timeoutSeconds: 0);
        var arrived = await BookCopy.Digest(to, table, ct);
        if (arrived != line.Digest)
        {
            throw new StartException($"What arrived in {table.Name} is not what was sent: {line.Digest} was sent, {arrived} arrived. Nothing was kept.");
        }
    }

    /// <summary>Work that waits goes along; everything else must be true.</summary>
    private async Task RequireHealth(
        System.Data.Common.DbConnection books, StorageEngine engine, string name, IReadOnlyList<string> expectedSchema, CancellationToken ct)
    {
        var findings = (await Doctor.Examine([books], engine, expectedSchema, atRest: false, clock.GetUtcNow(), ct))
            .Where(finding => finding.Invariant is not ("nothing_is_put_aside" or "no_refund_is_put_aside" or "nothing_is_put_off" or "open_cards_are_young")).ToList();
        if (findings.Count > 0)
        {
            throw new StartException($"{name} are not healthy, so nothing was copied. The doctor says: "
                + string.Join("; ", findings.Select(finding => $"{finding.Invariant}: {finding.Examples[0]}")));
        }
    }
}

/// <summary>What was carried over.</summary>
/// <param name="Seconds">That reading and sending took.</param>
internal sealed record CopyReport(IReadOnlyList<CopiedTable> Tables, double Seconds)
{
    public long Rows => Tables.Sum(table => table.Digest.Rows);
}

/// <param name="Digest">Of the rows that were sent, and, as was compared, of those that arrived.</param>
internal sealed record CopiedTable(string Name, BookDigest Digest);
