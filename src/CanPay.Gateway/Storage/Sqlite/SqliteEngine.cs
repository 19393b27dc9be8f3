using System.Data.Common;

namespace CanPay.Gateway.Storage.Sqlite;

/// <summary>The embedded database.</summary>
internal sealed class SqliteEngine(string file) : StorageEngine
{
    public override EngineKind Kind => EngineKind.Sqlite;

    public override string Name => file;

    public override string SchemaSql =>
        "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'";

    /// <summary>There is one node only.</summary>
    public override Task<IAsyncDisposable?> TakeTurn(CancellationToken ct) => Task.FromResult<IAsyncDisposable?>(null);

    public override async Task<DbConnection> OpenSnapshot(CancellationToken ct)
    {
        // Not opened read-only: SQLite passes over CHECK constraints then.
        var connection = SqliteDatabase.Open(file);
        SqliteDatabase.ForbidWrites(connection);
        await using var command = connection.CreateCommand();
        command.CommandText = "BEGIN";
        await command.ExecuteNonQueryAsync(ct);
        return connection;
    }

    /// <summary>One: a second could see what was written after the first began.</summary>
    public override async Task<IReadOnlyList<DbConnection>> OpenSnapshots(int atMost, CancellationToken ct) => [await OpenSnapshot(ct)];

    public override async Task<IReadOnlyList<string>> FreshSchema(CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("canpay-schema-").FullName;
        try
        {
            var fresh = new SqliteEngine(Path.Combine(folder, "fresh.db"));
            await fresh.Prepare(ct);
            await using var connection = await fresh.OpenSnapshot(ct);
            return await Texts(connection, SchemaSql, ct);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    protected override Task MakeReady(CancellationToken ct)
    {
        SqliteDatabase.Prepare(file);
        return Task.CompletedTask;
    }
}
