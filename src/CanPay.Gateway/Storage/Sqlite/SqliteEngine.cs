using System.Data.Common;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Storage.Sqlite;

/// <summary>The embedded database.</summary>
internal sealed class SqliteEngine(string file) : StorageEngine
{
    private const string MovedTo = "moved-to";

    public override EngineKind Kind => EngineKind.Sqlite;

    public override string Name => file;

    public override string SchemaSql =>
        "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'";

    /// <summary>There is one node only.</summary>
    public override Task<IAsyncDisposable?> TakeTurn(CancellationToken ct) => Task.FromResult<IAsyncDisposable?>(null);

    /// <summary>One writes at a time: whoever wrote before is done.</summary>
    public override Task WaitForWritesToSealedCards(CancellationToken ct) => Task.CompletedTask;

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

    /// <exception cref="StartException">The books are kept elsewhere now; going on with these would split them.</exception>
    public static async Task RequireNotMoved(DbConnection connection, string file, CancellationToken ct)
    {
        if (await Texts(connection, $"SELECT mark FROM key_marks WHERE name = '{MovedTo}'", ct) is [var target])
        {
            throw new StartException(
                $"The books in {file} were moved to {target}: set Storage:Postgres. What happened there since is not in this file, " +
                "so it must not be gone on with.");
        }
    }

    /// <summary>From now on nobody works with these books any more. Ends the transaction of the connection.</summary>
    public static async Task MarkAsMoved(DbConnection connection, string target)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"INSERT INTO key_marks (name, mark) VALUES ('{MovedTo}', $target); COMMIT";
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("$target", target);
        command.Parameters.Add(parameter);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    protected override async Task MakeReady(CancellationToken ct)
    {
        SqliteDatabase.Prepare(file);
        await using var connection = SqliteDatabase.Open(file);
        await RequireNotMoved(connection, file, ct);
    }
}
