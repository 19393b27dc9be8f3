using System.Collections.Concurrent;
using System.Data.Common;
using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;
using Npgsql;

namespace CanPay.Gateway.Storage.Postgres;

/// <summary>The hot path on a database server: reads and writes of many payments in one round trip each.</summary>
internal sealed class PostgresStore : IPaymentStore, IAcquiringStore, IAsyncDisposable
{
    private const string SelectAnswer =
        "SELECT key, request_hash, body, created_at_ms FROM stored_answers WHERE merchant_id = $1 AND key = $2";

    private readonly PostgresDatabase _database;
    private readonly GroupCommit _writer;
    private readonly GroupRead _reader;
    private readonly ConcurrentDictionary<MerchantId, (long Version, Merchant Merchant)> _merchants = new();

    /// <param name="database">That <see cref="PostgresEngine"/> has brought up to date.</param>
    public PostgresStore(PostgresDatabase database, StorageOptions options)
    {
        _database = database;
        _writer = new GroupCommit(database, options);
        _reader = new GroupRead(database, options);
    }

    public async Task<Merchant?> FindMerchant(string code, CancellationToken ct) => await Current((await _reader.Merchant(code))?.Merchant);

    public async Task<CreateResult> Create(NewPayment payment, CancellationToken ct)
    {
        if (await _writer.Add(payment) is { } id)
        {
            return new CreateResult.Created(id);
        }

        if (payment.Answer is { } answer && await FindAnswer(payment.MerchantId, answer.Key, ct) is { } kept)
        {
            return new CreateResult.KeyExists(kept);
        }

        if (await First($"SELECT {Rows.PaymentColumns} FROM {Rows.Payments} WHERE merchant_id = $1 AND invoice_id = $2", Rows.Payment,
            payment.MerchantId.Value, payment.InvoiceId) is { } existing)
        {
            return new CreateResult.InvoiceExists(existing);
        }

        return await Find(payment.Token, ct) is not null
            ? new CreateResult.TokenExists()
            : throw new StoreUnavailableException("The payment was not added, and nothing stands in its way any more.");
    }

    public async Task<Payment?> Find(string token, CancellationToken ct) => (await _reader.Payment(token))?.Payment;

    public async Task<(Payment Payment, Merchant Merchant)?> FindWithMerchant(string token, CancellationToken ct) =>
        await _reader.Payment(token) is { } found && await Current(found.Merchant) is { } merchant ? (found.Payment, merchant) : null;

    public Task<Payment?> Find(PaymentId id, CancellationToken ct) => _reader.Payment(id);

    public Task<Authorization?> FindAuthorization(PaymentId payment, int number, CancellationToken ct) => First(
        $"SELECT {Rows.AuthorizationColumns} FROM {Rows.Authorizations} WHERE a.payment_id = $1 AND number = $2", Rows.Authorization, payment.Value, number);

    public Task<ApplyResult> Apply(PaymentChange change) => _writer.Move(change);

    public Task<bool> Settle(Payment asRead) => _writer.Settle(asRead);

