using System.Collections.Concurrent;
using System.Diagnostics;

namespace CanPay.Testing;

/// <summary>Real processes, with a folder of their own; both are gone when it is disposed of.</summary>
internal sealed class Processes : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly List<Running> _started = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("canpay-processes-").FullName;

    public Running Start(string program, IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var running = new Running(program, settings, arguments);
        _started.Add(running);
        return running;
    }

    /// <summary>Runs a program to its end and returns what it printed.</summary>
    public static async Task<string> Run(string program, IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        await using var running = new Running(program, settings, arguments);
        await running.Exited();
        return running.Said;
    }

    /// <summary>Waits for what must come about; a slow machine is given time.</summary>
    public static async Task Until(string what, Func<Task<bool>> condition)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            if (waited.Elapsed > Patience)
            {
                throw new TimeoutException($"It did not come about that {what}.");
            }

            await Task.Delay(20);
        }
    }

    public static Task<bool> IsReady(HttpClient http) => Answers(http, "/health/ready");

    /// <summary>It is there, and says yes.</summary>
    public static async Task<bool> Answers(HttpClient http, string path)
    {
        try
        {
            using var answer = await http.GetAsync(path);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var running in _started)
        {
            await running.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>A process, and what it has said so far.</summary>
internal sealed class Running : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _said = new();

    public Running(string program, IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => _said.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _said.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public string Said => string.Join('\n', _said);

    public bool HasExited => _process.HasExited;

    /// <summary>With what it has started itself, which would keep its ports and our pipes.</summary>
    public async Task Kill()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <param name="name">Such as <c>TERM</c>, <c>STOP</c>, <c>CONT</c>.</param>
    public async Task Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        if (kill.ExitCode != 0)
        {
            throw new InvalidOperationException($"No signal {name} could be sent.");
        }
    }

    /// <returns>The exit code.</returns>
    public async Task<int> Exited()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await Kill();
        }

        _process.Dispose();
    }
}
