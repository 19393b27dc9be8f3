using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage.Sqlite;
using CanPay.Gateway.Webhooks;

namespace CanPay.Simulation;

/// <summary>
/// The database server: our own SQL on our own schema, on the simulation's one thread. Every write is a savepoint of one long
/// transaction, so that writes which its standby has not yet can be lost, as they are when the standby takes over.
/// </summary>
internal sealed class Books : ISqliteWork
{
    /// <summary>It lives as long as its seed: nothing goes to a disk.</summary>
    private static readonly Action<SqliteSession>[] Settings =
    [
        session => session.Execute($"PRAGMA synchronous = OFF"),
        session => session.Execute($"PRAGMA temp_store = MEMORY"),
        session => session.Execute($"PRAGMA cache_size = -400000"),
    ];

    /// <summary>
    /// Writes by which the server may be ahead of its standby; at so many it waits. SQLite does the more for every page the more
    /// savepoints there are.
    /// </summary>
    private const long MostAhead = 100;

    private readonly SqliteSession _session;
    private readonly bool _hasStandby;
    private readonly Queue<Action> _waiting = [];
    private long _replicated;
    private long _savepoints;

    public Books(string file, bool hasStandby)
    {
        _session = new SqliteSession(file);
        _hasStandby = hasStandby;
        foreach (var setting in Settings)
        {
            setting(_session);
        }

        _session.Execute($"BEGIN IMMEDIATE");
    }

    /// <summary>Writes so far.</summary>
    public long Written { get; private set; }

    /// <summary>Counts the servers that there were: what one had not handed on died with it.</summary>
    public int Server { get; private set; }

    public bool IsDown { get; set; }

    public Task<T> Write<T>(Func<SqliteSession, T> work)
    {
        _session.Execute($"SAVEPOINT work");
#pragma warning disable CA1031 // handed to whoever asked
        try
        {
            var result = work(_session);
            Written++;
            if (_hasStandby)
            {
                _savepoints++;
            }
            else
            {
                _session.Execute($"RELEASE work");
            }

            return Task.FromResult(result);
        }
        catch (Exception e)
        {
            _session.Execute($"ROLLBACK TO work");
            _session.Execute($"RELEASE work");
            return Task.FromException<T>(GroupCommit.Explained(e));
        }
#pragma warning restore CA1031
    }

    /// <summary>Does that as soon as the standby is near enough: at once, as a rule.</summary>
    public void WhenNear(Action act)
    {
        if (_savepoints < MostAhead)
        {
            act();
        }
        else
        {
            _waiting.Enqueue(act);
        }
    }

    public T Read<T>(Func<SqliteSession, T> read) => read(_session);

    /// <summary>The standby has the first so many writes.</summary>
    public void Replicated(long writes)
    {
        _replicated = Math.Max(_replicated, writes);

        // They lie in each other: they can go only when the innermost may.
        if (_replicated == Written)
        {
            Release();
        }
    }

    /// <summary>The server is gone, and the standby takes over with what it has.</summary>
    /// <returns>Writes that are lost.</returns>
    public long FailOver()
    {
        var lost = Written - _replicated;
        for (var i = 0L; i < lost; i++)
        {
            _session.Execute($"ROLLBACK TO work");
            _session.Execute($"RELEASE work");
        }

        _savepoints -= lost;
        Written = _replicated;
        Server++;
        Release();
        return lost;
    }

    /// <summary>All that was written is in the file.</summary>
    public void Dispose()
    {
        _waiting.Clear();
        Release();
        _session.Execute($"COMMIT");
        _session.Dispose();
    }

    /// <summary>For planted bugs: what the product writes into that table is lost.</summary>
    public void Ignore(string table)
    {
        // A trigger of this connection alone: it is not in the schema.
        switch (table)
        {
            case "webhook_events":
                _session.Execute($"CREATE TEMP TRIGGER ignore_events BEFORE INSERT ON webhook_events WHEN NEW.key NOT LIKE 'late%' BEGIN SELECT RAISE(IGNORE); END");
                break;
            case "transfers":
                _session.Execute($"CREATE TEMP TRIGGER ignore_transfers BEFORE INSERT ON transfers WHEN NEW.at_ms % 2 = 0 BEGIN SELECT RAISE(IGNORE); END");
                break;
        }
    }

    /// <summary>For planted bugs: a second transaction, right after the last.</summary>
    public void AddTransfers(PaymentChange change)
    {
        foreach (var transfer in change.Transfers)
        {
            _session.Execute(
                $"""
                INSERT INTO transfers (reference, template, debit_account, credit_account, amount_rials, at_ms, payment_id)
                SELECT {transfer.Reference}, {transfer.Template}, {transfer.Debit.Name}, {transfer.Credit.Name}, {transfer.Amount},
                    {change.At.ToUnixTimeMilliseconds() | 1}, {transfer.PaymentId}
                WHERE NOT EXISTS (SELECT 1 FROM transfers WHERE reference = {transfer.Reference})
                """);
        }
    }

    /// <inheritdoc cref="AddTransfers"/>
    public void AddEvent(PaymentChange change)
    {
        var type = change.After.Status switch
        {
            PaymentStatus.Authorized => EventTypes.Paid,
            PaymentStatus.Verified => EventTypes.Verified,
            PaymentStatus.Reversed => EventTypes.Reversed,
            PaymentStatus.Cancelled => EventTypes.Cancelled,
            PaymentStatus.Expired => EventTypes.Expired,
            PaymentStatus.Failed => EventTypes.Failed,
            _ => null,
        };
        if (type is not null && change.After.MerchantId.Value == 1)
        {
            _session.Execute(
                $"""
                INSERT INTO webhook_events (key, merchant_id, payment_id, type, at_ms)
                VALUES ({$"late_{change.After.Id.Value}_{type}"}, {change.After.MerchantId}, {change.After.Id}, {type}, {change.At})
                """);
        }
    }

    /// <inheritdoc cref="AddTransfers"/>
    public void ForgetCard(PaymentChange change)
    {
        _session.Execute($"UPDATE open_payments SET sealed_card = NULL WHERE payment_id = {change.After.Id}");
    }

    private void Release()
    {
        for (; _savepoints > 0; _savepoints--)
        {
            _session.Execute($"RELEASE work");
        }

        while (_savepoints < MostAhead && _waiting.TryDequeue(out var act))
        {
            act();
        }
    }
}
