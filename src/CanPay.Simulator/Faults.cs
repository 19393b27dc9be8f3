namespace CanPay.Simulator;

/// <summary>What may go wrong with one answer.</summary>
internal enum AnswerFault
{
    None,

    /// <summary>It comes after some seconds.</summary>
    Late,

    /// <summary>It comes twice.</summary>
    Duplicate,

    /// <summary>Before it comes one with the same trace number and time, but with another reference and amount.</summary>
    Foreign,

    /// <summary>Its authentication code is wrong.</summary>
    WrongMac,

    /// <summary>It does not come.</summary>
    Lost,
}

/// <summary>Faults on demand, for tests: of the next answers to purchases and refunds, and of the switch as a whole.</summary>
internal sealed class Faults(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Queue<(AnswerFault Fault, TimeSpan Delay)> _next = new();
    private readonly Queue<int> _refundDeclines = new();
    private DateTimeOffset _pausedUntil = DateTimeOffset.MinValue;

    /// <summary>The switch is signed off: it says so (986) to whatever comes.</summary>
    public bool IsSignedOff { get; set; }

    /// <summary>Nothing is handled until then.</summary>
    public DateTimeOffset PausedUntil
    {
        get
        {
            lock (_lock)
            {
                return _pausedUntil;
            }
        }
    }

    /// <summary>Zero ends a pause.</summary>
    public void Pause(TimeSpan time)
    {
        lock (_lock)
        {
            _pausedUntil = clock.GetUtcNow() + time;
        }
    }

    public void Plan(AnswerFault fault, TimeSpan delay)
    {
        lock (_lock)
        {
            _next.Enqueue((fault, delay));
        }
    }

    /// <summary>The issuer declines the next refund that it has not decided on yet.</summary>
    /// <param name="actionCode">100 to 299.</param>
    public void DeclineNextRefund(int actionCode)
    {
        lock (_lock)
        {
            _refundDeclines.Enqueue(actionCode);
        }
    }

    /// <summary>Each plan is used once.</summary>
    public int? TakeRefundDecline()
    {
        lock (_lock)
        {
            return _refundDeclines.TryDequeue(out var code) ? code : null;
        }
    }

    /// <summary>What happens to the answer that is about to be sent; each plan is used once.</summary>
    public (AnswerFault Fault, TimeSpan Delay) Take()
    {
        lock (_lock)
        {
            return _next.TryDequeue(out var next) ? next : default;
        }
    }
}
