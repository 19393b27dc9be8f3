using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CanPay.Gateway.Storage.Postgres;
using Npgsql;

namespace CanPay.Tests.Storage;

/// <summary>A real PostgreSQL server of the tests' own, on a free port, with everything durable; gone when the tests are over.</summary>
internal sealed class PostgresServer
{
    private static readonly Lazy<PostgresServer> Shared = new(() => new PostgresServer());

    private static readonly string Bin = Directory.GetDirectories("/usr/lib/postgresql")
        .Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "postgres"))).Order(StringComparer.Ordinal).Last();

    private readonly string _folder = Directory.CreateTempSubdirectory("canpay-pg-").FullName;
    private int _databases;

    public PostgresServer(params string[] settings)
    {
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_111_111);
        Run(Path.Combine(Bin, "initdb"), "-D", Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
        Port = FreePort();
        File.AppendAllLines(Path.Combine(Data, "postgresql.conf"),
            ["listen_addresses = '127.0.0.1'", $"port = {Port}", $"unix_socket_directories = '{_folder}'", "max_connections = 300", .. settings]);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Delete();
        Start();
        using (var template = new NpgsqlConnection(ConnectionString("postgres")))
        {
            template.Open();
            Execute(template, "CREATE DATABASE template_canpay");
        }

        CanPay.Gateway.Storage.Migrations.ApplyToPostgres(ConnectionString("template_canpay") + ";Pooling=false");
    }

    public static PostgresServer Instance => Shared.Value;

    public int Port { get; }

    private string Data => Path.Combine(_folder, "data");

    public string ConnectionString(string database, string user = "postgres") =>
        $"Host=127.0.0.1;Port={Port.ToString(CultureInfo.InvariantCulture)};Username={user};Database={database};Maximum Pool Size=20";

    /// <summary>A database with our schema and nothing in it.</summary>
    public string NewDatabase(bool migrated = true)
    {
        var name = $"canpay_{Interlocked.Increment(ref _databases).ToString(CultureInfo.InvariantCulture)}";
        using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        connection.Open();
        lock (Shared)
        {
            Execute(connection, $"CREATE DATABASE {name}{(migrated ? " TEMPLATE template_canpay" : "")}");
        }

        return name;
    }

    public void Start() => Run(Path.Combine(Bin, "pg_ctl"), "-D", Data, "-l", Path.Combine(_folder, "log"), "-w", "-t", "60", "start");

    /// <param name="mode"><c>fast</c>, or <c>immediate</c>: as a crash.</param>
    public void Stop(string mode = "fast") => Run(Path.Combine(Bin, "pg_ctl"), "-D", Data, "-m", mode, "-w", "stop");

    /// <summary>Stopped for good, with its folder.</summary>
    public void Delete()
    {
        Stop("immediate");
        Directory.Delete(_folder, recursive: true);
    }

    public static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // texts of the tests
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    public static PostgresDatabase Database(string connectionString) => new(connectionString);

    /// <summary>The server refuses to run as root: then it runs as the user that its package made.</summary>
    private static void Run(string program, params string[] arguments)
    {
        var start = Environment.UserName == "root"
            ? new ProcessStartInfo("runuser", ["-u", "postgres", "--", program, .. arguments])
            : new ProcessStartInfo(program, arguments);
        start.WorkingDirectory = "/";
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.WaitForExit(TimeSpan.FromSeconds(90));
        Assert.True(process.HasExited && process.ExitCode == 0, $"{Path.GetFileName(program)} {string.Join(' ', arguments)} failed");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
