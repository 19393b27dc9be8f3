using System.Data.Common;
using CanPay.Gateway.Storage;
using CanPay.Gateway.Storage.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CanPay.Tests.Storage;

/// <summary>EF Core's model is the schema that the migrations make, on both engines.</summary>
public sealed class ModelTests : IDisposable
{
    /// <summary>Columns that only the hot path reads.</summary>
    private static readonly HashSet<string> NotMapped =
        ["payments.browser_hash", "authorizations.category_code", "authorizations.card_hash", "open_payments.sealed_card"];

    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("canpay-model-").FullName, "canpay.db");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    [Fact]
    public void The_model_is_the_schema_of_the_embedded_database()
    {
        SqliteDatabase.Prepare(_file);
        using var connection = SqliteDatabase.Open(_file);
        using var context = new CanPayContext(new DbContextOptionsBuilder<CanPayContext>()
            .UseSqlite(connection).UseSnakeCaseNamingConvention().Options);

        Compare(context, table => Columns(connection,
            $"""SELECT name, lower(type), "notnull" FROM pragma_table_info('{table}')"""), type => type switch
            {
                _ when type == typeof(string) => "text",
                _ when type == typeof(byte[]) => "blob",
                _ => "integer",
            });
    }

    [Fact]
    public void The_model_is_the_schema_of_a_database_server()
    {
        using var connection = new NpgsqlConnection(PostgresServer.Instance.ConnectionString(PostgresServer.Instance.NewDatabase()));
        connection.Open();
        using var context = new CanPayContext(new DbContextOptionsBuilder<CanPayContext>()
            .UseNpgsql(connection).UseSnakeCaseNamingConvention().Options);

        Compare(context, table => Columns(connection,
            $"SELECT column_name::text, data_type::text, is_nullable = 'NO' FROM information_schema.columns WHERE table_name = '{table}'"), type => type switch
            {
                _ when type == typeof(string) => "text",
                _ when type == typeof(byte[]) => "bytea",
                _ when type == typeof(bool) => "boolean",
                _ when (Nullable.GetUnderlyingType(type) ?? type) == typeof(int) => "integer",
                _ => "bigint",
            });
    }

    private static void Compare(CanPayContext context, Func<string, Dictionary<string, (string Type, bool NotNull)>> columnsOf, Func<Type, string> typeOf)
    {
        foreach (var entity in context.Model.GetEntityTypes())
        {
            var table = entity.GetTableName()!;
            var columns = columnsOf(table);
            foreach (var property in entity.GetProperties())
            {
                var column = property.GetColumnName();
                Assert.True(columns.TryGetValue(column, out var actual), $"{table}.{column} is not in the schema");
                Assert.Equal(typeOf(property.ClrType), actual.Type);
                Assert.True(property.IsPrimaryKey() || property.IsNullable == !actual.NotNull, $"{table}.{column}: nullable here, not there");
            }

            var missing = columns.Keys.Except(entity.GetProperties().Select(property => property.GetColumnName()), StringComparer.Ordinal)
                .Where(column => !NotMapped.Contains($"{table}.{column}"));
            Assert.Empty(missing);
        }
    }

    private static Dictionary<string, (string Type, bool NotNull)> Columns(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // texts of the tests
        command.CommandText = sql;
#pragma warning restore CA2100
        using var row = command.ExecuteReader();
        var columns = new Dictionary<string, (string, bool)>(StringComparer.Ordinal);
        while (row.Read())
        {
            columns[row.GetString(0)] = (row.GetString(1), row.GetBoolean(2));
        }

        return columns;
    }
}
