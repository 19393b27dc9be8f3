using System.Runtime.ExceptionServices;

namespace CanPay.Simulation;

/// <summary>
/// Virtual time on one thread. The pool of this process has a single thread, and what runs here is one of its work items: it
/// takes the next event only when nothing else waits for the thread, so that all that follows from an event at an instant has
/// happened before the clock moves.
/// </summary>
internal sealed class Timeline : IThreadPoolWorkItem, IDisposable
{
    private readonly PriorityQueue<Action, (long At, long Order)> _events = new();
    private readonly ManualResetEventSlim _over = new();
    private long _order;
    private bool _isStopped;
    private ExceptionDispatchInfo? _failure;

    /// <summary>When every seed begins: a morning like any other.</summary>
    public static DateTimeOffset Beginning { get; } = new(2026, 4, 4, 5, 30, 0, TimeSpan.Zero);

    /// <summary>Ticks of 100 ns since the beginning.</summary>
    public long Ticks { get; private set; }

    public DateTimeOffset Now => Beginning.AddTicks(Ticks);

    /// <summary>Events that have happened.</summary>
    public long Happened { get; private set; }

    public void After(TimeSpan time, Action action) => At(Ticks + Math.Max(0, time.Ticks), action);

    public void At(long ticks, Action action) => _events.Enqueue(action, (Math.Max(ticks, Ticks), _order++));

    /// <summary>No event happens any more.</summary>
    public void Stop() => _isStopped = true;

    /// <summary>From outside the pool: returns when it was stopped or nothing is left to happen.</summary>
    public void Run()
    {
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        _over.Wait();
        _failure?.Throw();
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (ThreadPool.PendingWorkItemCount == 0)
        {
            if (_isStopped || !_events.TryDequeue(out var action, out var at))
            {
                _over.Set();
                return;
            }

            Ticks = at.At;
            Happened++;
#pragma warning disable CA1031 // thrown again by Run
            try
            {
                action();
            }
            catch (Exception e)
            {
                _failure = ExceptionDispatchInfo.Capture(e);
                _over.Set();
                return;
            }
#pragma warning restore CA1031
        }

        // Behind what the thread was given meanwhile, of which its own queue comes first.
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    public void Dispose() => _over.Dispose();
}
