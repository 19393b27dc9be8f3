using System.Globalization;
using System.Text.RegularExpressions;

namespace CanPay.Bench;

/// <summary>A server of the bench's own, durable as in production, and its own benchmark on it.</summary>
internal sealed partial class Postgres : IDisposable
{
    private static readonly string Bin = Directory.GetDirectories("/usr/lib/postgresql")
        .Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "pgbench"))).Order(StringComparer.Ordinal).Last();

    private readonly string _data;

    public Postgres(string folder)
    {
        _data = Path.Combine(folder, "pg");
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        AsServer(Path.Combine(Bin, "initdb"), "-D", _data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8");
        Port = Machine.FreePort();
        File.AppendAllLines(Path.Combine(_data, "postgresql.conf"),
        [
            "listen_addresses = '127.0.0.1'", $"port = {Port}", $"unix_socket_directories = '{folder}'", "max_connections = 200",
            "shared_buffers = 1GB", "max_wal_size = 8GB", "checkpoint_timeout = 5min", "wal_compression = lz4",
            "synchronous_commit = on", "fsync = on", "full_page_writes = on",
        ]);
        AsServer(Path.Combine(Bin, "pg_ctl"), "-D", _data, "-l", Path.Combine(folder, "pg.log"), "-w", "start");
        Pid = int.Parse(File.ReadLines(Path.Combine(_data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
    }

    public int Port { get; }

    public int Pid { get; }

    public string ConnectionString(string database) => $"Host=127.0.0.1;Port={Port};Username=postgres;Database={database}";

    public void Sql(string database, string sql) => Machine.Run(Path.Combine(Bin, "psql"), [.. Client, "-qc", sql, database]);

    public void Initialize(string database, int scale) => Machine.Run(Path.Combine(Bin, "pgbench"), [.. Client, "-i", "-q", "-s", $"{scale}", database]);

    /// <summary>Transactions a second of pgbench's TPC-B, or of a script.</summary>
    public double Bench(string database, int clients, int seconds, string? script = null) => double.Parse(
        Tps().Match(Machine.Run(Path.Combine(Bin, "pgbench"),
            [.. Client, "-n", "-M", "prepared", "-c", $"{clients}", "-j", "2", "-T", $"{seconds}", .. script is null ? Array.Empty<string>() : ["-f", script], database])).Groups["tps"].Value,
        CultureInfo.InvariantCulture);

    public void Dispose() => AsServer(Path.Combine(Bin, "pg_ctl"), "-D", _data, "-m", "immediate", "-w", "stop");

    private string[] Client => ["-h", "127.0.0.1", "-p", $"{Port}", "-U", "postgres"];

    /// <summary>The server refuses to run as root.</summary>
    private static void AsServer(string program, params string[] arguments)
    {
        if (Environment.UserName == "root")
        {
            // pg_ctl's server keeps the pipe of its starter open: no pipe.
            using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
                "runuser", ["-u", "postgres", "--", "/bin/sh", "-c", "exec \"$@\" >/dev/null", "sh", program, .. arguments])
            { WorkingDirectory = "/" })!;
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"{program} failed.");
            }
        }
        else
        {
            Machine.Run("/bin/sh", ["-c", "exec \"$@\" >/dev/null", "sh", program, .. arguments]);
        }
    }

    [GeneratedRegex(@"tps = (?<tps>[0-9.]+) \(without", RegexOptions.None | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tps();
}
