using System.Threading.Channels;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using Npgsql;

namespace CanPay.Gateway.Storage.Postgres;

/// <summary>
/// Writes whatever waits in one transaction and one round trip. Each caller gets its own answer; where a rule forbids one
/// write the transaction is gone, and its writes are tried again in halves, so that this one fails alone.
/// </summary>
internal sealed class GroupCommit : IAsyncDisposable
{
    private static readonly TimeSpan RestAfterFailure = TimeSpan.FromMilliseconds(500);

    private readonly PostgresDatabase _database;
    private readonly int _maxBatch;
    private readonly Lanes<Work> _lanes;

    public GroupCommit(PostgresDatabase database, StorageOptions options)
    {
        _database = database;
        _maxBatch = options.MaxBatch;
        _lanes = new Lanes<Work>(options.Writers, options.MaxQueue, database.Patience, Lane);
    }

    /// <returns>The payment's id, or nothing where its token, invoice or key is taken.</returns>
    public Task<PaymentId?> Add(NewPayment payment) => Write(new Addition(payment));

    public Task<ApplyResult> Move(PaymentChange change) => Write(new Change(change));

    /// <summary>Returns when the payment, just as it was read, is as durable as a commit.</summary>
    public Task<bool> Settle(Payment asRead) => Write(new Barrier(asRead));

    public ValueTask DisposeAsync() => _lanes.DisposeAsync();

    private Task<T> Write<T>(Work<T> work) => _lanes.Handle(work, work.Task);

    private async Task Lane(ChannelReader<Work> queue)
    {
        var session = default(PostgresSession);
        var batch = new Batch();
        var next = new List<Work>();
        while (next.Count > 0 || await queue.WaitToReadAsync())
        {
            batch.Clear();
            var waiting = next;
            next = [];
            foreach (var work in waiting)
            {
                Put(work);
            }

            while (batch.Count < _maxBatch && _lanes.TryTake(queue, out var work))
            {
                Put(work);
            }

            session = batch.Count > 0 ? await Commit(batch, session) : session;
        }

        if (session is not null)
        {
            await session.DisposeAsync();
        }

        // A statement moves a payment once: its second move waits for the next.
        void Put(Work work)
        {
            if (!batch.Add(work))
            {
                next.Add(work);
            }
        }
    }

    /// <returns>The connection, if it is still good.</returns>
    private async Task<PostgresSession?> Commit(Batch batch, PostgresSession? session)
    {
#pragma warning disable CA1031 // whatever it is, every caller hears of it, and the lane lives on
        try
        {
            session ??= await _database.Open(CancellationToken.None);
            await batch.Execute(session);
            _database.Worked();
            batch.Answer();
            return session;
        }
        catch (PostgresException e) when (PostgresDatabase.IsUndone(e) && batch.Count > 1)
        {
            var (first, second) = batch.Halves();
            session = await Commit(first, session);
            return await Commit(second, session);
        }
        catch (PostgresException e) when (PostgresDatabase.IsForbidden(e))
        {
            batch.Forbid(e);
            return session;
        }
        catch (Exception e)
        {
            batch.Fail(e as StoreUnavailableException ?? new StoreUnavailableException("The database did not say that it took the write: " + e.Message, e));
            _database.Failed(e);
            if (session is not null)
            {
                await Discard(session);
            }
            else
            {
                await Task.Delay(RestAfterFailure);
            }

            return null;
        }
#pragma warning restore CA1031
    }

    /// <summary>Closed for good: what is in doubt must not come back from the pool.</summary>
    private async Task Discard(PostgresSession session)
    {
        try
        {
            _database.Forget();
            await session.DisposeAsync();
        }
        catch (Exception e) when (e is NpgsqlException or IOException or InvalidOperationException)
        {
            // It was broken already.
        }
    }

    internal abstract class Work : IWaiting
    {
        public long Since { get; } = Environment.TickCount64;

        public abstract void Fail(Exception reason);

        /// <summary>A rule of the books forbids it.</summary>
        public virtual void Forbid(PostgresException e) => Fail(new StoreRuleException(e.ConstraintName ?? e.SqlState, e));
    }

    internal abstract class Work<T> : Work
    {
        private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Task => _answer.Task;

        public void Answer(T result) => _answer.TrySetResult(result);

        public override void Fail(Exception reason) => _answer.TrySetException(reason);
    }

    internal sealed class Addition(NewPayment payment) : Work<PaymentId?>
    {
        public NewPayment Payment => payment;

        public PaymentId? Made { get; set; }

        /// <summary>Somebody else took the key between our look and our write.</summary>
        public override void Forbid(PostgresException e)
        {
            if (e.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                Answer(null);
            }
            else
            {
                base.Forbid(e);
            }
        }
    }

    internal sealed class Change(PaymentChange change) : Work<ApplyResult>
    {
        public Move Move { get; } = Postgres.Move.Of(change);

        public ApplyResult Result { get; set; } = ApplyResult.Moved;
    }

    internal sealed class Barrier(Payment asRead) : Work<bool>
    {
        public Payment AsRead => asRead;

        public bool Holds { get; set; }
    }
}
