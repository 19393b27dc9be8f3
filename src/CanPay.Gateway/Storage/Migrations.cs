using System.Data.Common;
using System.Runtime.ExceptionServices;
using CanPay.Gateway.Kernel;
using DbUp;
using DbUp.Builder;
using DbUp.Engine;

namespace CanPay.Gateway.Storage;

/// <summary>Brings a database to this program's schema: numbered scripts, forward only, never edited once shipped.</summary>
internal static class Migrations
{
    private const string ScriptFolder = "CanPay.Gateway.Storage.Sql.";

    /// <summary>Applies what is missing; each script in a transaction of its own.</summary>
    /// <exception cref="StartException">A script failed, or the database was made by a newer program.</exception>
    public static void ApplyToSqlite(string connectionString) =>
        Apply(DeployChanges.To.SqliteDatabase(connectionString), Scripts("sqlite"));

    /// <inheritdoc cref="ApplyToSqlite"/>
    /// <remarks>The caller keeps other nodes from doing the same at the same time.</remarks>
    public static void ApplyToPostgres(string connectionString) =>
        Apply(DeployChanges.To.PostgresqlDatabase(connectionString), Scripts("postgres"));

    /// <summary>The scripts of an engine, in their order.</summary>
    /// <param name="engine"><c>sqlite</c> or <c>postgres</c>.</param>
    public static IReadOnlyList<SqlScript> Scripts(string engine)
    {
        var assembly = typeof(Migrations).Assembly;
        var folder = $"{ScriptFolder}{engine}.";
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(folder, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name =>
                {
                    using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                    return new SqlScript(name[folder.Length..], reader.ReadToEnd());
                }),
        ];
    }

    /// <exception cref="StartException">The database has a migration that this program does not know.</exception>
    public static void RequireKnown(IEnumerable<string> executed, IReadOnlyList<SqlScript> scripts)
    {
        if (executed.FirstOrDefault(name => scripts.All(script => script.Name != name)) is { } unknown)
        {
            throw new StartException(
                $"The database has the migration {unknown}, which this program does not know: it was used by a newer " +
                "version. Install that version, or restore a backup made before it.");
        }
    }

    private static void Apply(UpgradeEngineBuilder database, IReadOnlyList<SqlScript> scripts)
    {
        var upgrade = database.WithScripts(scripts)
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .LogToNowhere()
            .Build();
        upgrade.ScriptExecuted += (_, _) => CrashPoint.Reach("migration.applied");
        try
        {
            RequireKnown(upgrade.GetExecutedScripts(), scripts);
            var result = upgrade.PerformUpgrade();
            if (!result.Successful)
            {
                if (IsForbidden(result.Error))
                {
                    ExceptionDispatchInfo.Throw(result.Error);
                }

                throw new StartException($"The migration {result.ErrorScript?.Name} failed: {result.Error.Message}");
            }
        }
        catch (DbException e) when (!IsForbidden(e))
        {
            throw new StartException($"The database cannot be used: {e.Message}");
        }
    }

    /// <summary>SQLSTATE "insufficient privilege": what to do about it the engine knows better.</summary>
    private static bool IsForbidden(Exception e) => e is DbException { SqlState: "42501" };
}
