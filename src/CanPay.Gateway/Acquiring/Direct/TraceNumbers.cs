using System.Globalization;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Acquiring.Direct;

/// <summary>Gives system trace audit numbers (field 11): taken from the store in blocks, so that no two nodes give the same.</summary>
internal sealed class TraceNumbers(IAcquiringStore store, TimeProvider clock) : IDisposable
{
    private const int BlockSize = 200;

    /// <summary>
    /// What is left of a block is thrown away then: a node that keeps one for days would give its numbers again in the hour in
    /// which busier nodes have come round to them.
    /// </summary>
    private static readonly TimeSpan BlockLifetime = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _refilling = new(1, 1);
    private long _next;
    private long _end;
    private DateTimeOffset _goodUntil;

    /// <summary>A number that was never given before.</summary>
    public async Task<TraceNumber> Next(CancellationToken ct)
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

            return new TraceNumber(_next++);
        }
        finally
        {
            _refilling.Release();
        }
    }

    public void Dispose() => _refilling.Dispose();
}

/// <summary>One of the numbers that an installation counts, as the network sees it.</summary>
internal readonly record struct TraceNumber(long Value)
{
    private const int Stans = 999_999;
    private const int References = 100_000_000;

    /// <summary>Field 11: six digits, 000001 to 999999, each given once in 999,999 times.</summary>
    public string Stan => ((Value % Stans) + 1).ToString("000000", CultureInfo.InvariantCulture);

    /// <summary>
    /// Field 37, the retrieval reference number: last digit of the year, day of the year (in Tehran), and eight digits of the
    /// number, so that a day has room for a hundred million. The store refuses a second one.
    /// </summary>
    public string Rrn(DateTimeOffset at)
    {
        var local = Tehran.Local(at);
        return string.Create(CultureInfo.InvariantCulture, $"{local.Year % 10}{local.DayOfYear:000}{Value % References:00000000}");
    }
}
