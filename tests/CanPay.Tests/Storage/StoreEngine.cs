using System.Data.Common;
using CanPay.Gateway;
using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage;
using CanPay.Gateway.Storage.Postgres;
using CanPay.Gateway.Storage.Sqlite;
using CanPay.Gateway.Webhooks;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace CanPay.Tests.Storage;

/// <summary>A store with its own empty database, a clock that the test sets, and a way to look behind it.</summary>
public abstract class StoreEngine : IAsyncDisposable
{
    public abstract IPaymentStore Store { get; }

    internal IAcquiringStore Acquiring => (IAcquiringStore)Store;

    internal abstract IRetentionStore Retention { get; }

    /// <summary>The store of events, as one node has it.</summary>
    internal abstract IWebhookStore Webhooks { get; }

    internal abstract StorageEngine Engine { get; }

    /// <summary>Sets the clock by which the store judges.</summary>
    public abstract void SetNow(DateTimeOffset now);

    public abstract DbConnection Open();

    /// <summary>A second store on the same database, as another node has it.</summary>
    public abstract IPaymentStore Another();

    public abstract ValueTask DisposeAsync();

    public void Execute(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // texts of the tests
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    public List<string> Strings(string sql)
    {
        using var connection = Open();
        return StorageEngine.Texts(connection, sql, CancellationToken.None).GetAwaiter().GetResult();
    }
}

internal sealed class SqliteStoreEngine : StoreEngine
{
    private readonly FakeTimeProvider _clock = new(Payments.SomePayment.Start);
    private readonly string _folder = Directory.CreateTempSubdirectory("canpay-store-").FullName;
    private readonly List<SqliteStore> _stores = [];

    public SqliteStoreEngine()
    {
        SqliteDatabase.Prepare(DatabaseFile);
        Store = Another();
    }

    public override IPaymentStore Store { get; }

    internal override IRetentionStore Retention => (IRetentionStore)Store;

    internal override IWebhookStore Webhooks => new SqliteWebhooks((SqliteStore)Store, _clock);

    internal override StorageEngine Engine => new SqliteEngine(DatabaseFile);

    public string DatabaseFile => Path.Combine(_folder, "canpay.db");

    public override void SetNow(DateTimeOffset now) => _clock.AdjustTime(now);

    public override DbConnection Open() => SqliteDatabase.Open(DatabaseFile);

    public override IPaymentStore Another()
    {
        var store = new SqliteStore(DatabaseFile, new StorageOptions(), _clock);
        _stores.Add(store);
        return store;
    }

    /// <summary>Nothing of ours has the file open any more.</summary>
    public void Close()
    {
        _stores.ForEach(store => store.Dispose());
        _stores.Clear();
    }

    public override ValueTask DisposeAsync()
    {
        Close();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}

internal sealed class PostgresStoreEngine : StoreEngine
{
    private readonly string _store;
    private readonly string _owner;
    private readonly List<(PostgresStore Store, PostgresDatabase Database)> _stores = [];

    public PostgresStoreEngine()
        : this(PostgresServer.Instance.ConnectionString(PostgresServer.Instance.NewDatabase()))
    {
    }

    private PostgresStoreEngine(string connectionString)
        : this(connectionString, connectionString)
    {
    }

    /// <param name="store">As the store connects.</param>
    /// <param name="owner">As the owner of the tables connects: the tests look behind the store as it.</param>
    private PostgresStoreEngine(string store, string owner)
    {
        _store = store;
        _owner = owner;
        SetNow(Payments.SomePayment.Start);
        Store = Another();
    }

    /// <summary>As the store connects.</summary>
    public string ConnectionString => _store;

    public override IPaymentStore Store { get; }

    /// <summary>The store runs as a role that owns nothing, in a schema that is not called public.</summary>
    public static PostgresStoreEngine WithRoles() =>
        WithRoles(PostgresRoles.MakeReady(schema: "books"));

    public static PostgresStoreEngine WithRoles(PostgresRoles roles) => new(roles.Gateway, roles.Owner);

    internal override IRetentionStore Retention => new PostgresRetention(_stores[0].Database);

    internal override IWebhookStore Webhooks => new PostgresWebhooks(_stores[0].Database);

    internal override StorageEngine Engine => new PostgresEngine(_stores[0].Database, owner: _owner == _store ? null : _owner);

    /// <summary>The database's own clock: its function is replaced.</summary>
    public override void SetNow(DateTimeOffset now) => Execute(
        $"CREATE OR REPLACE FUNCTION now_ms() RETURNS bigint LANGUAGE sql VOLATILE PARALLEL SAFE AS 'SELECT {now.ToUnixTimeMilliseconds()}::bigint'");

    public override DbConnection Open()
    {
        var connection = new NpgsqlConnection(_owner);
        connection.Open();
        return connection;
    }

    public override IPaymentStore Another()
    {
        var database = new PostgresDatabase(_store);
        var store = new PostgresStore(database, new StorageOptions());
        _stores.Add((store, database));
        return store;
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var (store, database) in _stores)
        {
            await store.DisposeAsync();
            await database.DisposeAsync();
        }
    }
}
