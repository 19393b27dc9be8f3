using System.Data.Common;
using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Payments;
using Npgsql;

namespace CanPay.Gateway.Storage.Postgres;

/// <summary>Single transactions beside the batches of the hot path, each on a connection of its own and never cancelled.</summary>
internal sealed class PostgresCalls(PostgresDatabase database)
{
    /// <summary>The first row, or nothing.</summary>
    public async Task<T?> First<T>(string sql, Func<DbDataReader, T> read, params object?[] values)
        where T : class => (await All(sql, read, values)).FirstOrDefault();

    /// <summary>How many rows were changed.</summary>
    public Task<int> Write(string sql, params object?[] values) => Run(async session =>
    {
        await using var batch = new NpgsqlBatch(session.Connection);
        batch.BatchCommands.Add(Command(sql, values));
        return await batch.ExecuteNonQueryAsync(CancellationToken.None);
    });

    public Task<List<T>> All<T>(string sql, Func<DbDataReader, T> read, params object?[] values) => Run(session => All(session, sql, read, values));

    /// <summary>As a part of what is run.</summary>
    public static async Task<List<T>> All<T>(PostgresSession session, string sql, Func<DbDataReader, T> read, params object?[] values)
    {
        await using var batch = new NpgsqlBatch(session.Connection);
        batch.BatchCommands.Add(Command(sql, values));
        return await Read(batch, read);
    }

    /// <summary>The rows of the first command that has any columns; the batch is read to its end.</summary>
    public static async Task<List<T>> Read<T>(NpgsqlBatch batch, Func<DbDataReader, T> read)
    {
        var result = new List<T>();
        await using var rows = await batch.ExecuteReaderAsync(CancellationToken.None);
        while (await rows.ReadAsync(CancellationToken.None))
        {
            result.Add(read(rows));
        }

        while (await rows.NextResultAsync(CancellationToken.None))
        {
        }

        return result;
    }

    /// <summary>One transaction on a connection of its own, never cancelled.</summary>
    /// <exception cref="StoreUnavailableException">Its outcome is unknown.</exception>
    /// <exception cref="StoreRuleException">A rule of the books forbids it; nothing was written.</exception>
    public async Task<T> Run<T>(Func<PostgresSession, Task<T>> work)
    {
        try
        {
            await using var session = await database.Open(CancellationToken.None);
            var result = await work(session);
            session.RequireCertainty();
            database.Worked();
            return result;
        }
        catch (PostgresException e) when (PostgresDatabase.IsForbidden(e))
        {
            throw new StoreRuleException(e.ConstraintName ?? e.SqlState, e);
        }
        catch (StoreUnavailableException e)
        {
            database.Failed(e);
            throw;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            database.Failed(e);
            throw new StoreUnavailableException("The database did not answer as it should: " + e.Message, e);
        }
    }

    /// <summary>Adds to the journal of the line.</summary>
    public static NpgsqlBatchCommand Journal(IReadOnlyList<NetworkMessage> messages)
    {
        var command = new NpgsqlBatchCommand(
            $"""
            INSERT INTO network_messages (at_ms, event, mti, stan, rrn, action_code, payment_id, summary)
            SELECT at_ms, event, mti, stan, rrn, action_code, payment_id, summary FROM {Statements.Messages.From(1)}
            """);
        Statements.Messages.Bind(command.Parameters, [.. messages.Select(message => new MoveMessage(default, message))]);
        return command;
    }

    /// <param name="values">Or parameters, where a type must be named because the value may be none.</param>
    public static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value ?? DBNull.Value });
        }

        return command;
    }
}
