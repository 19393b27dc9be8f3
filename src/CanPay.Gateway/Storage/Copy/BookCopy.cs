using System.Data.Common;
using Npgsql;
using NpgsqlTypes;

namespace CanPay.Gateway.Storage.Copy;

/// <summary>Carries tables from the embedded database to PostgreSQL, and tells of both what is in them.</summary>
internal static class BookCopy
{
    /// <summary>All rows of one table, by binary COPY; returns the digest of what was sent.</summary>
    public static async Task<BookDigest> Table(DbConnection from, NpgsqlConnection to, BookTable table, CancellationToken ct)
    {
        await using var command = Reading(from, table);
        await using var rows = await command.ExecuteReaderAsync(ct);
        await using var writer = await to.BeginBinaryImportAsync($"COPY {table.Name} ({table.ColumnNames}) FROM STDIN (FORMAT BINARY)", ct);
        writer.Timeout = TimeSpan.Zero;
        var digester = new BookDigester();
        while (await rows.ReadAsync(ct))
        {
            // Not awaited: the embedded database has nothing to wait for, and the writer waits only when its buffer is full.
            writer.StartRow();
            for (var i = 0; i < table.Columns.Count; i++)
            {
                Value(rows, i, table.Columns[i].Kind, digester, writer);
            }

            digester.EndRow();
        }

        await writer.CompleteAsync(ct);
        return digester.Digest;
    }

    /// <summary>What is in a table now.</summary>
    public static async Task<BookDigest> Digest(DbConnection connection, BookTable table, CancellationToken ct)
    {
        await using var command = Reading(connection, table);
        await using var rows = await command.ExecuteReaderAsync(ct);
        var digester = new BookDigester();
        while (await rows.ReadAsync(ct))
        {
            for (var i = 0; i < table.Columns.Count; i++)
            {
                Value(rows, i, table.Columns[i].Kind, digester, writer: null);
            }

            digester.EndRow();
        }

        return digester.Digest;
    }

    private static void Value(DbDataReader row, int column, ValueKind kind, BookDigester digester, NpgsqlBinaryImporter? writer)
    {
        if (row.IsDBNull(column))
        {
            digester.AddNull();
            writer?.WriteNull();
            return;
        }

        switch (kind)
        {
            case ValueKind.Long:
                var number = row.GetInt64(column);
                digester.Add(number);
                writer?.Write(number, NpgsqlDbType.Bigint);
                break;
            case ValueKind.Int:
                var small = row.GetInt32(column);
                digester.Add(small);
                writer?.Write(small, NpgsqlDbType.Integer);
                break;
            case ValueKind.Text:
                var text = row.GetString(column);
                digester.Add(text);
                writer?.Write(text, NpgsqlDbType.Text);
                break;
            case ValueKind.Flag:
                var flag = row.GetBoolean(column);
                digester.Add(flag);
                writer?.Write(flag, NpgsqlDbType.Boolean);
                break;
            case ValueKind.Bytes:
                var bytes = row.GetFieldValue<byte[]>(column);
                digester.Add(bytes);
                writer?.Write(bytes, NpgsqlDbType.Bytea);
                break;
        }
    }

    private static DbCommand Reading(DbConnection connection, BookTable table)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // names of our own tables
        command.CommandText = table.SelectSql;
#pragma warning restore CA2100
        command.CommandTimeout = 0;
        return command;
    }
}
