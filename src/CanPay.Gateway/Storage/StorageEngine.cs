using System.Data.Common;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Storage;

/// <summary>Where the books are kept, for whatever is not a payment's hot path.</summary>
internal abstract class StorageEngine
{
    public abstract EngineKind Kind { get; }

    /// <summary>For people: a file, or hosts and database.</summary>
    public abstract string Name { get; }

    /// <summary>The database is up to date and may be used. Never false again.</summary>
    public bool IsPrepared { get; private set; }

    /// <summary>Makes what is missing and brings the schema up to date.</summary>
    /// <exception cref="StartException">It cannot be used, with what to do about it.</exception>
    /// <exception cref="DbException">It cannot be reached now; try again.</exception>
    public async Task Prepare(CancellationToken ct)
    {
        await MakeReady(ct);
        IsPrepared = true;
    }

    /// <summary>Waits until no other node has its turn, and has it until disposed of.</summary>
    /// <exception cref="DbException">The database cannot be reached now.</exception>
    public abstract Task<IAsyncDisposable?> TakeTurn(CancellationToken ct);

    /// <summary>Waits until no transaction is under way that has written to a table of sealed cards before this was called.</summary>
    /// <exception cref="DbException">The database cannot be reached now.</exception>
    public abstract Task WaitForWritesToSealedCards(CancellationToken ct);

    /// <summary>A connection that sees one moment and writes nothing.</summary>
    public abstract Task<DbConnection> OpenSnapshot(CancellationToken ct);

    /// <summary>Connections that all see one and the same moment and write nothing: several where the engine reads with several at once.</summary>
    public abstract Task<IReadOnlyList<DbConnection>> OpenSnapshots(int atMost, CancellationToken ct);

    /// <summary>One line a table, column, index, constraint or trigger of what <see cref="OpenSnapshot"/> sees.</summary>
    public abstract string SchemaSql { get; }

    /// <summary>The same of a database that the migrations have just made, nothing of which stays.</summary>
    public abstract Task<IReadOnlyList<string>> FreshSchema(CancellationToken ct);

    protected abstract Task MakeReady(CancellationToken ct);

    /// <summary>A command that may take as long as it takes.</summary>
    /// <param name="sql">A constant of this program.</param>
    public static DbCommand Command(DbConnection connection, string sql, params (string Name, object Value)[] parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this program
        command.CommandText = sql;
#pragma warning restore CA2100
        command.CommandTimeout = 0;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>The first column of all rows.</summary>
    public static async Task<List<string>> Texts(DbConnection connection, string sql, CancellationToken ct, params (string Name, object Value)[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        await using var row = await command.ExecuteReaderAsync(ct);
        var texts = new List<string>();
        while (await row.ReadAsync(ct))
        {
            texts.Add(row.GetString(0));
        }

        return texts;
    }
}

internal enum EngineKind
{
    Sqlite,
    Postgres,
}
