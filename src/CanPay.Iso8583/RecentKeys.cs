namespace CanPay.Iso8583;

/// <summary>Requests that are over, so that what still comes for them can be told from what was never ours. Bounded.</summary>
internal sealed class RecentKeys(int capacity)
{
    private readonly Dictionary<CorrelationKey, (EchoedFields Echoed, bool Answered)> _requests = [];
    private readonly Queue<CorrelationKey> _order = new();
    private readonly Lock _lock = new();

    /// <summary>A repetition under the same key takes the place of what was known of it.</summary>
    public void Add(CorrelationKey key, EchoedFields echoed, bool answered)
    {
        lock (_lock)
        {
            if (!_requests.ContainsKey(key))
            {
                _order.Enqueue(key);
            }

            _requests[key] = (echoed, answered);
            if (_order.Count > capacity)
            {
                _requests.Remove(_order.Dequeue());
            }
        }
    }

    /// <summary>What an answer is that nobody waits for.</summary>
    public LineEventKind Judge(CorrelationKey key, IsoMessage answer)
    {
        lock (_lock)
        {
            return !_requests.TryGetValue(key, out var request) || !request.Echoed.AreIn(answer) ? LineEventKind.ForeignAnswer
                : request.Answered ? LineEventKind.DuplicateAnswer
                : LineEventKind.LateAnswer;
        }
    }
}
