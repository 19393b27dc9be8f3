namespace CanPay.Gateway.Payments;

/// <summary>No payment begins while it lasts. What was begun before goes on: verify, reversals, jobs.</summary>
/// <param name="Reason">The operator's words.</param>
/// <param name="IsAfterRestore">The books came from a backup; it ends when they agree with the network's.</param>
public sealed record Hold(string Reason, bool IsAfterRestore, DateTimeOffset PlacedAt);

/// <summary>
/// Whether payments may begin. All requests of a moment share one look at the books, and no look counts for longer than
/// <see cref="Freshness"/>: a node that loses the books meanwhile begins nothing until it has looked again.
/// </summary>
public sealed class HoldGate(IPaymentStore store, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private Task<Hold?>? _look;
    private long _begun;

    /// <summary>After so long every node obeys a hold that was placed or released.</summary>
    public static TimeSpan Freshness { get; } = TimeSpan.FromSeconds(1);

    /// <exception cref="StoreUnavailableException">It cannot be known.</exception>
    public Task<Hold?> Current(CancellationToken ct)
    {
        lock (_lock)
        {
            if (_look is null || _look.IsFaulted || clock.GetElapsedTime(_begun) >= Freshness)
            {
                _begun = clock.GetTimestamp();
                _look = Look();
            }

            return _look.WaitAsync(ct);
        }
    }

    /// <summary>For nobody's request in particular: the first of many may be cancelled.</summary>
    private async Task<Hold?> Look() => await store.FindHold(CancellationToken.None);
}
