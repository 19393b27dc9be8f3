using CanPay.Gateway.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace CanPay.Gateway.Operations;

/// <summary>Asks a whole database, in one snapshot and without writing, whether what must be true is true.</summary>
internal static class Doctor
{
    private const int ShownAtMost = 20;

    /// <summary>The invariants that do not hold, and what violates them.</summary>
    /// <param name="file">The database.</param>
    /// <param name="atRest">Also those that are true only when nothing is under way.</param>
    /// <param name="now">The present.</param>
    public static IReadOnlyList<Finding> Examine(string file, bool atRest, DateTimeOffset now)
    {
        // Not opened read-only: SQLite passes over CHECK constraints then.
        using var connection = SqliteDatabase.Open(file);
        SqliteDatabase.ForbidWrites(connection);
        using var snapshot = connection.BeginTransaction(deferred: true);
        var findings = new List<Finding>();
        foreach (var invariant in Invariant.All.Where(invariant => atRest || !invariant.OnlyAtRest))
        {
            if (Violations(connection, invariant.Sql, now) is { Count: > 0 } violations)
            {
                findings.Add(new Finding(invariant.Name, invariant.Meaning, violations.Count, [.. violations.Take(ShownAtMost)]));
            }
        }

        if (SchemaDifferences(connection) is { Count: > 0 } differences)
        {
            findings.Add(new Finding(
                "schema_is_ours", "Tables, indexes, constraints and triggers are those of the migrations.", differences.Count, differences));
        }

        return findings;
    }

    private static List<string> Violations(SqliteConnection connection, string sql, DateTimeOffset now)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this program
        command.CommandText = sql;
#pragma warning restore CA2100
        if (sql.Contains("$now", StringComparison.Ordinal))
        {
            command.Parameters.AddWithValue("$now", now.ToUnixTimeMilliseconds());
        }

        using var row = command.ExecuteReader();
        var violations = new List<string>();
        while (row.Read())
        {
            violations.Add(row.GetString(0));
        }

        return violations;
    }

    /// <summary>Compared with a database that the migrations have just made.</summary>
    private static List<string> SchemaDifferences(SqliteConnection connection)
    {
        const string Schema = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'";
        var fresh = Path.Combine(Directory.CreateTempSubdirectory("canpay-schema-").FullName, "fresh.db");
        try
        {
            SqliteDatabase.Prepare(fresh);
            using var ours = SqliteDatabase.Open(fresh);
            var expected = Violations(ours, Schema, default);
            var found = Violations(connection, Schema, default);
            return
            [
                .. expected.Except(found, StringComparer.Ordinal).Select(text => "missing or changed: " + FirstWords(text)),
                .. found.Except(expected, StringComparer.Ordinal).Select(text => "not ours: " + FirstWords(text)),
            ];
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(fresh)!, recursive: true);
        }
    }

    private static string FirstWords(string text) => string.Join(' ', text.Split(' ').Take(2));
}

/// <summary>An invariant that does not hold.</summary>
internal sealed record Finding(string Invariant, string Meaning, int Count, IReadOnlyList<string> Examples);
