using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage;
using CanPay.Gateway.Storage.Postgres;
using Npgsql;

namespace CanPay.Gateway.Operations;

/// <summary>A schema of its own in a transaction that is undone; each violation is planted behind a savepoint.</summary>
internal sealed class PostgresSelfTestBooks : SelfTestBooks
{
    private readonly PostgresEngine _engine;
    private readonly NpgsqlConnection _connection;
    private readonly PostgresSession _session;
    private readonly IReadOnlyList<string> _schema;

    private PostgresSelfTestBooks(PostgresEngine engine, NpgsqlConnection connection, IReadOnlyList<string> schema)
    {
        _engine = engine;
        _connection = connection;
        _session = new PostgresSession(connection);
        _schema = schema;
    }

    public static async Task<PostgresSelfTestBooks> Make(PostgresEngine engine, CancellationToken ct)
    {
        var connection = await engine.OpenScratch(ct);
        return new PostgresSelfTestBooks(engine, connection, await StorageEngine.Texts(connection, engine.SchemaSql, ct));
    }

    public override async Task<Payment> Add(NewPayment payment)
    {
        await Run(new GroupCommit.Addition(payment));
        await using var command = new NpgsqlCommand($"SELECT {Rows.PaymentColumns} FROM {Rows.Payments} WHERE token = $1", _connection);
        command.Parameters.Add(new NpgsqlParameter { Value = payment.Token });
        await using var row = await command.ExecuteReaderAsync(CancellationToken.None);
        await row.ReadAsync(CancellationToken.None);
        return Rows.Payment(row);
    }

    public override Task<ApplyResult> Apply(PaymentChange change) => Run(new GroupCommit.Change(change));

    public override Task Execute(string sql) => Execute(_connection, sql);

    public override string Bytes(string hex) => $@"'\x{hex}'";

    public override Task Close() => Task.CompletedTask;

    public override Task<IReadOnlyList<Finding>> Examine(DateTimeOffset now, CancellationToken ct) =>
        Doctor.Examine([_connection], _engine, _schema, atRest: true, now, ct);

    public override async Task<IReadOnlyList<Finding>> ExaminePlanted(string plant, bool asItIs, DateTimeOffset now, CancellationToken ct)
    {
        await Execute(_connection, "SAVEPOINT planted");
        if (!asItIs)
        {
            await Execute(_connection, Loosen);
        }

        await Execute(_connection, plant);
        var findings = await Examine(now, ct);
        await Execute(_connection, "ROLLBACK TO planted");
        return findings;
    }

    public override ValueTask DisposeAsync() => _connection.DisposeAsync();

    private const string Loosen =
        """
        DO $$
        DECLARE x record;
        BEGIN
            FOR x IN SELECT oid::regclass AS name FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' LOOP
                EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', x.name);
            END LOOP;
            FOR x IN SELECT conrelid::regclass AS name, conname FROM pg_constraint
                WHERE connamespace = current_schema()::regnamespace AND contype = 'c' LOOP
                EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', x.name, x.conname);
            END LOOP;
        END $$
        """;

    /// <summary>The hot path's own statements, inside our transaction.</summary>
    private async Task<T> Run<T>(GroupCommit.Work<T> work)
    {
        var batch = new Batch();
        batch.Add(work);
        await batch.Execute(_session);
        batch.Answer();
        return await work.Task;
    }
}
