using System.Diagnostics;
using System.Text.Json;

namespace CanPay.Fuzz.Engine;

/// <summary>Runs jobs in processes of the instrumented copy, as many at a time as there are processors.</summary>
internal sealed class Pool(string program, int processes)
{
    /// <summary>No input for so long, and the process is taken for one that hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task Run(IEnumerable<Job> jobs, Action<BlockResult> done)
    {
        var queue = new Queue<Job>(jobs);
        await Task.WhenAll(Enumerable.Range(0, processes).Select(async number =>
        {
            using var worker = new Worker(program);
            while (Next() is { } job)
            {
                // One that died for want of memory, or was stopped by somebody, is given a second chance.
                var result = await worker.Run(job, Patience) is { Violations: [{ Kind: "crash" or "hang" }] }
                    ? await worker.Run(job, Patience)
                    : worker.Last!;
                lock (queue)
                {
                    done(result);
                }
            }
        }));

        Job? Next()
        {
            lock (queue)
            {
                return queue.TryDequeue(out var job) ? job : null;
            }
        }
    }

    /// <summary>A process that is given one job after the other.</summary>
    private sealed class Worker(string program) : IDisposable
    {
        private readonly string _currentFile = Path.GetTempFileName();
        private Process? _process;

        public BlockResult? Last { get; private set; }

        public async Task<BlockResult> Run(Job job, TimeSpan patience)
        {
            _process ??= Start();
            await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(job));
            using var current = new CurrentInput(_currentFile);
            var answer = _process.StandardOutput.ReadLineAsync();
            for (var (count, since) = (current.Count, Stopwatch.GetTimestamp()); await Task.WhenAny(answer, Task.Delay(500)) != answer;)
            {
                if (current.Count != count)
                {
                    (count, since) = (current.Count, Stopwatch.GetTimestamp());
                }
                else if (Stopwatch.GetElapsedTime(since) > patience)
                {
                    return Last = Lost(job, "hang", $"no end after {patience.TotalSeconds} s", current.Get());
                }
            }

            return Last = await answer is { } line
                ? JsonSerializer.Deserialize<BlockResult>(line)!
                : Lost(job, "crash", "the process ended", current.Get());
        }

        public void Dispose()
        {
            End();
            File.Delete(_currentFile);
        }

        private Process Start() => Process.Start(new ProcessStartInfo("dotnet", [program, "worker", _currentFile])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["DOTNET_TieredPGO"] = "1", ["DOTNET_gcServer"] = "0" },
        })!;

        private BlockResult Lost(Job job, string kind, string what, byte[] input)
        {
            End();
            return new(job.Target, job.Seed, job.Inputs, 0, 0, 0, 0, [new Violation(job.Target, kind, what, Convert.ToHexStringLower(input))]);
        }

        private void End()
        {
            _process?.Kill();
            _process?.Dispose();
            _process = null;
        }
    }
}
