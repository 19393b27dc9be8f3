using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage;
using CanPay.Gateway.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace CanPay.Gateway.Operations;

/// <summary>A file in a folder of its own; each violation is planted in a copy of it.</summary>
internal sealed class SqliteSelfTestBooks : SelfTestBooks
{
    private readonly string _folder = Directory.CreateTempSubdirectory("canpay-selftest-").FullName;
    private readonly SqliteStore _store;
    private int _copies;

    public SqliteSelfTestBooks()
    {
        SqliteDatabase.Prepare(Healthy);
        _store = new SqliteStore(Healthy, new StorageOptions(), TimeProvider.System);
    }

    private string Healthy => Path.Combine(_folder, "healthy.db");

    public override async Task<Payment> Add(NewPayment payment)
    {
        await _store.Create(payment, CancellationToken.None);
        return (await _store.Find(payment.Token, CancellationToken.None))!;
    }

    public override Task<ApplyResult> Apply(PaymentChange change) => _store.Apply(change);

    public override async Task Execute(string sql)
    {
        await using var connection = SqliteDatabase.Open(Healthy);
        await Execute(connection, sql);
    }

    public override string Bytes(string hex) => $"x'{hex}'";

    public override Task Close()
    {
        _store.Dispose();
        return Task.CompletedTask;
    }

    public override Task<IReadOnlyList<Finding>> Examine(DateTimeOffset now, CancellationToken ct) =>
        Doctor.Examine(new SqliteEngine(Healthy), atRest: true, now, ct);

    public override async Task<IReadOnlyList<Finding>> ExaminePlanted(string plant, bool asItIs, DateTimeOffset now, CancellationToken ct)
    {
        var sick = Path.Combine(_folder, $"sick-{_copies++}.db");
        File.Copy(Healthy, sick);
        await using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = sick, Pooling = false }.ToString()))
        {
            await connection.OpenAsync(ct);
            var names = await StorageEngine.Texts(connection, "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name", ct);
            var triggers = await StorageEngine.Texts(connection, "SELECT sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name", ct);
            var loosened = "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;"
                + string.Concat(names.Select(name => $"DROP TRIGGER {name};"))
                + plant + ";"
                + string.Concat(triggers.Select(sql => sql + ";"));
            await Execute(connection, asItIs ? plant : loosened);
        }

        return await Doctor.Examine(new SqliteEngine(sick), atRest: true, now, ct);
    }

    public override ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
