using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Data.Sqlite;

namespace CanPay.Gateway.Storage.Sqlite;

/// <summary>
/// One connection of the hot path with its prepared statements, used by one thread at a time. It calls SQLite's library itself:
/// values are bound by their place and where they lie, not by name and as objects.
/// </summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly nint _database;
    private readonly Dictionary<string, nint> _statements = new(StringComparer.Ordinal);
    private readonly Dictionary<string, nint>.AlternateLookup<ReadOnlySpan<char>> _statementsBySpan;
    private readonly List<Value> _values = [];
    private readonly SqliteRow _row = new();
    private char[] _text = new char[2048];
    private int _length;

    /// <summary>Texts and blobs of this call, pinned: SQLite reads them from here.</summary>
    private byte[] _bytes = NewBytes(4096);
    private int _used;

    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public SqliteSession(string file)
    {
        _statementsBySpan = _statements.GetAlternateLookup<ReadOnlySpan<char>>();
        try
        {
            Check(SqliteLibrary.Open(file, out _database, SqliteLibrary.OpenReadWrite | SqliteLibrary.OpenNoMutex, vfs: 0));
            foreach (var setting in SqliteDatabase.Settings)
            {
                using var statement = new Running(Prepared(setting));
                Step(statement);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Runs a statement and returns how many rows it changed.</summary>
    public int Execute([InterpolatedStringHandlerArgument("")] SqlText sql)
    {
        _ = sql;
        using var statement = Bound();
        Step(statement);
        return SqliteLibrary.Changes(_database);
    }

    /// <summary>The first row, or nothing.</summary>
    public T? First<T>([InterpolatedStringHandlerArgument("")] SqlText sql, Func<DbDataReader, T> read)
        where T : class
    {
        _ = sql;
        using var statement = Bound();
        return Step(statement) ? read(_row) : null;
    }

    public List<T> All<T>([InterpolatedStringHandlerArgument("")] SqlText sql, Func<DbDataReader, T> read)
    {
        _ = sql;
        using var statement = Bound();
        var rows = new List<T>();
        while (Step(statement))
        {
            rows.Add(read(_row));
        }

        return rows;
    }

    /// <summary>The first column of the one row.</summary>
    public long Number([InterpolatedStringHandlerArgument("")] SqlText sql)
    {
        _ = sql;
        using var statement = Bound();
        var number = Step(statement) ? _row.GetInt64(0) : throw new InvalidOperationException("There is no such number.");
        Step(statement); // what a statement wrote is checked against other tables at its end
        return number;
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            _ = SqliteLibrary.Finalize(statement);
        }

        _statements.Clear();
        _ = SqliteLibrary.Close(_database);
    }

    internal void BeginText()
    {
        _length = 0;
        _used = 0;
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

    internal void AppendValue(long? value) => Append(value is { } number ? new Value(ValueKind.Number, number, 0) : default);

    internal void AppendValue(string? value) => Append(value is null
        ? default
        : new Value(ValueKind.Text, _used, Encoding.UTF8.GetBytes(value, Room(Encoding.UTF8.GetMaxByteCount(value.Length)))));

    internal void AppendValue(byte[]? value)
    {
        value?.CopyTo(Room(value.Length));
        Append(value is null ? default : new Value(ValueKind.Blob, _used, value.Length));
    }

    private static byte[] NewBytes(int length) => GC.AllocateUninitializedArray<byte>(length, pinned: true);

    private void Append(Value value)
    {
        AppendText("?");
        _values.Add(value);
        _used += value.Length;
    }

    /// <summary>The next bytes. No statement runs while values are appended, so what is bound may lose its place.</summary>
    private Span<byte> Room(int length)
    {
        if (_used + length > _bytes.Length)
        {
            var bytes = NewBytes(Math.Max(_used + length, _bytes.Length * 2));
            _bytes.AsSpan(0, _used).CopyTo(bytes);
            _bytes = bytes;
        }

        return _bytes.AsSpan(_used);
    }

    /// <summary>The statement of the text, prepared once, with the values of this call.</summary>
    private Running Bound()
    {
        if (!_statementsBySpan.TryGetValue(_text.AsSpan(0, _length), out var statement))
        {
            statement = Prepared(new string(_text, 0, _length));
        }

        var index = 0;
        foreach (var value in CollectionsMarshal.AsSpan(_values))
        {
            index++;
            Check(value.Kind switch
            {
                ValueKind.Number => SqliteLibrary.BindInt64(statement, index, value.Number),
                ValueKind.Text => SqliteLibrary.BindText(statement, index, Place(value), value.Length, release: 0),
                ValueKind.Blob => SqliteLibrary.BindBlob(statement, index, Place(value), value.Length, release: 0),
                _ => SqliteLibrary.BindNull(statement, index),
            });
        }

        return new Running(statement);
    }

    private nint Place(Value value) => Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, (int)value.Number);

    private nint Prepared(string sql)
    {
        Check(SqliteLibrary.Prepare(_database, sql, bytes: -1, SqliteLibrary.PreparePersistent, out var statement, tail: 0));
        _statements.Add(sql, statement);
        return statement;
    }

    /// <returns>Whether there is a row.</returns>
    private bool Step(Running running)
    {
        var result = SqliteLibrary.Step(running.Statement);
        if (result is not (SqliteLibrary.Row or SqliteLibrary.Done))
        {
            Check(result);
        }

        _row.Statement = running.Statement;
        return result == SqliteLibrary.Row;
    }

    private void Check(int result)
    {
        if (result != SqliteLibrary.Ok)
        {
            var message = Marshal.PtrToStringUTF8(SqliteLibrary.ErrorMessage(_database));
            throw new SqliteException($"SQLite error {result & 0xFF}: {message}.", result & 0xFF, SqliteLibrary.ExtendedErrorCode(_database));
        }
    }

    /// <summary>A statement that was given its values: it is put back however the call ends, or it would hold its locks.</summary>
    private readonly ref struct Running(nint statement)
    {
        public nint Statement { get; } = statement;

        public void Dispose() => _ = SqliteLibrary.Reset(Statement);
    }

    private enum ValueKind
    {
        Null,
        Number,
        Text,
        Blob,
    }

    /// <param name="Kind">What it is.</param>
    /// <param name="Number">A number itself; where a text or a blob begins.</param>
    /// <param name="Length">Bytes of a text or a blob.</param>
    private readonly record struct Value(ValueKind Kind, long Number, int Length);
}
