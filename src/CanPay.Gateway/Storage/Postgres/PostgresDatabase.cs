using CanPay.Gateway.Kernel;
using Npgsql;

namespace CanPay.Gateway.Storage.Postgres;

/// <summary>Connections to the database server that keep what a commit promises.</summary>
/// <remarks>
/// Measured: when a waiting COMMIT is cancelled, the server answers with a warning, not an error, and the driver reports
/// success though no standby has the row. So nothing of ours ever cancels a statement (<c>Cancellation Timeout=-1</c>: a
/// time-out breaks the connection instead), no token goes to a write, and that warning makes the outcome unknown.
/// </remarks>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    private const string CancelledWait = "01000";

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlDataSource[] _hosts;
    private int _present;
    private readonly StoreNews? _news;

    /// <param name="answerTimeoutSeconds">How long an answer of the server is waited for.</param>
    /// <param name="news">Hears when the server fails, and when it works again.</param>
    public PostgresDatabase(string connectionString, int answerTimeoutSeconds = StorageOptions.DefaultAnswerTimeoutSeconds, StoreNews? news = null)
    {
        Patience = TimeSpan.FromSeconds(answerTimeoutSeconds);
        _news = news;
        ConnectionString = Complete(connectionString, answerTimeoutSeconds);
        var builder = new NpgsqlDataSourceBuilder(ConnectionString);
        var parts = new NpgsqlConnectionStringBuilder(ConnectionString);
        var isOne = !parts.Host!.Contains(',', StringComparison.Ordinal);
        _source = isOne ? builder.Build() : builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary);
        _hosts = isOne ? [_source] : [.. parts.Host.Split(',').Select(host => OneHost(parts, host.Trim()))];
    }

    /// <summary>With our settings in it, and the password.</summary>
    public string ConnectionString { get; }

    public NpgsqlDataSource Source => _source;

    /// <summary>How long an answer is waited for.</summary>
    public TimeSpan Patience { get; }

    /// <summary>What a message may say of it: hosts and database.</summary>
    public string Name => NameOf(ConnectionString);

    public static string NameOf(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) is var parts ? $"{parts.Database} on {parts.Host}:{parts.Port}" : "";

    /// <exception cref="NpgsqlException">There is no primary that answers.</exception>
    /// <remarks>
    /// The host that worked last is asked first. The driver asks its hosts in their order every time, and where the first
    /// stands still, or its machine is gone, every new connection would wait for it.
    /// </remarks>
    public async Task<PostgresSession> Open(CancellationToken ct)
    {
        var first = Volatile.Read(ref _present);
        for (var i = 0; ; i++)
        {
            var host = (first + i) % _hosts.Length;
            try
            {
                var connection = await _hosts[host].OpenConnectionAsync(ct);
                Volatile.Write(ref _present, host);
                return new PostgresSession(connection);
            }
            catch (Exception e) when (i + 1 < _hosts.Length && e is NpgsqlException or TimeoutException or IOException)
            {
                // The next may be the primary.
            }
        }
    }

    /// <summary>To be told of every failure: where it says that the server is gone, stalled or no primary, nobody goes back to it.</summary>
    public void Failed(Exception e)
    {
        _news?.Failed(e.Message);
        if (IsOfNoUse(e))
        {
            Forget();
        }
    }

    public void Worked() => _news?.Worked();

    /// <summary>
    /// No connection that is open now is used again: the idle ones are closed, the others when they come back. The driver
    /// does so by itself only for some failures, and its <c>ClearPool</c> does nothing for a data source.
    /// </summary>
    public void Forget()
    {
        _source.Clear();
        Array.ForEach(_hosts, host => host.Clear());
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }
    }

    /// <summary>The operator's connection string with what money needs, and with ordinary values for what it does not say.</summary>
    /// <exception cref="StartException">It cannot be read, or forbids what money needs.</exception>
    public static string Complete(string connectionString, int answerTimeoutSeconds = StorageOptions.DefaultAnswerTimeoutSeconds)
    {
        try
        {
            var given = new NpgsqlConnectionStringBuilder(connectionString);
            if (string.IsNullOrEmpty(given.Host) || string.IsNullOrEmpty(given.Database))
            {
                throw new StartException("Storage:Postgres names no Host or no Database. Example: Host=db1,db2;Database=canpay;Username=canpay;Password=…");
            }

            if (given.Host.Contains(',', StringComparison.Ordinal))
            {
                given.TargetSessionAttributes = "primary";
            }

            given.CancellationTimeout = -1;
            given.CommandTimeout = answerTimeoutSeconds;
            given.IncludeErrorDetail = false;
            given.Enlist = false;
            given.ApplicationName ??= "canpay";

            // Batches are joined to the tables by their keys, however small a table was when the plan was made, and read in order.
            given.Options = (given.Options + " -c enable_seqscan=off -c enable_bitmapscan=off -c jit=off").Trim();
            Default("Timeout", () => given.Timeout = 3);
            Default("Keepalive", () => given.KeepAlive = 5);
            Default("Tcp Keepalive", () => given.TcpKeepAlive = true);
            Default("Tcp Keepalive Time", () => given.TcpKeepAliveTime = 5);
            Default("Tcp Keepalive Interval", () => given.TcpKeepAliveInterval = 2);
            Default("Max Auto Prepare", () => given.MaxAutoPrepare = 64);
            Default("Auto Prepare Min Usages", () => given.AutoPrepareMinUsages = 2);
            Default("Host Recheck Seconds", () => given.HostRecheckSeconds = 1);
            Default("No Reset On Close", () => given.NoResetOnClose = true);
            return given.ConnectionString;

            void Default(string key, Action set)
            {
                if (!given.ShouldSerialize(key))
                {
                    set();
                }
            }
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new StartException($"Storage:Postgres is no connection string: {e.Message}");
        }
    }

    /// <summary>One of several hosts, which is used only while it is the primary.</summary>
    /// <param name="host">With its port, where it has one of its own.</param>
    private static NpgsqlDataSource OneHost(NpgsqlConnectionStringBuilder all, string host)
    {
        var colon = host.LastIndexOf(':');
        var hasPort = colon > 0 && (host.IndexOf(':', StringComparison.Ordinal) == colon || host[colon - 1] == ']');
        var one = new NpgsqlConnectionStringBuilder(all.ConnectionString)
        {
            Host = hasPort ? host[..colon] : host,
            Port = hasPort ? int.Parse(host.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture) : all.Port,
        };
        one.Remove("Target Session Attributes");
        const string Question = "SELECT pg_is_in_recovery()";
        return new NpgsqlDataSourceBuilder(one.ConnectionString)
            .UsePhysicalConnectionInitializer(
                connection =>
                {
                    using var command = new NpgsqlCommand(Question, connection);
                    RequirePrimary(command.ExecuteScalar());
                },
                async connection =>
                {
                    await using var command = new NpgsqlCommand(Question, connection);
                    RequirePrimary(await command.ExecuteScalarAsync());
                })
            .Build();

        void RequirePrimary(object? isInRecovery)
        {
            if (isInRecovery is true)
            {
                throw new NpgsqlException($"{host} is a standby.");
            }
        }
    }

    /// <summary>Nothing was written, and trying the same again, alone, may go well.</summary>
    public static bool IsUndone(PostgresException e) => e.SqlState[..2] is "22" or "23" or "40";

    /// <summary>A rule of the books forbids it: trying again changes nothing.</summary>
    public static bool IsForbidden(PostgresException e) => e.SqlState[..2] is "22" or "23";

    /// <summary>
    /// The connection leads to no primary that works: one that became a standby or was set read-only (25006), one that is
    /// stopping or starting (57P0x), a broken line (08xxx and whatever is no answer of the server at all).
    /// </summary>
    public static bool IsOfNoUse(Exception e) => e switch
    {
        PostgresException answer => answer.SqlState is PostgresErrorCodes.ReadOnlySqlTransaction
            || answer.SqlState[..2] is "08" || answer.SqlState[..3] is "57P",
        NpgsqlException or TimeoutException or IOException => true,
        _ => false,
    };

    /// <summary>The server gave up waiting for its standby: committed here, perhaps lost by the next failover.</summary>
    public static bool IsDoubt(PostgresNotice notice) =>
        notice.SqlState == CancelledWait && notice.MessageText.Contains("synchronous replication", StringComparison.OrdinalIgnoreCase);
}

/// <summary>One connection, and whether the server has cast doubt on what it committed.</summary>
internal sealed class PostgresSession : IAsyncDisposable
{
    private bool _isDoubtful;

    public PostgresSession(NpgsqlConnection connection)
    {
        Connection = connection;
        connection.Notice += (_, notice) => _isDoubtful |= PostgresDatabase.IsDoubt(notice.Notice);
    }

    public NpgsqlConnection Connection { get; }

    /// <summary>After a write was acknowledged: whether that may be believed.</summary>
    /// <exception cref="Payments.StoreUnavailableException">It may not.</exception>
    public void RequireCertainty()
    {
        if (_isDoubtful)
        {
            throw new Payments.StoreUnavailableException("The database committed without its standby; the outcome is unknown.");
        }
    }

    public ValueTask DisposeAsync() => Connection.DisposeAsync();
}
