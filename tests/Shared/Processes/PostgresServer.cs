using System.Diagnostics;
using System.Globalization;
using CanPay.Gateway.Storage.Postgres;
using Npgsql;

namespace CanPay.Testing;

/// <summary>A real PostgreSQL server of the tests' own, on a free port, with everything durable; gone when the tests are over.</summary>
internal sealed class PostgresServer : IDisposable
{
    private static readonly Lazy<PostgresServer> Shared = new(() => new PostgresServer());
    private static readonly Lazy<PostgresServer> Blank = new(MakeBlank);

    private static readonly string Bin = Directory.GetDirectories("/usr/lib/postgresql")
        .Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "postgres"))).Order(StringComparer.Ordinal).Last();

    private readonly string _folder;
    private int _databases;
    private bool _isGone;
    private int _postmaster;

    /// <param name="settings">Lines of postgresql.conf.</param>
    public PostgresServer(params string[] settings)
        : this(Directory.CreateTempSubdirectory("canpay-pg-").FullName, settings)
    {
    }

    /// <param name="folder">An empty folder, which is the server's from now on.</param>
    /// <param name="settings">Lines of postgresql.conf.</param>
    public PostgresServer(string folder, string[] settings)
    {
        _folder = folder;
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_111_111);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Delete();
        Run("cp", "-r", Blank.Value.Data, Data);
        Port = FreePorts.Next();
        File.AppendAllLines(Path.Combine(Data, "postgresql.conf"), [$"port = {Text(Port)}", .. settings]);
        Start();
    }

    /// <summary>For the blank.</summary>
    private PostgresServer(string folder, int port)
    {
        _folder = folder;
        Port = port;
    }

    /// <summary>A standby of another server, from which it has everything until now.</summary>
    private PostgresServer(PostgresServer primary, int replicationPort)
    {
        _folder = Directory.CreateTempSubdirectory("canpay-pg-").FullName;
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_111_111);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Delete();
        Run(Path.Combine(Bin, "pg_basebackup"), "-D", Data, "-h", "127.0.0.1", "-p", Text(primary.Port), "-U", "postgres", "-c", "fast", "--no-sync");
        Port = FreePorts.Next();
        File.AppendAllLines(Path.Combine(Data, "postgresql.conf"),
            [
                $"port = {Text(Port)}", $"primary_conninfo = 'host=127.0.0.1 port={replicationPort} user=postgres application_name=standby'",
                "synchronous_standby_names = ''", "wal_receiver_status_interval = 1", "wal_retrieve_retry_interval = 200",
            ]);
        File.WriteAllText(Path.Combine(Data, "standby.signal"), "");
        Start();
    }

    public static PostgresServer Instance => Shared.Value;

    public int Port { get; }

    /// <summary>Everything that it keeps.</summary>
    public string Folder => _folder;

    private string Data => Path.Combine(_folder, "data");

    public string ConnectionString(string database, string user = "postgres") =>
        $"Host=127.0.0.1;Port={Port.ToString(CultureInfo.InvariantCulture)};Username={user};Database={database};Maximum Pool Size=20";

    /// <summary>A database with our schema and nothing in it.</summary>
    public string NewDatabase(bool migrated = true)
    {
        var name = $"canpay_{Interlocked.Increment(ref _databases).ToString(CultureInfo.InvariantCulture)}";
        using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        connection.Open();
        lock (Shared)
        {
            Execute(connection, $"CREATE DATABASE {name}{(migrated ? " TEMPLATE template_canpay" : "")}");
        }

        return name;
    }

    public void Start()
    {
        Run(Path.Combine(Bin, "pg_ctl"), "-D", Data, "-l", Path.Combine(_folder, "log"), "-w", "-t", "60", "start");
        _postmaster = Postmaster;
    }

    /// <summary>The processes are gone; their files may not even be readable any more.</summary>
    public void KillProcesses()
    {
        // Stopped first, so that it makes no new ones meanwhile.
        Signal("-STOP", _postmaster);
        int[] all = [.. ChildrenOf(_postmaster), _postmaster];
        Signal("-KILL", all);
        SpinWait.SpinUntil(() => !all.Any(IsAlive), TimeSpan.FromSeconds(30));
    }

    /// <summary>Where nobody buries the dead, the next start would take the postmaster for alive.</summary>
    public void ForgetProcesses() => File.Delete(PidFile);

    /// <summary>The postmaster and its children.</summary>
    public IReadOnlyList<int> ProcessIds => [_postmaster, .. ChildrenOf(_postmaster)];

    /// <param name="mode"><c>fast</c>, or <c>immediate</c>: as a crash.</param>
    public void Stop(string mode = "fast") => Run(Path.Combine(Bin, "pg_ctl"), "-D", Data, "-m", mode, "-w", "stop");

    /// <summary>A server that follows this one.</summary>
    /// <param name="port">Through which it does; none for this server's own.</param>
    public PostgresServer NewStandby(int? port = null) => new(this, port ?? Port);

    /// <summary>From now on a commit waits for the standby; returns when there is one that answers.</summary>
    public async Task DemandStandby()
    {
        Set("synchronous_standby_names", "*");
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await Processes.Until("the standby is synchronous", async () =>
        {
            await using var command = new NpgsqlCommand("SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')", connection);
            return (long)(await command.ExecuteScalarAsync())! > 0;
        });
    }

    /// <summary>Changes a setting of the running server.</summary>
    public void Set(string setting, string value)
    {
        using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        connection.Open();
        Execute(connection, $"ALTER SYSTEM SET {setting} = '{value}'");
        Execute(connection, "SELECT pg_reload_conf()");
    }

    /// <summary>The standby becomes a primary.</summary>
    public void Promote() => Run(Path.Combine(Bin, "pg_ctl"), "-D", Data, "-w", "promote");

    public bool IsRunning => _postmaster != 0 && IsAlive(_postmaster);

    /// <summary>kill -9: the postmaster and every process of it, with nothing said to anybody.</summary>
    public void Kill()
    {
        KillProcesses();
        ForgetProcesses();
    }

    /// <summary>The server stands still: it neither answers nor breaks a connection.</summary>
    public void Freeze()
    {
        var postmaster = Postmaster;
        Signal("-STOP", postmaster);
        Signal("-STOP", [.. ChildrenOf(postmaster)]);
    }

    public void Thaw()
    {
        var postmaster = Postmaster;
        Signal("-CONT", [.. ChildrenOf(postmaster), postmaster]);
    }

    /// <summary>Stopped for good, with its folder.</summary>
    public void Delete()
    {
        if (_isGone)
        {
            return;
        }

        _isGone = true;
        if (IsRunning)
        {
            KillProcesses();
        }

        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // On a disk that is broken; it goes as a whole.
        }
    }

    public void Dispose() => Delete();

    public static void DeleteShared()
    {
        foreach (var shared in new[] { Shared, Blank }.Where(shared => shared.IsValueCreated))
        {
            shared.Value.Delete();
        }
    }

    private string PidFile => Path.Combine(Data, "postmaster.pid");

    private int Postmaster => int.Parse(File.ReadLines(PidFile).First(), CultureInfo.InvariantCulture);

    private static bool IsAlive(int process) => State(process) is { } state && state.State is not ("Z" or "X");

    private static IEnumerable<int> ChildrenOf(int parent) => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Where(id => id != 0 && State(id) is { } state && state.Parent == parent && state.State is not ("Z" or "X"));

    private static (string State, int Parent)? State(int process)
    {
        try
        {
            // "pid (name) state ppid …"; the name may hold anything.
            var text = File.ReadAllText($"/proc/{process}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0], int.Parse(fields[1], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void Signal(string signal, params int[] processes)
    {
        if (processes.Length > 0)
        {
            using var kill = Process.Start(new ProcessStartInfo("kill", [signal, .. processes.Select(Text)]) { RedirectStandardError = true })!;
            kill.WaitForExit();
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    public static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // texts of the tests
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    public static PostgresDatabase Database(string connectionString) => new(connectionString);

    /// <summary>The data of a server with a database to copy, made once; a server begins with a copy of it.</summary>
    private static PostgresServer MakeBlank()
    {
        var blank = new PostgresServer(Directory.CreateTempSubdirectory("canpay-pg-blank-").FullName, FreePorts.Next());
        File.SetUnixFileMode(blank._folder, (UnixFileMode)0b111_111_111);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => blank.Delete();
        Run(Path.Combine(Bin, "initdb"), "-D", blank.Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
        File.AppendAllLines(Path.Combine(blank.Data, "postgresql.conf"),
            ["listen_addresses = '127.0.0.1'", $"port = {Text(blank.Port)}", "unix_socket_directories = ''", "max_connections = 300", "wal_keep_size = 64MB"]);
        blank.Start();
        using (var template = new NpgsqlConnection(blank.ConnectionString("postgres") + ";Pooling=false"))
        {
            template.Open();
            Execute(template, "CREATE DATABASE template_canpay");
        }

        CanPay.Gateway.Storage.Migrations.ApplyToPostgres(blank.ConnectionString("template_canpay") + ";Pooling=false");
        blank.Stop();
        return blank;
    }

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
        if (!process.HasExited || process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{Path.GetFileName(program)} {string.Join(' ', arguments)} failed");
        }
    }
}
