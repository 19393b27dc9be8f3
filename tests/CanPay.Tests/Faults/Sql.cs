using System.Data.Common;
using CanPay.Gateway.Storage;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace CanPay.Tests.Faults;

/// <summary>A look behind the gateway, on connections of its own.</summary>
internal static class Sql
{
    /// <summary>The first column of all rows.</summary>
    public static async Task<List<string>> Texts(string connectionString, string sql)
    {
        await using var connection = await OpenAny(connectionString);
        return await StorageEngine.Texts(connection, sql, CancellationToken.None);
    }

    public static async Task Execute(string connectionString, string sql)
    {
        await using var connection = await Open(connectionString);
        PostgresServer.Execute(connection, sql);
    }

    /// <summary>Of either engine.</summary>
    public static async Task<DbConnection> OpenAny(string connectionString)
    {
        if (!connectionString.StartsWith("Data Source=", StringComparison.Ordinal))
        {
            return await Open(connectionString);
        }

        var connection = new SqliteConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    public static async Task<NpgsqlConnection> Open(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }
}
