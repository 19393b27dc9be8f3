using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Storage.Postgres;

/// <summary>
/// A bounded queue with some lanes. A lane that is free takes whatever waits and handles it in one go, so that the busier
/// it is the more goes together.
/// </summary>
internal sealed class Lanes<TWork> : IAsyncDisposable
    where TWork : IWaiting
{
    private readonly Channel<TWork> _queue;
    private readonly TimeSpan _patience;
    private readonly Task[] _lanes;

    /// <param name="count">Lanes, each with a connection of its own.</param>
    /// <param name="maxQueue">Work that may wait.</param>
    /// <param name="patience">How long whoever brought work waits for its answer.</param>
    /// <param name="lane">One lane: takes work until the queue is complete, and never throws.</param>
    public Lanes(int count, int maxQueue, TimeSpan patience, Func<ChannelReader<TWork>, Task> lane)
    {
        _queue = Channel.CreateBounded<TWork>(maxQueue);
        _patience = patience;
        _lanes = [.. Enumerable.Range(0, count).Select(_ => Task.Run(() => lane(_queue.Reader)))];
    }

    /// <summary>Waits for the work's answer, but not for ever: the lanes may all wait for a server that stands still.</summary>
    /// <exception cref="StoreUnavailableException">Too much waits, and nothing was done; or it took too long, and its outcome is unknown.</exception>
    public async Task<T> Handle<T>(TWork work, Task<T> answer)
    {
        if (!_queue.Writer.TryWrite(work))
        {
            throw new StoreUnavailableException("Too much waits for the database, or the store is closing.");
        }

        try
        {
            return await answer.WaitAsync(_patience);
        }
        catch (TimeoutException e)
        {
            throw new StoreUnavailableException($"The database did not answer within {_patience.TotalSeconds:0} s.", e);
        }
    }

    /// <summary>The next that somebody still waits for. The others are passed over: they were told to try again.</summary>
    public bool TryTake(ChannelReader<TWork> queue, [MaybeNullWhen(false)] out TWork work)
    {
        while (queue.TryRead(out work))
        {
            if (Environment.TickCount64 - work.Since < _patience.TotalMilliseconds)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Finishes what waits, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await Task.WhenAll(_lanes);
    }
}

internal interface IWaiting
{
    /// <summary>When it was brought, by <see cref="Environment.TickCount64"/>.</summary>
    long Since { get; }
}
