using System.Globalization;
using CanPay.Gateway.Kernel;
using Microsoft.Data.Sqlite;

namespace CanPay.Gateway.Storage.Sqlite;

/// <summary>The embedded database: one file, write-ahead log, every commit on disk before it is acknowledged.</summary>
internal static class SqliteDatabase
{
    private const int Busy = 5;

    /// <summary>Earlier versions may lose the end of the write-ahead log.</summary>
    private static readonly Version OldestSafe = new(3, 51, 3);

    /// <summary>What every connection needs.</summary>
    /// <remarks>
    /// The write-ahead log goes to the file every 4,000 pages, 16 MB: the end of each table and index is in most commits, and is
    /// then copied once for four times as many of them.
    /// </remarks>
    public static readonly string[] Settings =
    [
        "PRAGMA busy_timeout = 10000", "PRAGMA foreign_keys = ON", "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL",
        "PRAGMA wal_autocheckpoint = 4000",
    ];

    public static string ConnectionString(string file, bool foreignKeys = true) => new SqliteConnectionStringBuilder
    {
        DataSource = file,
        ForeignKeys = foreignKeys,
        Pooling = false,
        DefaultTimeout = 10,
    }.ToString();

    /// <summary>Makes the file where it is missing and brings its schema up to date.</summary>
    /// <exception cref="StartException">It cannot be used, with what to do about it.</exception>
    public static void Prepare(string file)
    {
        try
        {
            using (var connection = Open(file))
            {
                RequireDurability(connection);
            }

            // A table that is made anew is dropped meanwhile; the doctor sees whether all references lead somewhere.
            Migrations.ApplyToSqlite(ConnectionString(file, foreignKeys: false));
        }
        catch (SqliteException e)
        {
            throw new StartException(
                $"The database {file} cannot be used: {e.Message} Check that the file is a CanPay database and that this " +
                "user may write it and its folder.");
        }
    }

    /// <summary>A connection for whatever is not a payment's hot path, with the settings that every connection needs.</summary>
    public static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection(ConnectionString(file));
        try
        {
            connection.Open();
            foreach (var setting in Settings)
            {
                Execute(connection, setting);
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A connection in a write transaction that nobody else was beside, and beside which nobody else can open the file.</summary>
    /// <remarks>
    /// Whoever has the file open holds a lock on it, also while it does nothing: a running gateway is always seen. With the
    /// locking mode EXCLUSIVE the lock of this connection excludes theirs, so that no write can slip in.
    /// </remarks>
    /// <exception cref="StartException">Somebody has the file open.</exception>
    public static SqliteConnection OpenAlone(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder(ConnectionString(file)) { DefaultTimeout = 1 }.ToString());
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA locking_mode = EXCLUSIVE");
            Execute(connection, "PRAGMA synchronous = FULL");
            Execute(connection, "BEGIN EXCLUSIVE");
            return connection;
        }
        catch (SqliteException e) when (e.SqliteErrorCode == Busy)
        {
            connection.Dispose();
            throw new StartException($"The database {file} is in use. Stop the gateway, and whatever else has it open, and try again.");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>This connection writes nothing from now on.</summary>
    public static void ForbidWrites(SqliteConnection connection) => Execute(connection, "PRAGMA query_only = ON");

    private static void RequireDurability(SqliteConnection connection)
    {
        if (Version.Parse(connection.ServerVersion) < OldestSafe)
        {
            throw new StartException($"SQLite {connection.ServerVersion} is too old to keep money in; {OldestSafe} or newer is needed.");
        }

        if (Execute(connection, "PRAGMA journal_mode") is not "wal" || Execute(connection, "PRAGMA synchronous") is not "2")
        {
            throw new StartException(
                $"The database {connection.DataSource} does not keep a write-ahead log with synchronous=FULL. Put the " +
                "data folder on a local disk.");
        }
    }

    private static string? Execute(SqliteConnection connection, string pragma)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this file
        command.CommandText = pragma;
#pragma warning restore CA2100
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
