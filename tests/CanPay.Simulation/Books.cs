using CanPay.Gateway.Storage.Sqlite;

namespace CanPay.Simulation;

/// <summary>
/// The database server: our own SQL on our own schema, on the simulation's one thread. Every write is a savepoint of one long
/// transaction, so that writes which its standby has not yet can be lost, as they are when the standby takes over.
/// </summary>
internal sealed class Books : ISqliteWork
{
    private readonly SqliteSession _session;
    private long _replicated;
    private long _savepoints;

    public Books(string file)
    {
        _session = new SqliteSession(file);
        _session.Execute($"PRAGMA synchronous = OFF");
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
            _savepoints++;
            Written++;
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
        Release();
        _session.Execute($"COMMIT");
        _session.Dispose();
    }

    private void Release()
    {
        for (; _savepoints > 0; _savepoints--)
        {
            _session.Execute($"RELEASE work");
        }
    }
}
