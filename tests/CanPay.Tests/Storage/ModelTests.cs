using CanPay.Gateway.Storage;
using CanPay.Gateway.Storage.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace CanPay.Tests.Storage;

/// <summary>EF Core's model is the schema that the migrations make.</summary>
public sealed class ModelTests : IDisposable
{
    /// <summary>Columns that only the hot path reads.</summary>
    private static readonly HashSet<string> NotMapped =
        ["payments.browser_hash", "authorizations.category_code", "authorizations.card_hash", "open_payments.sealed_card"];

    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("canpay-model-").FullName, "canpay.db");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    [Fact]
    public void Every_mapped_column_is_there_and_every_column_is_mapped()
    {
        SqliteDatabase.Prepare(_file);
        using var context = new CanPayContext(new DbContextOptionsBuilder<CanPayContext>()
            .UseSqlite(SqliteDatabase.ConnectionString(_file)).UseSnakeCaseNamingConvention().Options);

        foreach (var entity in context.Model.GetEntityTypes())
        {
            var table = entity.GetTableName()!;
            var columns = Columns(table);
            foreach (var property in entity.GetProperties())
            {
                var column = property.GetColumnName();
                Assert.True(columns.TryGetValue(column, out var actual), $"{table}.{column} is not in the schema");
                Assert.Equal(property.ClrType == typeof(string) ? "TEXT" : "INTEGER", actual.Type);
                Assert.True(property.IsPrimaryKey() || property.IsNullable == !actual.NotNull, $"{table}.{column}: nullable here, not there");
            }

            var missing = columns.Keys.Except(entity.GetProperties().Select(property => property.GetColumnName()), StringComparer.Ordinal)
                .Where(column => !NotMapped.Contains($"{table}.{column}"));
            Assert.Empty(missing);
        }
    }

    private Dictionary<string, (string Type, bool NotNull)> Columns(string table)
    {
        using var connection = SqliteDatabase.Open(_file);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, type, \"notnull\" FROM pragma_table_info($table)";
        command.Parameters.AddWithValue("$table", table);
        using var row = command.ExecuteReader();
        var columns = new Dictionary<string, (string, bool)>(StringComparer.Ordinal);
        while (row.Read())
        {
            columns[row.GetString(0)] = (row.GetString(1), row.GetBoolean(2));
        }

        return columns;
    }
}
