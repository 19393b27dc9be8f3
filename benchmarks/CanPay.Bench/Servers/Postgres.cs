using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace CanPay.Bench;

/// <summary>A server of the bench's own, durable as in production, and its own benchmark on it.</summary>
internal sealed partial class Postgres
{
    private static readonly string Bin = Directory.GetDirectories("/usr/lib/postgresql")
        .Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "pgbench"))).Order(StringComparer.Ordinal).Last();

    private readonly string _data;
    private int _runs;

    public Postgres(Machine machine)
    {
        _data = Path.Combine(machine.Folder, "pg");
        File.SetUnixFileMode(machine.Folder, (UnixFileMode)0b111_111_111);
        AsServer(Path.Combine(Bin, "initdb"), "-D", _data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8");
        Port = FreePorts.Next();
        File.AppendAllLines(Path.Combine(_data, "postgresql.conf"),
        [
            "listen_addresses = '127.0.0.1'", $"port = {Port}", $"unix_socket_directories = '{machine.Folder}'", "max_connections = 500",
            .. Settings,
        ]);
        machine.AtEnd(() => AsServer(Path.Combine(Bin, "pg_ctl"), "-D", _data, "-m", "immediate", "-w", "stop"));
        AsServer(Path.Combine(Bin, "pg_ctl"), "-D", _data, "-l", Path.Combine(machine.Folder, "pg.log"), "-w", "start");
        Pid = int.Parse(File.ReadLines(Path.Combine(_data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
    }

    /// <summary>Whatever a commit promises is on; memory and checkpoints as on a server that has this machine to itself.</summary>
    public static string[] Settings { get; } =
    [
        "shared_buffers = 1GB", "max_wal_size = 8GB", "checkpoint_timeout = 5min", "wal_compression = lz4",
        "synchronous_commit = on", "fsync = on", "full_page_writes = on",
    ];

    public int Port { get; }

    public int Pid { get; }

    public string ConnectionString(string database) => $"Host=127.0.0.1;Port={Port};Username=postgres;Database={database}";

    public string NewDatabase(string name)
    {
        Sql("postgres", $"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    /// <summary>Runs it; the first value of the first row, if there is one.</summary>
    public object? Sql(string database, string sql)
    {
        using var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false;Command Timeout=0");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }

    public void Initialize(string database, int scale) => Machine.Run(Path.Combine(Bin, "pgbench"), [.. Client, "-i", "-q", "-s", $"{scale}", database]);

    /// <summary>Transactions a second of pgbench's TPC-B, or of a script.</summary>
    public double Bench(string database, int clients, int seconds, string? script = null) => double.Parse(
        Tps().Match(Machine.Run(Path.Combine(Bin, "pgbench"),
            [.. Client, "-n", "-M", "prepared", "-c", $"{clients}", "-j", "2", "-T", $"{seconds}", "-D", $"run={++_runs}", "-D", "n=0", .. script is null ? Array.Empty<string>() : ["-f", script], database])).Groups["tps"].Value,
        CultureInfo.InvariantCulture);

    private string[] Client => ["-h", "127.0.0.1", "-p", $"{Port}", "-U", "postgres"];

    /// <summary>The server refuses to run as root.</summary>
    private static void AsServer(string program, params string[] arguments)
    {
        // pg_ctl's server keeps the pipe of its starter open: no pipe.
        string[] shell = ["/bin/sh", "-c", "exec \"$@\" >/dev/null", "sh", program, .. arguments];
        string[] command = Environment.UserName == "root" ? ["runuser", "-u", "postgres", "--", .. shell] : shell;
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = "/" })!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed.");
        }
    }

    [GeneratedRegex(@"tps = (?<tps>[0-9.]+) \(without", RegexOptions.None | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tps();
}
