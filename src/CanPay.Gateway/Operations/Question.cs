using System.Data.Common;
using System.Globalization;
using CanPay.Gateway.Storage;

namespace CanPay.Gateway.Operations;

/// <summary>One reading of the books for one or several invariants.</summary>
/// <param name="Sql">A row for each violation: its text, and where several are asked for a column for each, true where it is violated.</param>
/// <param name="Invariants">In the columns' order.</param>
internal sealed record Question(string Sql, IReadOnlyList<Invariant> Invariants)
{
    /// <summary>About one that is not of each payment.</summary>
    public static Question Of(Invariant invariant, EngineKind engine, DateTimeOffset now) =>
        new(invariant.SqlOn(engine).Replace("@now", now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal), [invariant]);

    public async Task Ask(DbConnection connection, Findings findings, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this program
        command.CommandText = Sql;
#pragma warning restore CA2100
        command.CommandTimeout = 0;
        await using var row = await command.ExecuteReaderAsync(ct);
        var oneEach = row.FieldCount > 1;
        while (await row.ReadAsync(ct))
        {
            for (var i = 0; i < Invariants.Count; i++)
            {
                if (!oneEach || Convert.ToBoolean(row.GetValue(i + 1), CultureInfo.InvariantCulture))
                {
                    findings.Add(Invariants[i], row.GetString(0));
                }
            }
        }
    }
}
