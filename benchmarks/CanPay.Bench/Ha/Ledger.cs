using System.Collections.Concurrent;
using System.Diagnostics;

namespace CanPay.Bench.Ha;

internal enum AcknowledgementKind
{
    /// <summary>A shop was given a token.</summary>
    Token,

    /// <summary>A payer was shown that it is paid.</summary>
    Paid,

    /// <summary>A shop was told that the money is its own.</summary>
    Verified,
}

internal sealed record Acknowledgement(AcknowledgementKind Kind, string Token, string? Reference);

/// <summary>All that payers and shops were promised, kept by them and by nobody else.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentQueue<Acknowledgement> _all = [];
    private readonly Lock _lock = new();
    private long _last = Stopwatch.GetTimestamp();

    public IReadOnlyCollection<Acknowledgement> All => _all;

    /// <summary>The longest time in which nobody was promised anything.</summary>
    public TimeSpan LongestGap { get; private set; }

    public void Add(Acknowledgement acknowledgement)
    {
        _all.Enqueue(acknowledgement);
        lock (_lock)
        {
            var now = Stopwatch.GetTimestamp();
            var gap = Stopwatch.GetElapsedTime(_last, now);
            LongestGap = gap > LongestGap ? gap : LongestGap;
            _last = now;
        }
    }
}
