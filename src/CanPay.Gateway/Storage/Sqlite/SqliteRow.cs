using System.Collections;
using System.Data.Common;
using System.Runtime.InteropServices;

namespace CanPay.Gateway.Storage.Sqlite;

/// <summary>The row on which a statement stands: as much of a reader as <see cref="Rows"/> asks for.</summary>
internal sealed class SqliteRow : DbDataReader
{
    /// <summary>A statement of SQLite's library whose last step gave a row.</summary>
    public nint Statement { get; set; }

    public override bool IsDBNull(int ordinal) => SqliteLibrary.ColumnType(Statement, ordinal) == SqliteLibrary.Null;

    public override long GetInt64(int ordinal) => SqliteLibrary.ColumnInt64(Statement, Present(ordinal));

    public override int GetInt32(int ordinal) => checked((int)GetInt64(ordinal));

    public override bool GetBoolean(int ordinal) => GetInt64(ordinal) != 0;

    public override string GetString(int ordinal) => Marshal.PtrToStringUTF8(
        SqliteLibrary.ColumnText(Statement, Present(ordinal)), SqliteLibrary.ColumnBytes(Statement, ordinal));

    public override T GetFieldValue<T>(int ordinal) => typeof(T) == typeof(byte[]) ? (T)(object)Bytes(ordinal) : throw Unread;

    private static NotSupportedException Unread => new("No row of the books is read like this.");

    private byte[] Bytes(int ordinal)
    {
        var source = SqliteLibrary.ColumnBlob(Statement, Present(ordinal));
        var bytes = new byte[SqliteLibrary.ColumnBytes(Statement, ordinal)];
        if (bytes.Length > 0)
        {
            Marshal.Copy(source, bytes, 0, bytes.Length);
        }

        return bytes;
    }

    private int Present(int ordinal) =>
        IsDBNull(ordinal) ? throw new InvalidOperationException($"Column {ordinal} of the row is null.") : ordinal;

    // A reader must have these.
    public override object this[int ordinal] => throw Unread;

    public override object this[string name] => throw Unread;

    public override int Depth => throw Unread;

    public override int FieldCount => throw Unread;

    public override bool HasRows => throw Unread;

    public override bool IsClosed => throw Unread;

    public override int RecordsAffected => throw Unread;

    public override byte GetByte(int ordinal) => throw Unread;

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) => throw Unread;

    public override char GetChar(int ordinal) => throw Unread;

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) => throw Unread;

    public override string GetDataTypeName(int ordinal) => throw Unread;

    public override DateTime GetDateTime(int ordinal) => throw Unread;

    public override decimal GetDecimal(int ordinal) => throw Unread;

    public override double GetDouble(int ordinal) => throw Unread;

    public override IEnumerator GetEnumerator() => throw Unread;

    public override Type GetFieldType(int ordinal) => throw Unread;

    public override float GetFloat(int ordinal) => throw Unread;

    public override Guid GetGuid(int ordinal) => throw Unread;

    public override short GetInt16(int ordinal) => throw Unread;

    public override string GetName(int ordinal) => throw Unread;

    public override int GetOrdinal(string name) => throw Unread;

    public override object GetValue(int ordinal) => throw Unread;

    public override int GetValues(object[] values) => throw Unread;

    public override bool NextResult() => throw Unread;

    public override bool Read() => throw Unread;
}
