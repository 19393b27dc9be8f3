using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace CanPay.Bench;

/// <summary>Processes of the bench and its folder; both are gone when it is disposed of, on a signal, too.</summary>
internal sealed class Machine : IDisposable
{
    private readonly List<Process> _processes = [];
    private readonly Stack<Action> _cleanUps = [];
    private readonly List<PosixSignalRegistration> _signals; // a registration that nobody holds is none
    private bool _isDisposed;

    public Machine()
    {
        Folder = Environment.GetEnvironmentVariable("CANPAY_BENCH_FOLDER") is { Length: > 0 } given
            ? Directory.CreateDirectory(given).FullName
            : Directory.CreateTempSubdirectory("canpay-bench-").FullName;
        _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal =>
            PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                IsStopping = true;
                Dispose();
                Environment.Exit(130);
            }))];
    }

    public static string Root { get; } = FindRoot();

    public string Folder { get; }

    /// <summary>A signal has come; whatever fails from now on fails because of it.</summary>
    public bool IsStopping { get; private set; }

    public static string Executable(string project, string name) => Path.Combine(Root, "artifacts", "bin", project, "release", name);

    /// <summary>Run, last first, when the bench ends in whatever way.</summary>
    public void AtEnd(Action cleanUp)
    {
        lock (_processes)
        {
            _cleanUps.Push(cleanUp);
        }
    }

    /// <summary>Starts a program whose words go to a file of the bench's folder.</summary>
    public Process Start(string program, string[] arguments, IReadOnlyDictionary<string, string>? settings = null) =>
        Start(new ProcessStartInfo("/bin/sh", ["-c", $"exec \"$@\" >>\"{LogOf(program)}\" 2>&1", "sh", program, .. arguments]), settings);

    /// <summary>Starts a program that is talked to over its standard input and output.</summary>
    public Process StartPiped(string program, string[] arguments, IReadOnlyDictionary<string, string>? settings = null) =>
        Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true }, settings);

    public string LogOf(string program) => Path.Combine(Folder, Path.GetFileName(program) + ".log");

    public void Stop(Process process)
    {
        lock (_processes)
        {
            if (!_processes.Remove(process))
            {
                return;
            }

            if (!process.HasExited)
            {
                process.Kill();
                process.WaitForExit();
            }

            process.Dispose();
        }
    }

    /// <summary>Runs a program to its end and returns what it printed.</summary>
    public static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {errors.Result}");
    }

    /// <summary>CPU time of a process in seconds; with its children where asked, also those that have ended.</summary>
    public static double CpuSeconds(int pid, bool withChildren = false) => withChildren
        ? Directory.GetDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])).Sum(folder =>
            ProcessTimes.Read(folder) is not { } times ? 0
            : times.Pid == pid ? times.Own + times.EndedChildren
            : times.Parent == pid ? times.Own : 0)
        : ProcessTimes.Read($"/proc/{pid}")?.Own ?? 0;

    /// <summary>CPU seconds of children of this process that have ended.</summary>
    public static double CpuOfEndedChildren() => ProcessTimes.Read($"/proc/{Environment.ProcessId}")!.EndedChildren;

    /// <summary>CPU seconds of the whole machine since it was started.</summary>
    public static (double Busy, double All) CpuOfAll() => ProcessTimes.OfMachine();

    public static long ResidentMegabytes(int pid) => StatusMegabytes(pid, "VmRSS:");

    /// <summary>The most memory that the process has had.</summary>
    public static long PeakMegabytes(int pid) => StatusMegabytes(pid, "VmHWM:");

    public void Dispose()
    {
        lock (_processes)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            foreach (var process in _processes.ToList())
            {
                Stop(process);
            }

            while (_cleanUps.TryPop(out var cleanUp))
            {
                cleanUp();
            }

            Directory.Delete(Folder, recursive: true);
        }
    }

    private Process Start(ProcessStartInfo start, IReadOnlyDictionary<string, string>? settings)
    {
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        lock (_processes)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var process = Process.Start(start)!;
            _processes.Add(process);
            return process;
        }
    }

    private static long StatusMegabytes(int pid, string line)
    {
        try
        {
            return long.Parse(
                File.ReadLines($"/proc/{pid}/status").First(text => text.StartsWith(line, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
                CultureInfo.InvariantCulture) / 1024;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            return 0; // it has just ended
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CanPay.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The repository was not found.");
        }

        return folder.FullName;
    }
}
