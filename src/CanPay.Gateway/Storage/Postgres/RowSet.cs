using System.Globalization;
using Npgsql;

namespace CanPay.Gateway.Storage.Postgres;

/// <summary>Many rows as one parameter a column: <c>unnest($1::bigint[], $2::text[], …)</c>.</summary>
/// <param name="alias">What the statement calls the rows.</param>
internal sealed class RowSet<TRow>(string alias, params RowSet<TRow>.Column[] columns)
{
    public int Count => columns.Length;

    /// <summary>The rows as a table in a FROM clause.</summary>
    /// <param name="first">Number of the first parameter.</param>
    public string From(int first)
    {
        var arrays = columns.Select((column, i) => string.Create(CultureInfo.InvariantCulture, $"${first + i}::{column.SqlType}[]"));
        return $"unnest({string.Join(", ", arrays)}) AS {alias} ({string.Join(", ", columns.Select(column => column.Name))})";
    }

    /// <summary>The names, for INSERT and SELECT lists.</summary>
    public string Names(string prefix = "") => string.Join(", ", columns.Select(column => prefix + column.Name));

    public void Bind(NpgsqlParameterCollection parameters, IReadOnlyList<TRow> rows)
    {
        foreach (var column in columns)
        {
            parameters.Add(column.Values(rows));
        }
    }

    public static Column Of<TValue>(string name, string sqlType, Func<TRow, TValue> value) => new Column<TValue>(name, sqlType, value);

    internal abstract class Column(string name, string sqlType)
    {
        public string Name { get; } = name;

        public string SqlType { get; } = sqlType;

        public abstract NpgsqlParameter Values(IReadOnlyList<TRow> rows);
    }

    private sealed class Column<TValue>(string name, string sqlType, Func<TRow, TValue> value) : Column(name, sqlType)
    {
        public override NpgsqlParameter Values(IReadOnlyList<TRow> rows)
        {
            var values = new TValue[rows.Count];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = value(rows[i]);
            }

            return new NpgsqlParameter<TValue[]> { TypedValue = values };
        }
    }
}
