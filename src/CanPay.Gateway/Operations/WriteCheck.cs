using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Operations;

/// <summary>
/// Whether the database takes a write, for whoever asks for this node's health. Anybody who reaches the address may ask as often
/// as they like; the database is asked a few times a second at the most.
/// </summary>
/// <param name="write">A write that is on disk when it returns.</param>
internal sealed class WriteCheck(Func<Task> write, TimeProvider clock)
{
    /// <summary>An answer is given again for that long: less than any load balancer waits between two looks.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private Task? _latest;
    private long _endedAt;

    /// <exception cref="StoreUnavailableException">It takes none, and why.</exception>
    public Task Succeed(CancellationToken ct)
    {
        lock (_lock)
        {
            if (_latest is null || (_latest.IsCompleted && clock.GetElapsedTime(_endedAt) > Fresh))
            {
                _latest = Write();
            }

            return _latest.WaitAsync(ct);
        }
    }

    private async Task Write()
    {
        try
        {
            await write();
        }
        finally
        {
            Volatile.Write(ref _endedAt, clock.GetTimestamp());
        }
    }
}
