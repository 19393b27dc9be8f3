namespace CanPay.Simulator;

/// <summary>The banks' books: in memory to decide on, in a journal on disk before anything is answered.</summary>
internal sealed class Books : IAsyncDisposable
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _originals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _traces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _refunded = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];
    private readonly List<Sms> _messages = [];
    private readonly Lock _lock = new();
    private readonly Journal _journal;

    public Books(string folder) => _journal = new Journal(folder, Replay);

    /// <summary>Why nothing can be booked any more, or null.</summary>
    public string? Failure => _journal.Failure;

    /// <summary>All messages, oldest first.</summary>
    public IReadOnlyList<Entry> Entries
    {
        get
        {
            lock (_lock)
            {
                return [.. _order.Select(key => _entries[key])];
            }
        }
    }

    /// <summary>All SMS, oldest first.</summary>
    public IReadOnlyList<Sms> Messages
    {
        get
        {
            lock (_lock)
            {
                return [.. _messages];
            }
        }
    }

    /// <summary>Decides on what the books say now, and books the decision; returns when it is on disk.</summary>
    /// <param name="decide">Is given a look into the books; runs alone.</param>
    /// <exception cref="IOException">It may not be on disk: do not answer.</exception>
    public async Task<Entry> Book(Func<Look, Entry> decide)
    {
        Entry entry;
        Task written;
        lock (_lock)
        {
            entry = decide(new Look(this));
            Keep(entry);
            written = _journal.Append(new Journal.Line(entry, null));
        }

        await written;
        return entry;
    }

    /// <exception cref="IOException">It may not be on disk.</exception>
    public Task Book(Sms sms)
    {
        lock (_lock)
        {
            _messages.Add(sms);
            return _journal.Append(new Journal.Line(null, sms));
        }
    }

    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    private void Replay(Journal.Line line)
    {
        if (line.Entry is { } entry)
        {
            Keep(entry);
        }

        if (line.Sms is { } sms)
        {
            _messages.Add(sms);
        }
    }

    private void Keep(Entry entry)
    {
        var key = entry.Key;
        if (!_entries.ContainsKey(key))
        {
            _order.Add(key);
            if (entry is { Outcome: Entry.Refunded, Purchased: { } purchase })
            {
                _refunded[purchase] = _refunded.GetValueOrDefault(purchase) + entry.Amount;
            }
        }

        _entries[key] = entry;
        if (entry.Kind == Entry.Purchase)
        {
            _originals.TryAdd(entry.Original, key);
            _traces.TryAdd(entry.Trace, key);
        }
    }

    /// <summary>What is booked, while the books stand still.</summary>
    internal readonly struct Look(Books books)
    {
        public Entry? Find(string key) => books._entries.GetValueOrDefault(key);

        /// <summary>The purchase that a reversal means, at whatever terminal it was made.</summary>
        public Entry? FindPurchase(string original) =>
            books._originals.TryGetValue(original, out var key) ? books._entries[key] : null;

        /// <summary>The purchase that a refund means, by its acquirer, trace number and time.</summary>
        public Entry? FindTraced(string trace) => books._traces.TryGetValue(trace, out var key) ? books._entries[key] : null;

        /// <summary>What was refunded of a purchase so far, by the purchase's reference.</summary>
        public long RefundedOf(string rrn) => books._refunded.GetValueOrDefault(rrn);
    }
}
