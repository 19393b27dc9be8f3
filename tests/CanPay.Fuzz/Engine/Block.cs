using System.Diagnostics;

namespace CanPay.Fuzz.Engine;

/// <summary>
/// Runs the inputs of a job. The map of edges is looked at once for many inputs; where it has something new, each of them is run
/// again by itself. Time and memory are measured the same way.
/// </summary>
internal sealed class Block(Target target, IReadOnlyList<byte[]> given, CurrentInput current)
{
    private const int BatchSize = 64;
    private const int MaxViolations = 10;

    private readonly Coverage.EdgeSet _seen = new();
    private readonly List<byte[]> _corpus = [.. given];
    private readonly Dictionary<string, Violation> _violations = new(StringComparer.Ordinal);
    private readonly (byte[] Room, int Length)[] _batch =
        [.. Enumerable.Range(0, BatchSize).Select(_ => (GC.AllocateArray<byte>(target.MaxLength), 0))];

    private long _accepted;

    /// <summary>One slow input was found: those that come of it would take for ever.</summary>
    private bool _isSlow;

    /// <summary>The given inputs, then those that reached something new.</summary>
    public IReadOnlyList<byte[]> Corpus => _corpus;

    public BlockResult Run(Job job)
    {
        var before = Environment.CpuUsage.TotalTime;
        var mutator = new Mutator(new Rng(job.Seed), target);
        Given();
        var done = 0L;
        while (done < job.Inputs && _violations.Count < MaxViolations && !_isSlow)
        {
            var count = (int)Math.Min(BatchSize, job.Inputs - done);
            for (var i = 0; i < count; i++)
            {
                _batch[i].Length = mutator.Next(_corpus, _batch[i].Room);
            }

            RunBatch(count, job.IsBlind);
            done += count;
        }

        return new(
            target.Name, job.Seed, done, _accepted, _seen.Count, _corpus.Count - given.Count, (Environment.CpuUsage.TotalTime - before).TotalSeconds, [.. _violations.Values]);
    }

    /// <summary>Twice: what runs only once in a process, such as the making of tables, is not told from what an input reaches.</summary>
    private void Given()
    {
        foreach (var input in given.Concat(given))
        {
            current.Set(input);
            if (Judge.Alone(target, input) is { } violation)
            {
                _violations.TryAdd(violation.Key(), violation);
            }
        }

        Coverage.Forget();
        foreach (var input in given)
        {
            Coverage.Begin();
            _ = Judge.Try(target, input, out _);
        }

        Coverage.AddTo(_seen);
        Coverage.Forget();
    }

    private void RunBatch(int count, bool isBlind)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            var input = _batch[i].Room.AsSpan(0, _batch[i].Length);
            current.Set(input);
            Coverage.Begin();
            if (Judge.Try(target, input, out var isAccepted) is { } violation)
            {
                _violations.TryAdd(violation.Key(), violation);
            }

            _accepted += isAccepted ? 1 : 0;
        }

        var isHeavy = Stopwatch.GetElapsedTime(started).TotalMilliseconds > Judge.MaxMilliseconds
            || GC.GetAllocatedBytesForCurrentThread() - allocated > Judge.MaxBytes;

        // Edges that were all seen before may stay in the map: they are never new.
        if (!isBlind && Coverage.HasNew(_seen))
        {
            Keep(count);
            Coverage.Forget();
        }

        if (isHeavy)
        {
            Weigh(count);
        }
    }

    private void Keep(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var input = _batch[i].Room.AsSpan(0, _batch[i].Length);
            Coverage.Forget();
            _ = Judge.Try(target, input, out _);
            if (Coverage.HasNew(_seen))
            {
                Coverage.AddTo(_seen);
                _corpus.Add(input.ToArray());
            }
        }
    }

    private void Weigh(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var input = _batch[i].Room.AsSpan(0, _batch[i].Length);
            current.Set(input);
            if (Judge.Alone(target, input) is { } violation)
            {
                _violations.TryAdd(violation.Key(), violation);
                _isSlow |= violation.Kind is "slow";
                if (_isSlow)
                {
                    break;
                }
            }
        }

        Coverage.Forget();
    }
}
