namespace CanPay.Simulation;

/// <summary>The clock of a node: virtual time, a little beside the truth, and sometimes set. Its timers do not hear of that.</summary>
/// <param name="ahead">How far it is ahead of the truth.</param>
internal sealed class NodeClock(Timeline timeline, Lifeline life, Func<TimeSpan> ahead) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => timeline.Now + ahead();

    public override long GetTimestamp() => timeline.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(timeline, life, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class VirtualTimer(Timeline timeline, Lifeline life, Action callback) : ITimer
    {
        private int _setting;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var setting = ++_setting;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Arm(dueTime, period, setting);
            }

            return true;
        }

        public void Dispose() => _setting++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Arm(TimeSpan dueTime, TimeSpan period, int setting) => timeline.After(dueTime, () => life.Deliver(() =>
        {
            if (setting != _setting)
            {
                return;
            }

            if (period > TimeSpan.Zero)
            {
                Arm(period, period, setting);
            }

            callback();
        }));
    }
}

/// <summary>
/// Whatever reaches a node from outside its memory passes here. One that is killed hears nothing any more, so that its code stops
/// wherever it waits; one that is stopped hears it all when it goes on.
/// </summary>
internal sealed class Lifeline
{
    private readonly Queue<Action> _waiting = new();

    public bool IsDead { get; private set; }

    public bool IsStopped { get; private set; }

    public void Deliver(Action action)
    {
        if (IsDead)
        {
            return;
        }

        if (IsStopped)
        {
            _waiting.Enqueue(action);
            return;
        }

        action();
    }

    public void Kill() => IsDead = true;

    public void Stop() => IsStopped = true;

    public void GoOn()
    {
        IsStopped = false;
        while (!IsStopped && _waiting.TryDequeue(out var action))
        {
            Deliver(action);
        }
    }
}
