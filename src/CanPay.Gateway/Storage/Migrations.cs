using CanPay.Gateway.Kernel;
using DbUp;
using DbUp.Engine;
using Microsoft.Data.Sqlite;

namespace CanPay.Gateway.Storage;

/// <summary>Brings a database to this program's schema: numbered scripts, forward only, never edited once shipped.</summary>
internal static class Migrations
{
    private const string ScriptFolder = "CanPay.Gateway.Storage.Sql.sqlite.";

    /// <summary>Applies what is missing; each script in a transaction of its own.</summary>
    /// <exception cref="StartException">A script failed, or the database was made by a newer program.</exception>
    public static void ApplyToSqlite(string connectionString)
    {
        var upgrade = DeployChanges.To.SqliteDatabase(connectionString)
            .WithScripts(Scripts())
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .LogToNowhere()
            .Build();

        try
        {
            var known = Scripts().Select(script => script.Name).ToHashSet(StringComparer.Ordinal);
            if (upgrade.GetExecutedScripts().FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            {
                throw new StartException(
                    $"The database has the migration {unknown}, which this program does not know: it was used by a newer " +
                    "version. Install that version, or restore a backup made before it.");
            }

            var result = upgrade.PerformUpgrade();
            if (!result.Successful)
            {
                throw new StartException($"The migration {result.ErrorScript?.Name} failed: {result.Error.Message}");
            }
        }
        catch (SqliteException e)
        {
            throw new StartException($"The database {new SqliteConnectionStringBuilder(connectionString).DataSource} cannot be used: {e.Message}");
        }
    }

    private static IEnumerable<SqlScript> Scripts()
    {
        var assembly = typeof(Migrations).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(ScriptFolder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return new SqlScript(name[ScriptFolder.Length..], reader.ReadToEnd());
            });
    }
}
