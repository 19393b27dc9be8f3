using System.Threading.Channels;
using CanPay.Gateway.Payments;
using Microsoft.Data.Sqlite;

namespace CanPay.Gateway.Storage.Sqlite;

/// <summary>
/// One thread writes; whatever waits while a commit is under way is committed together by the next one. Each caller gets
/// its own answer, and work that fails fails alone.
/// </summary>
internal sealed class GroupCommit : IDisposable
{
    private const int ConstraintViolated = 19;

    private readonly Channel<Work> _queue;
    private readonly SqliteSession _session;
    private readonly int _maxBatch;
    private readonly Thread _thread;
    private readonly StoreNews? _news;

    /// <param name="session">The writing connection; used by this thread alone from now on.</param>
    /// <param name="maxBatch">Work of one transaction at the most.</param>
    /// <param name="maxQueue">Work that may wait.</param>
    /// <param name="news">Hears when the database fails, and when it works again.</param>
    public GroupCommit(SqliteSession session, int maxBatch, int maxQueue, StoreNews? news = null)
    {
        _news = news;
        _session = session;
        _maxBatch = maxBatch;
        _queue = Channel.CreateBounded<Work>(new BoundedChannelOptions(maxQueue) { SingleReader = true });
        _thread = new Thread(Loop) { Name = "canpay-writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>
    /// Runs the work inside the next transaction and returns its result when it is durable. Where work of the same transaction
    /// fails, it runs a second time after the first was undone: it keeps nothing but what it writes and returns.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Too much waits (nothing was done), or the outcome is unknown.</exception>
    public Task<T> Write<T>(Func<SqliteSession, T> work)
    {
        var item = new Work<T>(work);
        return _queue.Writer.TryWrite(item)
            ? item.Task
            : Task.FromException<T>(new StoreUnavailableException("The queue of writes is full, or the store is closing."));
    }

    /// <summary>Finishes what waits, then ends.</summary>
    public void Dispose()
    {
        _queue.Writer.TryComplete();
        _thread.Join();
        _session.Dispose();
    }

    private void Loop()
    {
        var batch = new List<Work>(_maxBatch);
        while (WaitForWork())
        {
            batch.Clear();
            while (batch.Count < _maxBatch && _queue.Reader.TryRead(out var work))
            {
                batch.Add(work);
            }

            Commit(batch);
        }
    }

    private bool WaitForWork()
    {
        var waiting = _queue.Reader.WaitToReadAsync();
        return waiting.IsCompleted ? waiting.Result : waiting.AsTask().GetAwaiter().GetResult();
    }

    private void Commit(List<Work> batch)
    {
        try
        {
            _session.Execute($"BEGIN IMMEDIATE");
            if (!RunTogether(batch))
            {
                RollBack();
                _session.Execute($"BEGIN IMMEDIATE");
                batch.ForEach(RunAlone);
            }

            _session.Execute($"COMMIT");
        }
        catch (SqliteException e)
        {
            RollBack();
            var failure = Unavailable(e);
            _news?.Failed(e.Message);
            batch.ForEach(work => work.Fail(failure));
            return;
        }

        _news?.Worked();
        batch.ForEach(work => work.Answer());
    }

    /// <summary>
    /// Without savepoints: SQLite copies aside every page that is written behind one, which costs more than the work itself, and
    /// work hardly ever throws. Who threw is told by the second run.
    /// </summary>
    /// <returns>Whether nothing threw.</returns>
    private bool RunTogether(List<Work> batch)
    {
#pragma warning disable CA1031 // the work runs again, and what it throws then is handed to its caller
        try
        {
            batch.ForEach(work => work.Run(_session));
            return true;
        }
        catch (Exception)
        {
            return false;
        }
#pragma warning restore CA1031
    }

    /// <summary>
    /// Work that throws is undone by itself. Where the whole transaction is gone (disk full, I/O error) the savepoint is
    /// gone, too, and undoing throws: then all of the batch fails.
    /// </summary>
    private void RunAlone(Work work)
    {
        _session.Execute($"SAVEPOINT work");
#pragma warning disable CA1031 // handed to the caller of this work, whatever it is
        try
        {
            work.Run(_session);
        }
        catch (Exception e)
        {
            _session.Execute($"ROLLBACK TO work");
            if (e is SqliteException { SqliteErrorCode: not ConstraintViolated })
            {
                _news?.Failed(e.Message);
            }

            work.Fail(Explained(e));
        }
#pragma warning restore CA1031

        _session.Execute($"RELEASE work");
    }

    /// <summary>What work threw, in the words of the store's port.</summary>
    internal static Exception Explained(Exception thrown) => thrown switch
    {
        SqliteException { SqliteErrorCode: ConstraintViolated } => new StoreRuleException(thrown.Message, thrown),
        SqliteException => Unavailable(thrown),
        _ => thrown,
    };

    private static StoreUnavailableException Unavailable(Exception e) =>
        new("The database did not take the write: " + e.Message, e);

    private void RollBack()
    {
        try
        {
            _session.Execute($"ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite had already rolled back by itself; there is nothing left to undo.
        }
    }

    private abstract class Work
    {
        public abstract void Run(SqliteSession session);

        public abstract void Answer();

        public abstract void Fail(Exception reason);
    }

    private sealed class Work<T>(Func<SqliteSession, T> work) : Work
    {
        private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;

        public Task<T> Task => _answer.Task;

        public override void Run(SqliteSession session) => _result = work(session);

        public override void Answer() => _answer.TrySetResult(_result!);

        public override void Fail(Exception reason) => _answer.TrySetException(reason);
    }
}
