using System.Data.Common;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Storage.Copy;

/// <summary>A table that both engines have.</summary>
/// <param name="IdColumn">The column that PostgreSQL numbers by itself, if there is one.</param>
internal sealed record BookTable(string Name, IReadOnlyList<BookColumn> Columns, string? IdColumn)
{
    public string ColumnNames => string.Join(", ", Columns.Select(column => column.Name));

    public string SelectSql => $"SELECT {ColumnNames} FROM {Name}";

    /// <summary>All tables of the books but the list of migrations, as PostgreSQL has them.</summary>
    /// <exception cref="StartException">The embedded database has others.</exception>
    public static async Task<IReadOnlyList<BookTable>> All(DbConnection sqlite, DbConnection postgres, CancellationToken ct)
    {
        var lines = await StorageEngine.Texts(
            postgres,
            """
            SELECT r.relname || ' ' || a.attname || ' ' || format_type(a.atttypid, NULL) || ' ' || (a.attidentity <> '')
            FROM pg_class r JOIN pg_attribute a ON a.attrelid = r.oid
            WHERE r.relnamespace = current_schema()::regnamespace AND r.relkind = 'r' AND r.relname <> 'schemaversions'
                AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY r.relname, a.attnum
            """,
            ct);
        var tables = lines.Select(line => line.Split(' ')).GroupBy(words => words[0], StringComparer.Ordinal).Select(table => new BookTable(
            table.Key,
            [.. table.Select(words => new BookColumn(words[1], BookColumn.KindOf(words[2])))],
            table.FirstOrDefault(words => words[3] is "true")?[1])).ToList();
        var ours = tables.SelectMany(table => table.Columns.Select(column => $"{table.Name}.{column.Name}"));
        var theirs = await StorageEngine.Texts(
            sqlite,
            """
            SELECT t.name || '.' || c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c
            WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name <> 'SchemaVersions'
            """,
            ct);
        return ours.ToHashSet(StringComparer.Ordinal).SetEquals(theirs)
            ? tables
            : throw new StartException("The two databases have not the same tables and columns: they were made by different versions.");
    }
}

/// <summary>A column, and how its values are read and written on both engines.</summary>
internal readonly record struct BookColumn(string Name, ValueKind Kind)
{
    public static ValueKind KindOf(string type) => type switch
    {
        "bigint" => ValueKind.Long,
        "integer" => ValueKind.Int,
        "text" => ValueKind.Text,
        "boolean" => ValueKind.Flag,
        "bytea" => ValueKind.Bytes,
        _ => throw new StartException($"A column has the type {type}, of which the copy knows nothing."),
    };
}

internal enum ValueKind
{
    Long,
    Int,
    Text,
    Flag,
    Bytes,
}
