using System.Collections.Concurrent;
using CanPay.Gateway.Payments;
using Microsoft.Data.Sqlite;

namespace CanPay.Gateway.Storage.Sqlite;

/// <summary>Runs what reads and writes the embedded database.</summary>
internal interface ISqliteWork : IDisposable
{
    /// <summary>Returns what the work returns when what it wrote is durable. It may run twice, so it keeps nothing but what it writes and returns.</summary>
    /// <exception cref="StoreUnavailableException">Nothing was done, or the outcome is unknown.</exception>
    Task<T> Write<T>(Func<SqliteSession, T> work);

    /// <summary>Reads beside whoever writes.</summary>
    /// <exception cref="StoreUnavailableException">The database could not be read.</exception>
    T Read<T>(Func<SqliteSession, T> read);
}

/// <summary>A file: reads beside each other, writes through <see cref="GroupCommit"/>.</summary>
/// <param name="file">A database that <see cref="SqliteDatabase.Prepare"/> has brought up to date.</param>
/// <param name="news">Hears when the database fails, and when it works again.</param>
internal sealed class SqliteWork(string file, StorageOptions options, StoreNews? news) : ISqliteWork
{
    private readonly GroupCommit _writer = new(new SqliteSession(file), options.MaxBatch, options.MaxQueue, news);
    private readonly ConcurrentBag<SqliteSession> _readers = [];

    public Task<T> Write<T>(Func<SqliteSession, T> work) => _writer.Write(work);

    public T Read<T>(Func<SqliteSession, T> read)
    {
        var session = default(SqliteSession);
        try
        {
            session = _readers.TryTake(out var free) ? free : new SqliteSession(file);
            return read(session);
        }
        catch (SqliteException e)
        {
            throw new StoreUnavailableException("The database could not be read: " + e.Message, e);
        }
        finally
        {
            if (session is not null)
            {
                _readers.Add(session);
            }
        }
    }

    public void Dispose()
    {
        _writer.Dispose();
        while (_readers.TryTake(out var reader))
        {
            reader.Dispose();
        }
    }
}
