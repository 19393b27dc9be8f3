using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace CanPay.Bench.Ha;

/// <summary>
/// Network namespaces around one switch: three machines for the database and one for everybody else. Nothing of it can be
/// reached from outside. Whatever runs in them is found by its namespace, never by its name.
/// </summary>
internal sealed class Network : IDisposable
{
    public const string Client = "client";
    private const string Prefix = "canpay-ha-";
    private const string Switch = "switch";
    private const int Kill = 9;
    private const int NewNetwork = 0x40000000;

    private static readonly string[] Machines = ["n1", "n2", "n3", Client];

    private readonly Lock _lock = new();
    private readonly int _owner;
    private bool _isGone;

    public Network()
        : this(Environment.ProcessId)
    {
        Ip($"netns add {Name(Switch)}");
        Ip($"-n {Name(Switch)} link add br0 type bridge");
        Ip($"-n {Name(Switch)} link set br0 up");
        foreach (var machine in Machines)
        {
            Ip($"netns add {Name(machine)}");
            Ip($"link add {machine} netns {Name(Switch)} type veth peer name eth0 netns {Name(machine)}");
            Ip($"-n {Name(Switch)} link set {machine} master br0 up");
            Ip($"-n {Name(machine)} addr add {Address(machine)}/24 dev eth0");
            Ip($"-n {Name(machine)} link set eth0 up");
            Ip($"-n {Name(machine)} link set lo up");
        }
    }

    private Network(int owner) => _owner = owner;

    /// <summary>The file of everything that this network's machines write.</summary>
    public string Folder => Path.Combine(Path.GetTempPath(), Prefix + _owner.ToString(CultureInfo.InvariantCulture));

    public static string Address(string machine) =>
        string.Create(CultureInfo.InvariantCulture, $"10.77.0.{Array.IndexOf(Machines, machine) + 1}");

    /// <summary>What an earlier bench left behind that was killed.</summary>
    public static void SweepDead()
    {
        foreach (var name in Shell.Run("ip", "netns", "list").Split('\n').Where(line => line.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            var owner = int.Parse(name[Prefix.Length..].Split('-')[0], CultureInfo.InvariantCulture);
            if (!Directory.Exists($"/proc/{owner.ToString(CultureInfo.InvariantCulture)}"))
            {
                new Network(owner).Dispose();
            }
        }
    }

    /// <summary>Starts a program on a machine; its words go to a file of the folder.</summary>
    public void Start(string machine, string log, IReadOnlyDictionary<string, string> settings, params string[] command)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isGone, this);
            var start = new ProcessStartInfo(
                "ip",
                [
                    "netns", "exec", Name(machine), "setsid", "/bin/sh", "-c",
                    $"exec \"$@\" >>\"{Path.Combine(Folder, log)}.log\" 2>&1 </dev/null", "sh", .. command,
                ])
            { WorkingDirectory = Folder };
            foreach (var (name, value) in settings)
            {
                start.Environment[name] = value;
            }

            Process.Start(start)!.Dispose();
        }
    }

    /// <summary>Runs a program on a machine to its end.</summary>
    public (int Code, string Output, string Error) Try(string machine, params string[] command) =>
        Shell.Try("ip", ["netns", "exec", Name(machine), .. command]);

    /// <summary>A signal to everything that runs on a machine.</summary>
    public void Signal(string machine, int signal)
    {
        foreach (var pid in Pids(machine))
        {
            _ = kill(pid, signal);
        }
    }

    public static void Signal(int pid, int signal) => _ = kill(pid, signal);

    /// <summary>Pulls the machine's cable out, or puts it in again.</summary>
    public void SetCable(string machine, bool isIn) => Ip($"-n {Name(Switch)} link set {machine} {(isIn ? "up" : "down")}");

    /// <summary>The machine hears and reaches no other database machine; the client still reaches it.</summary>
    public void CutFromPeers(string machine)
    {
        var peers = string.Join(", ", Machines.Where(other => other != machine && other != Client).Select(Address));
        var (code, _, error) = Try(
            machine, "nft",
            "add table inet cut; "
            + "add chain inet cut in { type filter hook input priority 0; }; add chain inet cut out { type filter hook output priority 0; }; "
            + $"add rule inet cut in ip saddr {{ {peers} }} drop; add rule inet cut out ip daddr {{ {peers} }} drop");
        if (code != 0)
        {
            throw new InvalidOperationException($"nft: {error}");
        }
    }

    public void Heal(string machine)
    {
        _ = Try(machine, "nft", "delete table inet cut");
        SetCable(machine, isIn: true);
    }

    /// <summary>A socket that lives on a machine, whoever uses it.</summary>
    public Socket NewSocket(string machine)
    {
        Socket? socket = null;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                using var file = File.OpenHandle($"/run/netns/{Name(machine)}");
                if (setns((int)file.DangerousGetHandle(), NewNetwork) != 0)
                {
                    throw new Win32Exception(Marshal.GetLastPInvokeError());
                }

                socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            }
            catch (Exception e) when (e is IOException or Win32Exception or SocketException)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return socket ?? throw new IOException($"No socket on {machine}.", failure);
    }

    /// <summary>Talks HTTP as if from that machine.</summary>
    public SocketsHttpHandler Http(string machine) => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(3),
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectCallback = async (context, ct) =>
        {
            var socket = NewSocket(machine);
            try
            {
                await socket.ConnectAsync(context.DnsEndPoint, ct);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };

    /// <summary>Ends everything that runs in the namespaces, and the namespaces. May be called twice, and from a signal.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isGone)
            {
                return;
            }

            _isGone = true;
            foreach (var machine in (string[])[.. Machines, Switch])
            {
                while (Pids(machine) is { Count: > 0 })
                {
                    Signal(machine, Kill);
                    Thread.Sleep(20);
                }

                _ = Shell.Try("ip", "netns", "del", Name(machine));
            }

            if (Directory.Exists(Folder))
            {
                Directory.Delete(Folder, recursive: true);
            }
        }
    }

    private string Name(string machine) => $"{Prefix}{_owner.ToString(CultureInfo.InvariantCulture)}-{machine}";

    private List<int> Pids(string machine) =>
    [
        .. Shell.Try("ip", "netns", "pids", Name(machine)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(text => int.Parse(text, CultureInfo.InvariantCulture)),
    ];

    private static void Ip(string words) => Shell.Ip(words);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int setns(int descriptor, int kind);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int kill(int pid, int signal);
}