    public Task<bool> Settle(MerchantId merchant, StoredAnswer asRead) => Run(async session =>
    {
        await using var batch = new NpgsqlBatch(session.Connection);
        batch.BatchCommands.Add(Command(
            "SELECT 1 FROM stored_answers WHERE merchant_id = $1 AND key = $2 AND request_hash = $3 AND body = $4",
            merchant.Value,
            asRead.Key,
            asRead.RequestHash,
            asRead.Body));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Statements.Barrier));
        return (await Read(batch, _ => true)).Count > 0;
    });

    public async Task<IReadOnlyList<Payment>> ClaimDue(int limit, TimeSpan lease, CancellationToken ct)
    {
        var claims = (await All(
            """
            UPDATE open_payments SET lease_until_ms = now_ms() + $2, lease_epoch = lease_epoch + 1
            WHERE payment_id = ANY (ARRAY(
                SELECT payment_id FROM open_payments WHERE due_at_ms <= (SELECT now_ms()) AND lease_until_ms <= (SELECT now_ms())
                ORDER BY due_at_ms LIMIT $1 FOR UPDATE SKIP LOCKED))
            RETURNING payment_id, lease_epoch
            """,
            row => (Id: row.GetInt64(0), Epoch: row.GetInt64(1)),
            limit,
            (long)lease.TotalMilliseconds)).ToDictionary(claim => claim.Id, claim => claim.Epoch);
        if (claims.Count == 0)
        {
            return [];
        }

        // Read after the claim, so that a move that was made beside it is seen; what somebody else took over meanwhile is not ours.
        var claimed = await All(
            $"SELECT {Rows.PaymentColumns} FROM {Rows.Payments} WHERE id = ANY ($1) ORDER BY due_at_ms", Rows.Payment, claims.Keys.ToArray());
        return [.. claimed.Where(payment => payment.LeaseEpoch == claims[payment.Id.Value])];
    }

    public async Task<bool> Postpone(Postponement postponement)
    {
        var claimed = postponement.Claimed;
        return await Run(async session =>
        {
            await using var batch = new NpgsqlBatch(session.Connection);
            batch.BatchCommands.Add(Command(
                """
                UPDATE open_payments
                SET due_at_ms = $1, lease_until_ms = 0, job_attempts = $2, job_refusals = $3, job_note = $4
                WHERE payment_id = $5 AND lease_epoch = $7 AND EXISTS (SELECT 1 FROM payments WHERE id = $5 AND version = $6)
                """,
                postponement.DueAt?.ToUnixTimeMilliseconds(),
                claimed.JobAttempts,
                claimed.JobRefusals,
                postponement.Reason,
                claimed.Id.Value,
                claimed.Version,
                claimed.LeaseEpoch));

            // What passed over the line is true whoever holds the lease.
            batch.BatchCommands.Add(JournalCommand(postponement.Messages));
            await batch.ExecuteNonQueryAsync(CancellationToken.None);
            return batch.BatchCommands[0].RecordsAffected == 1;
        });
    }

    public Task<StoredAnswer?> FindAnswer(MerchantId merchant, string key, CancellationToken ct) =>
        First(SelectAnswer, Rows.StoredAnswer, merchant.Value, key);

    public async Task<StoredAnswer> KeepAnswer(MerchantId merchant, StoredAnswer answer, CancellationToken ct)
    {
        var kept = await Run(async session =>
        {
            // What another kept under the key is read and settled in the same transaction.
            await using var batch = new NpgsqlBatch(session.Connection);
            batch.BatchCommands.Add(Command(
                """
                INSERT INTO stored_answers (merchant_id, key, request_hash, body, created_at_ms) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT DO NOTHING
                """,
                merchant.Value,
                answer.Key,
                answer.RequestHash,
                answer.Body,
                answer.CreatedAt.ToUnixTimeMilliseconds()));
            batch.BatchCommands.Add(Command(SelectAnswer, merchant.Value, answer.Key));
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Statements.Barrier));
            return await Read(batch, Rows.StoredAnswer);
        });
        return kept.Count > 0 ? kept[0] : throw new StoreUnavailableException("The answer that was just kept is gone.");
    }

    public Task<int> ForgetAnswers(DateTimeOffset before, CancellationToken ct) =>
        Write("DELETE FROM stored_answers WHERE created_at_ms < $1", before.ToUnixTimeMilliseconds());

    public Task<Hold?> FindHold(CancellationToken ct) => First(
        $"SELECT {Rows.HoldColumns} FROM holds WHERE released_at_ms IS NULL", Rows.Hold);

    public Task Beat(string loop, string node, DateTimeOffset now, CancellationToken ct) => Write(
        """
        INSERT INTO heartbeats (loop, node, at_ms) VALUES ($1, $2, now_ms())
        ON CONFLICT (loop, node) DO UPDATE SET at_ms = excluded.at_ms
        """,
        loop, node);

    public async Task<long> ReserveTraceNumbers(int count, CancellationToken ct) => (await All(
        "UPDATE sequences SET value = value + $1 WHERE name = 'trace_number' RETURNING value",
        row => row.GetInt64(0),
        (long)count))[0] - count;

    public Task Record(IReadOnlyList<NetworkMessage> messages, CancellationToken ct) => Run(async session =>
    {
        await using var batch = new NpgsqlBatch(session.Connection);
        batch.BatchCommands.Add(JournalCommand(messages));
        return await batch.ExecuteNonQueryAsync(CancellationToken.None);
    });

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _reader.DisposeAsync();
    }

    private static NpgsqlBatchCommand JournalCommand(IReadOnlyList<NetworkMessage> messages)
    {
        var command = new NpgsqlBatchCommand(
            $"""
            INSERT INTO network_messages (at_ms, event, mti, stan, rrn, action_code, payment_id, summary)
            SELECT at_ms, event, mti, stan, rrn, action_code, payment_id, summary FROM {Statements.Messages.From(1)}
            """);
        Statements.Messages.Bind(command.Parameters, [.. messages.Select(message => new MoveMessage(default, message))]);
        return command;
    }

    private static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }

        return command;
    }

    /// <summary>The row's version is asked every time, so that a suspension works at once; its texts are parsed once a version.</summary>
    private async Task<Merchant?> Current(MerchantVersion? found)
    {
        if (found is null)
        {
            return null;
        }

        if (_merchants.TryGetValue(found.Id, out var known) && known.Version == found.Version)
        {
            return known.Merchant;
        }

        // With the version that it has now: it may have been changed again since.
        var read = await All(
            $"SELECT {Rows.MerchantColumns} FROM merchants WHERE id = $1", row => (row.GetInt64(Rows.MerchantVersionColumn), Rows.Merchant(row)), found.Id.Value);
        return read is [var present] ? (_merchants[found.Id] = present).Merchant : null;
    }

    private async Task<T?> First<T>(string sql, Func<DbDataReader, T> read, params object?[] values)
        where T : class => (await All(sql, read, values)).FirstOrDefault();

    private Task<int> Write(string sql, params object?[] values) => Run(async session =>
    {
        await using var batch = new NpgsqlBatch(session.Connection);
        batch.BatchCommands.Add(Command(sql, values));
        return await batch.ExecuteNonQueryAsync(CancellationToken.None);
    });

    private Task<List<T>> All<T>(string sql, Func<DbDataReader, T> read, params object?[] values) => Run(async session =>
    {
        await using var batch = new NpgsqlBatch(session.Connection);
        batch.BatchCommands.Add(Command(sql, values));
        return await Read(batch, read);
    });

    /// <summary>The rows of the first command that has any columns; the batch is read to its end.</summary>
    private static async Task<List<T>> Read<T>(NpgsqlBatch batch, Func<DbDataReader, T> read)
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
    private async Task<T> Run<T>(Func<PostgresSession, Task<T>> work)
    {
        try
        {
            await using var session = await _database.Open(CancellationToken.None);
            var result = await work(session);
            session.RequireCertainty();
            _database.Worked();
            return result;
        }
        catch (PostgresException e) when (PostgresDatabase.IsForbidden(e))
        {
            throw new StoreRuleException(e.ConstraintName ?? e.SqlState, e);
        }
        catch (StoreUnavailableException e)
        {
            _database.Failed(e);
            throw;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            _database.Failed(e);
            throw new StoreUnavailableException("The database did not answer as it should: " + e.Message, e);
        }
    }
}
