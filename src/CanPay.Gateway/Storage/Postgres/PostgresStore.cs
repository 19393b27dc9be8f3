using System.Collections.Concurrent;
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

    private readonly PostgresCalls _calls;
    private readonly GroupCommit _writer;
    private readonly GroupRead _reader;
    private readonly ConcurrentDictionary<MerchantId, (long Version, Merchant Merchant)> _merchants = new();

    /// <param name="database">That <see cref="PostgresEngine"/> has brought up to date.</param>
    public PostgresStore(PostgresDatabase database, StorageOptions options)
    {
        _calls = new PostgresCalls(database);
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

        if (await _calls.First($"SELECT {Rows.PaymentColumns} FROM {Rows.Payments} WHERE merchant_id = $1 AND invoice_id = $2", Rows.Payment,
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

    public Task<Authorization?> FindAuthorization(PaymentId payment, int number, CancellationToken ct) => _calls.First(
        $"SELECT {Rows.AuthorizationColumns} FROM {Rows.Authorizations} WHERE a.payment_id = $1 AND number = $2", Rows.Authorization, payment.Value, number);

    public Task<ApplyResult> Apply(PaymentChange change) => _writer.Move(change);

    public Task<bool> Settle(Payment asRead) => _writer.Settle(asRead);

    public Task<bool> Settle(MerchantId merchant, StoredAnswer asRead) => _calls.Run(async session =>
    {
        await using var batch = new NpgsqlBatch(session.Connection);
        batch.BatchCommands.Add(PostgresCalls.Command(
            "SELECT 1 FROM stored_answers WHERE merchant_id = $1 AND key = $2 AND request_hash = $3 AND body = $4",
            merchant.Value,
            asRead.Key,
            asRead.RequestHash,
            asRead.Body));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Statements.Barrier));
        return (await PostgresCalls.Read(batch, _ => true)).Count > 0;
    });

    public async Task<IReadOnlyList<Payment>> ClaimDue(int limit, TimeSpan lease, CancellationToken ct)
    {
        var claims = (await _calls.All(
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
        var claimed = await _calls.All(
            $"SELECT {Rows.PaymentColumns} FROM {Rows.Payments} WHERE id = ANY ($1) ORDER BY due_at_ms", Rows.Payment, claims.Keys.ToArray());
        return [.. claimed.Where(payment => payment.LeaseEpoch == claims[payment.Id.Value])];
    }

    public async Task<bool> Postpone(Postponement postponement)
    {
        var claimed = postponement.Claimed;
        return await _calls.Run(async session =>
        {
            await using var batch = new NpgsqlBatch(session.Connection);
            batch.BatchCommands.Add(PostgresCalls.Command(
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
            batch.BatchCommands.Add(PostgresCalls.Journal(postponement.Messages));
            await batch.ExecuteNonQueryAsync(CancellationToken.None);
            return batch.BatchCommands[0].RecordsAffected == 1;
        });
    }

    public Task<StoredAnswer?> FindAnswer(MerchantId merchant, string key, CancellationToken ct) =>
        _calls.First(SelectAnswer, Rows.StoredAnswer, merchant.Value, key);

    public async Task<StoredAnswer> KeepAnswer(MerchantId merchant, StoredAnswer answer, CancellationToken ct)
    {
        var kept = await _calls.Run(async session =>
        {
            // What another kept under the key is read and settled in the same transaction.
            await using var batch = new NpgsqlBatch(session.Connection);
            batch.BatchCommands.Add(PostgresCalls.Command(
                """
                INSERT INTO stored_answers (merchant_id, key, request_hash, body, created_at_ms) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT DO NOTHING
                """,
                merchant.Value,
                answer.Key,
                answer.RequestHash,
                answer.Body,
                answer.CreatedAt.ToUnixTimeMilliseconds()));
            batch.BatchCommands.Add(PostgresCalls.Command(SelectAnswer, merchant.Value, answer.Key));
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Statements.Barrier));
            return await PostgresCalls.Read(batch, Rows.StoredAnswer);
        });
        return kept.Count > 0 ? kept[0] : throw new StoreUnavailableException("The answer that was just kept is gone.");
    }

    public Task<int> ForgetAnswers(DateTimeOffset before, CancellationToken ct) =>
        _calls.Write("DELETE FROM stored_answers WHERE created_at_ms < $1", before.ToUnixTimeMilliseconds());

    public Task<Hold?> FindHold(CancellationToken ct) => _calls.First(
        $"SELECT {Rows.HoldColumns} FROM holds WHERE released_at_ms IS NULL", Rows.Hold);

    public Task Beat(string loop, string node, DateTimeOffset now, CancellationToken ct) => _calls.Write(
        """
        INSERT INTO heartbeats (loop, node, at_ms) VALUES ($1, $2, now_ms())
        ON CONFLICT (loop, node) DO UPDATE SET at_ms = excluded.at_ms
        """,
        loop, node);

    public async Task<long> ReserveTraceNumbers(int count, CancellationToken ct) => (await _calls.All(
        "UPDATE sequences SET value = value + $1 WHERE name = 'trace_number' RETURNING value",
        row => row.GetInt64(0),
        (long)count))[0] - count;

    public Task Record(IReadOnlyList<NetworkMessage> messages, CancellationToken ct) => _calls.Run(async session =>
    {
        await using var batch = new NpgsqlBatch(session.Connection);
        batch.BatchCommands.Add(PostgresCalls.Journal(messages));
        return await batch.ExecuteNonQueryAsync(CancellationToken.None);
    });

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _reader.DisposeAsync();
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
        var read = await _calls.All(
            $"SELECT {Rows.MerchantColumns} FROM merchants WHERE id = $1", row => (row.GetInt64(Rows.MerchantVersionColumn), Rows.Merchant(row)), found.Id.Value);
        return read is [var present] ? (_merchants[found.Id] = present).Merchant : null;
    }
}
