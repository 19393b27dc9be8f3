using System.Data.Common;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage;
using CanPay.Gateway.Storage.Postgres;

namespace CanPay.Gateway.Operations;

/// <summary>Books made for the self-test alone, on the engine that is tested; nothing of the real ones is touched.</summary>
internal abstract class SelfTestBooks : IAsyncDisposable
{
    /// <summary>Empty books beside those of the engine.</summary>
    public static async Task<SelfTestBooks> Make(StorageEngine engine, CancellationToken ct) => engine is PostgresEngine server
        ? await PostgresSelfTestBooks.Make(server, ct)
        : new SqliteSelfTestBooks();

    /// <summary>Adds a payment as the hot path does.</summary>
    public abstract Task<Payment> Add(NewPayment payment);

    /// <summary>Moves it as the hot path does.</summary>
    public abstract Task<ApplyResult> Apply(PaymentChange change);

    public abstract Task Execute(string sql);

    /// <summary>How this engine writes bytes.</summary>
    public abstract string Bytes(string hex);

    /// <summary>No payment is added or moved any more.</summary>
    public abstract Task Close();

    public abstract Task<IReadOnlyList<Finding>> Examine(DateTimeOffset now, CancellationToken ct);

    /// <summary>What the doctor finds after a violation was planted. Undone afterwards.</summary>
    /// <param name="asItIs">Checks and triggers stay on; else they are off while it is planted.</param>
    public abstract Task<IReadOnlyList<Finding>> ExaminePlanted(string plant, bool asItIs, DateTimeOffset now, CancellationToken ct);

    public abstract ValueTask DisposeAsync();

    protected static async Task Execute(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this program
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
