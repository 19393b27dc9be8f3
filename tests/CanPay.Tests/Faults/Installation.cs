using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CanPay.Tests.Faults;

/// <summary>Gateway and simulated card network as processes of their own, on free ports and in a folder of their own.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("canpay-faults-").FullName;
    private readonly int _gatewayPort = FreePort();
    private readonly int _isoPort = FreePort();
    private readonly int _webPort = FreePort();
    private readonly List<Process> _processes = [];
    private readonly ConcurrentQueue<string> _log = new();

    /// <param name="postgres">Connection string; none keeps the books in the data folder.</param>
    /// <param name="settings">As <c>Section__Key</c>.</param>
    public Installation(string? postgres, params (string Name, string Value)[] settings)
    {
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_gatewayPort}"), Timeout = TimeSpan.FromSeconds(60) };
        Settings = new(StringComparer.Ordinal)
        {
            ["CANPAY_DATA"] = _folder,
            ["Simulator__DataFolder"] = Path.Combine(_folder, "simulator"),
            ["Simulator__IsoPort"] = $"{_isoPort}",
            ["Simulator__WebPort"] = $"{_webPort}",
            ["Http__Urls"] = $"http://127.0.0.1:{_gatewayPort}",
            ["Acquiring__SwitchPort"] = $"{_isoPort}",
            ["Acquiring__AnswerTimeoutSeconds"] = "2",
            ["Acquiring__ResolveGraceSeconds"] = "1",
            ["Acquiring__QuarantineSeconds"] = "4",
            ["Checkout__QuickAnswerMs"] = "2000",
            ["Storage__AnswerTimeoutSeconds"] = "3",
            ["Jobs__RetrySeconds"] = "1",
            ["Jobs__LeaseSeconds"] = "4",
            ["Jobs__PollMs"] = "100",
        };
        if (postgres is not null)
        {
            Settings["Storage__Postgres"] = postgres;
        }

        foreach (var (name, value) in settings)
        {
            Settings[name] = value;
        }
    }

    public HttpClient Http { get; }

    public Dictionary<string, string> Settings { get; }

    /// <summary>What the gateway has said, line by line.</summary>
    public IReadOnlyCollection<string> Log => _log;

    public void StartSimulator() => Start(Programs.Simulator, keepLog: false);

    public Process StartGateway() => Start(Programs.Gateway, keepLog: true, "serve");

    public Task Ready() => Wait.Until("the gateway is ready", async () => await Health("ready") is HttpStatusCode.OK);

    /// <returns>Nothing where nobody listens.</returns>
    public async Task<HttpStatusCode?> Health(string what)
    {
        try
        {
            using var answer = await Http.GetAsync($"/health/{what}");
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Every invariant holds, nothing is under way, and the network's books say the same as ours.</summary>
    public async Task AssertHealthy()
    {
        var report = await Canpay("doctor", "--quiesced", "--network-journal", $"http://127.0.0.1:{_webPort}/books.json");
        Assert.True(report.Output.Contains("Everything is true", StringComparison.Ordinal), report.Output);
    }

    public async Task<(int ExitCode, string Output)> Canpay(params string[] arguments)
    {
        var start = new ProcessStartInfo(Programs.Gateway, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in Settings)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        foreach (var process in _processes)
        {
            if (!process.HasExited)
            {
                process.Kill();
                await process.WaitForExitAsync();
            }

            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private Process Start(string program, bool keepLog, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in Settings)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += Hear;
        process.ErrorDataReceived += Hear;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _processes.Add(process);
        return process;

        void Hear(object sender, DataReceivedEventArgs e)
        {
            if (keepLog && e.Data is { } line)
            {
                _log.Enqueue(line);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Patience that is generous and has an end.</summary>
internal static class Wait
{
    public static async Task Until(string what, Func<Task<bool>> condition)
    {
        var patience = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(90), $"It did not come about that {what}.");
            await Task.Delay(50);
        }
    }

    public static Task Until(string what, Func<bool> condition) => Until(what, () => Task.FromResult(condition()));
}
