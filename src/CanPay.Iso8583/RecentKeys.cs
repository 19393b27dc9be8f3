namespace CanPay.Iso8583;

/// <summary>Requests that are over, so that what still comes for them can be told from what was never ours. Bounded.</summary>
internal sealed class RecentKeys(int capacity)
{
    private readonly Dictionary<CorrelationKey, bool> _answered = [];
    private readonly Queue<CorrelationKey> _order = new();
    private readonly Lock _lock = new();

    public void Add(CorrelationKey key, bool answered)
    {
        lock (_lock)
        {
            if (_answered.TryAdd(key, answered))
            {
                _order.Enqueue(key);
                if (_order.Count > capacity)
                {
                    _answered.Remove(_order.Dequeue());
                }
            }
        }
    }

    /// <summary>What an answer is that nobody waits for.</summary>
    public LineEventKind Judge(CorrelationKey key)
    {
        lock (_lock)
        {
            return !_answered.TryGetValue(key, out var answered) ? LineEventKind.ForeignAnswer
                : answered ? LineEventKind.DuplicateAnswer
                : LineEventKind.LateAnswer;
        }
    }
}
