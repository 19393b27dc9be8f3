using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace CanPay.Gateway.Storage.Sqlite;

/// <summary>One connection with its prepared statements, used by one thread at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _statements = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SqliteCommand>.AlternateLookup<ReadOnlySpan<char>> _statementsBySpan;
    private readonly List<object?> _values = [];
    private char[] _text = new char[2048];
    private int _length;

    public SqliteSession(SqliteConnection connection)
    {
        _connection = connection;
        _statementsBySpan = _statements.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Runs a statement and returns how many rows it changed.</summary>
    public int Execute([InterpolatedStringHandlerArgument("")] SqlText sql)
    {
        _ = sql;
        return Bound().ExecuteNonQuery();
    }

    /// <summary>The first row, or nothing.</summary>
    public T? First<T>([InterpolatedStringHandlerArgument("")] SqlText sql, Func<SqliteDataReader, T> read)
        where T : class
    {
        _ = sql;
        using var reader = Bound().ExecuteReader();
        return reader.Read() ? read(reader) : null;
    }

    public List<T> All<T>([InterpolatedStringHandlerArgument("")] SqlText sql, Func<SqliteDataReader, T> read)
    {
        _ = sql;
        using var reader = Bound().ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>The first column of the first row.</summary>
    public long Number([InterpolatedStringHandlerArgument("")] SqlText sql)
    {
        _ = sql;
        return (long)Bound().ExecuteScalar()!;
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    internal void BeginText()
    {
        _length = 0;
        _values.Clear();
    }

    internal void AppendText(ReadOnlySpan<char> sql)
    {
        while (_length + sql.Length > _text.Length)
        {
            Array.Resize(ref _text, _text.Length * 2);
        }

        sql.CopyTo(_text.AsSpan(_length));
        _length += sql.Length;
    }

    internal void AppendValue(object? value)
    {
        Span<char> name = stackalloc char[8];
        name[0] = '$';
        _values.Count.TryFormat(name[1..], out var digits, provider: CultureInfo.InvariantCulture);
        AppendText(name[..(digits + 1)]);
        _values.Add(value);
    }

    /// <summary>The statement of the text, prepared once, with the values of this call.</summary>
    private SqliteCommand Bound()
    {
        if (!_statementsBySpan.TryGetValue(_text.AsSpan(0, _length), out var statement))
        {
            statement = Prepared(new string(_text, 0, _length));
        }

        for (var i = 0; i < _values.Count; i++)
        {
            statement.Parameters[i].Value = _values[i] ?? DBNull.Value;
        }

        return statement;
    }

    private SqliteCommand Prepared(string sql)
    {
        var statement = _connection.CreateCommand();
#pragma warning disable CA2100 // SqlText: every hole of the text is a parameter
        statement.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 0; i < _values.Count; i++)
        {
            statement.Parameters.Add(new SqliteParameter("$" + i.ToString(CultureInfo.InvariantCulture), null));
        }

        _statements.Add(sql, statement);
        return statement;
    }
}
