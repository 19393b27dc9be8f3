using System.Threading.Channels;
using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Storage.Postgres;

/// <summary>
/// A bounded queue with some lanes. A lane that is free takes whatever waits and handles it in one go, so that the busier
/// it is the more goes together.
/// </summary>
internal sealed class Lanes<TWork> : IAsyncDisposable
{
    private readonly Channel<TWork> _queue;
    private readonly Task[] _lanes;

    /// <param name="count">Lanes, each with a connection of its own.</param>
    /// <param name="maxQueue">Work that may wait.</param>
    /// <param name="lane">One lane: reads the queue until it is complete, and never throws.</param>
    public Lanes(int count, int maxQueue, Func<ChannelReader<TWork>, Task> lane)
    {
        _queue = Channel.CreateBounded<TWork>(maxQueue);
        _lanes = [.. Enumerable.Range(0, count).Select(_ => Task.Run(() => lane(_queue.Reader)))];
    }

    /// <exception cref="StoreUnavailableException">Too much waits; nothing was done.</exception>
    public void Add(TWork work)
    {
        if (!_queue.Writer.TryWrite(work))
        {
            throw new StoreUnavailableException("Too much waits for the database, or the store is closing.");
        }
    }

    /// <summary>Finishes what waits, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await Task.WhenAll(_lanes);
    }
}
