using System.Data.Common;
using CanPay.Gateway.Operations;
using CanPay.Gateway.Storage;
using CanPay.Gateway.Storage.Postgres;
using CanPay.Gateway.Storage.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CanPay.Faults.Site;

/// <summary>A look into the gateway's database, on connections of our own.</summary>
internal sealed class OurBooks(string place, bool isPostgres) : IAsyncDisposable
{
    /// <summary>The server dies again and again: a connection that was kept would be a dead one.</summary>
    private const string WithoutPool = ";Pooling=false";

    private readonly PostgresDatabase? _database = isPostgres ? new PostgresDatabase(place + WithoutPool) : null;
    private IReadOnlyList<string>? _schema;

    private StorageEngine Engine => _database is null ? new SqliteEngine(place) : new PostgresEngine(_database, owner: null);

    public async Task<DbConnection> Open()
    {
        if (!isPostgres)
        {
            return SqliteDatabase.Open(place);
        }

        var connection = new NpgsqlConnection(place + WithoutPool);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>What has not come to its end, a few of each kind; also that the books cannot be read at this moment.</summary>
    public async Task<IReadOnlyList<string>> UnderWay()
    {
        try
        {
            await using var connection = await Open();
            return await StorageEngine.Texts(
                connection,
                """
                SELECT 'payment ' || p.token || ' ' || p.status || ' ' || coalesce(o.job_note, '') FROM open_payments o JOIN payments p ON p.id = o.payment_id
                UNION ALL SELECT 'refund ' || refund_id || ' ' || coalesce(job_note, '') FROM refunds WHERE status = 'Sending'
                UNION ALL SELECT 'webhook ' || id || ' ' || coalesce(note, '') FROM webhook_deliveries WHERE status = 'Pending'
                LIMIT 5
                """,
                CancellationToken.None);
        }
        catch (DbException e)
        {
            return [e.Message];
        }
    }

    /// <summary>What the doctor finds at rest.</summary>
    /// <param name="journal">The network's books.</param>
    public async Task<IReadOnlyList<string>> Examine(string journal)
    {
        var engine = Engine;
        _schema ??= await engine.FreshSchema(CancellationToken.None);
        await using var connection = await engine.OpenSnapshot(CancellationToken.None);
        var findings = await Gateway.Operations.Doctor.Examine([connection], engine, _schema, atRest: true, DateTimeOffset.UtcNow, CancellationToken.None);
        var options = new DbContextOptionsBuilder<CanPayContext>();
        await using var books = new CanPayContext((isPostgres ? options.UseNpgsql(_database!.Source) : options.UseSqlite(SqliteDatabase.ConnectionString(place)))
            .UseSnakeCaseNamingConvention().Options);
        var difference = await NetworkJournal.Compare(books, journal, CancellationToken.None);
        return
        [
            .. findings.Concat(difference is null ? [] : [difference])
                .Select(finding => $"doctor: {finding.Invariant}, {finding.Count} times: {string.Join(", ", finding.Examples.Take(3))}"),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }
}
