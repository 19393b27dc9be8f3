using System.Runtime.InteropServices;

namespace CanPay.Gateway.Storage.Sqlite;

/// <summary>
/// The functions of SQLite's own library that <see cref="SqliteSession"/> calls: the same library that Microsoft.Data.Sqlite
/// loads. A row of a payment is a dozen of such calls, so nothing stands between.
/// </summary>
/// <remarks>What returns at once and waits for nobody suppresses the collector's transition; the rest may wait for the disk.</remarks>
internal static class SqliteLibrary
{
    public const string Name = "e_sqlite3";

    public const int Ok = 0;
    public const int Row = 100;
    public const int Done = 101;

    public const int Null = 5;

    public const int OpenReadWrite = 0x2;

    /// <summary>Whoever opens the connection sees to it that one thread uses it at a time.</summary>
    public const int OpenNoMutex = 0x8000;

    public const uint PreparePersistent = 0x1;

    [DllImport(Name, EntryPoint = "sqlite3_open_v2")]
    public static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string file, out nint database, int flags, nint vfs);

    [DllImport(Name, EntryPoint = "sqlite3_close_v2")]
    public static extern int Close(nint database);

    [DllImport(Name, EntryPoint = "sqlite3_errmsg")]
    public static extern nint ErrorMessage(nint database);

    [DllImport(Name, EntryPoint = "sqlite3_extended_errcode")]
    public static extern int ExtendedErrorCode(nint database);

    [DllImport(Name, EntryPoint = "sqlite3_prepare_v3")]
    public static extern int Prepare(
        nint database, [MarshalAs(UnmanagedType.LPUTF8Str)] string sql, int bytes, uint flags, out nint statement, nint tail);

    [DllImport(Name, EntryPoint = "sqlite3_finalize")]
    public static extern int Finalize(nint statement);

    [DllImport(Name, EntryPoint = "sqlite3_step")]
    public static extern int Step(nint statement);

    [DllImport(Name, EntryPoint = "sqlite3_reset")]
    public static extern int Reset(nint statement);

    [SuppressGCTransition]
    [DllImport(Name, EntryPoint = "sqlite3_changes")]
    public static extern int Changes(nint database);

    [SuppressGCTransition]
    [DllImport(Name, EntryPoint = "sqlite3_bind_null")]
    public static extern int BindNull(nint statement, int index);

    [SuppressGCTransition]
    [DllImport(Name, EntryPoint = "sqlite3_bind_int64")]
    public static extern int BindInt64(nint statement, int index, long value);

    /// <param name="statement">What the value is for.</param>
    /// <param name="index">From one.</param>
    /// <param name="text">UTF-8 that stays where it is until the value is bound anew.</param>
    /// <param name="bytes">Its length.</param>
    /// <param name="release">Zero: SQLite neither copies nor frees it.</param>
    [SuppressGCTransition]
    [DllImport(Name, EntryPoint = "sqlite3_bind_text")]
    public static extern int BindText(nint statement, int index, nint text, int bytes, nint release);

    /// <inheritdoc cref="BindText"/>
    [SuppressGCTransition]
    [DllImport(Name, EntryPoint = "sqlite3_bind_blob")]
    public static extern int BindBlob(nint statement, int index, nint text, int bytes, nint release);

    [SuppressGCTransition]
    [DllImport(Name, EntryPoint = "sqlite3_column_type")]
    public static extern int ColumnType(nint statement, int column);

    [SuppressGCTransition]
    [DllImport(Name, EntryPoint = "sqlite3_column_int64")]
    public static extern long ColumnInt64(nint statement, int column);

    [SuppressGCTransition]
    [DllImport(Name, EntryPoint = "sqlite3_column_text")]
    public static extern nint ColumnText(nint statement, int column);

    [SuppressGCTransition]
    [DllImport(Name, EntryPoint = "sqlite3_column_blob")]
    public static extern nint ColumnBlob(nint statement, int column);

    [SuppressGCTransition]
    [DllImport(Name, EntryPoint = "sqlite3_column_bytes")]
    public static extern int ColumnBytes(nint statement, int column);
}
