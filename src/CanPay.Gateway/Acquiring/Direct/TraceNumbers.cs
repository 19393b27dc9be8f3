using System.Globalization;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Acquiring.Direct;

/// <summary>Gives system trace audit numbers (field 11): taken from the store in blocks, so that no two nodes give the same.</summary>
internal sealed class TraceNumbers(IAcquiringStore store, TimeProvider clock) : IDisposable
{
    private const int BlockSize = 200;
    private const int Stans = 999_999;

    /// <summary>
    /// What is left of a block is thrown away then: a node that keeps one for days would give its numbers again in the hour in
    /// which busier nodes have come round to them.
    /// </summary>
    private static readonly TimeSpan BlockLifetime = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _refilling = new(1, 1);
    private long _next;
    private long _end;
    private DateTimeOffset _goodUntil;

    /// <summary>Six digits, 000001 to 999999, each given once in 999,999 times.</summary>
    public async Task<string> Next(CancellationToken ct)
    {
        await _refilling.WaitAsync(ct);
        try
        {
            if (_next == _end || clock.GetUtcNow() >= _goodUntil)
            {
                _goodUntil = clock.GetUtcNow() + BlockLifetime;
                _next = await store.ReserveTraceNumbers(BlockSize, ct);
                _end = _next + BlockSize;
            }

            return ((_next++ % Stans) + 1).ToString("000000", CultureInfo.InvariantCulture);
        }
        finally
        {
            _refilling.Release();
        }
    }

    /// <summary>
    /// The retrieval reference number (field 37): last digit of the year, day of the year, hour (in Tehran), trace number.
    /// Unique as long as fewer than 999,999 numbers are taken within an hour; the store refuses a second one.
    /// </summary>
    public static string Rrn(DateTimeOffset at, string stan)
    {
        var local = Tehran.Local(at);
        return string.Create(CultureInfo.InvariantCulture, $"{local.Year % 10}{local.DayOfYear:000}{local.Hour:00}{stan}");
    }

    public void Dispose() => _refilling.Dispose();
}
