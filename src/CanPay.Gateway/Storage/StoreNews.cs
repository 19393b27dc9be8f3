namespace CanPay.Gateway.Storage;

/// <summary>
/// Tells the log that the database fails: once when it begins, now and then while it lasts, once when it is over. Callers
/// hear of every single failure, and need not log it.
/// </summary>
internal sealed class StoreNews(ILogger<StoreNews> log)
{
    private const int RepeatMs = 30_000;

    /// <summary>Reads may work while writes do not: it is over when nothing has failed for a while.</summary>
    private const int QuietMs = 2_000;

    private readonly Lock _lock = new();
    private bool _isFailing;
    private long _begun;
    private long _last;
    private long _said;
    private int _failures;

    public void Failed(string reason)
    {
        lock (_lock)
        {
            var now = Environment.TickCount64;
            _begun = _isFailing ? _begun : now;
            _last = now;
            _failures++;
            if (!_isFailing || now - _said >= RepeatMs)
            {
                _said = now;
                log.DatabaseFails(reason.ReplaceLineEndings(" "), _failures, (now - _begun) / 1000);
            }

            Volatile.Write(ref _isFailing, true);
        }
    }

    public void Worked()
    {
        if (!Volatile.Read(ref _isFailing))
        {
            return;
        }

        lock (_lock)
        {
            var now = Environment.TickCount64;
            if (_isFailing && now - _last >= QuietMs)
            {
                log.DatabaseWorksAgain((now - _begun) / 1000, _failures);
                _failures = 0;
                Volatile.Write(ref _isFailing, false);
            }
        }
    }
}
