using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using Npgsql;

namespace CanPay.Gateway.Storage.Postgres;

/// <summary>Functions of the schema: the gateway's role may call them, and may not delete otherwise.</summary>
internal sealed class PostgresRetention(PostgresDatabase database) : IRetentionStore
{
    public Task<ForgetStep> ForgetMessages(DateTimeOffset before, PaymentId after, int rows) => Run(
        "SELECT forgotten, last_payment FROM forget_messages($1, $2, $3)", before.ToUnixTimeMilliseconds(), after.Value, rows);

    public async Task<long> ForgetStrays(DateTimeOffset before, int rows) => (await Run(
        "SELECT forget_strays($1, $2), NULL::bigint", before.ToUnixTimeMilliseconds(), rows)).Forgotten;

    public Task<ForgetStep> ForgetPayments(DateTimeOffset before, int rows) => Run(
        "SELECT forgotten, last_payment FROM forget_payments($1, $2)", before.ToUnixTimeMilliseconds(), rows);

    private async Task<ForgetStep> Run(string sql, params object[] values)
    {
        try
        {
            await using var session = await database.Open(CancellationToken.None);
#pragma warning disable CA2100 // constants of this file
            await using var command = new NpgsqlCommand(sql, session.Connection);
#pragma warning restore CA2100
            foreach (var value in values)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = value });
            }

            await using var row = await command.ExecuteReaderAsync(CancellationToken.None);
            await row.ReadAsync(CancellationToken.None);
            return new ForgetStep(row.GetInt64(0), row.IsDBNull(1) ? null : new PaymentId(row.GetInt64(1)));
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            throw new StoreUnavailableException("The database did not forget what is old: " + e.Message, e);
        }
    }
}
