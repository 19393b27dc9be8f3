using System.Data.Common;
using CanPay.Gateway.Storage;

namespace CanPay.Gateway.Operations;

/// <summary>Asks a whole database, in one snapshot and without writing, whether what must be true is true.</summary>
internal static class Doctor
{
    /// <summary>The name of the one invariant that no query of the books tells.</summary>
    public const string SchemaIsOurs = "schema_is_ours";

    private const int ShownAtMost = 20;

    /// <summary>The invariants that do not hold, and what violates them.</summary>
    /// <param name="engine">Where the books are.</param>
    /// <param name="atRest">Also those that are true only when nothing is under way.</param>
    /// <param name="now">The present.</param>
    public static async Task<IReadOnlyList<Finding>> Examine(StorageEngine engine, bool atRest, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await engine.OpenSnapshot(ct);
        return await Examine(connection, engine, await engine.FreshSchema(ct), atRest, now, ct);
    }

    /// <summary>The same of what an open connection sees.</summary>
    /// <param name="expectedSchema">As <see cref="StorageEngine.FreshSchema"/> tells it.</param>
    public static async Task<IReadOnlyList<Finding>> Examine(
        DbConnection connection, StorageEngine engine, IReadOnlyList<string> expectedSchema, bool atRest, DateTimeOffset now, CancellationToken ct)
    {
        var findings = new List<Finding>();
        foreach (var invariant in Invariant.All.Where(invariant => atRest || !invariant.OnlyAtRest))
        {
            if (await Violations(connection, engine.Kind, invariant, now, ct) is { Count: > 0 } violations)
            {
                findings.Add(new Finding(invariant.Name, invariant.Meaning, violations.Count, [.. violations.Take(ShownAtMost)]));
            }
        }

        if (SchemaDifferences(expectedSchema, await StorageEngine.Texts(connection, engine.SchemaSql, ct)) is { Count: > 0 } differences)
        {
            findings.Add(new Finding(
                SchemaIsOurs, "Tables, indexes, constraints and triggers are those of the migrations.", differences.Count, differences));
        }

        return findings;
    }

    /// <summary>What violates one invariant in what the connection sees.</summary>
    public static Task<List<string>> Violations(
        DbConnection connection, EngineKind engine, Invariant invariant, DateTimeOffset now, CancellationToken ct)
    {
        var sql = invariant.SqlOn(engine);
        return sql.Contains("@now", StringComparison.Ordinal)
            ? StorageEngine.Texts(connection, sql, ct, ("@now", now.ToUnixTimeMilliseconds()))
            : StorageEngine.Texts(connection, sql, ct);
    }

    /// <summary>Compared with a database that the migrations have just made.</summary>
    private static List<string> SchemaDifferences(IReadOnlyList<string> expected, IReadOnlyList<string> found) =>
    [
        .. expected.Except(found, StringComparer.Ordinal).Select(text => "missing or changed: " + FirstWords(text)),
        .. found.Except(expected, StringComparer.Ordinal).Select(text => "not ours: " + FirstWords(text)),
    ];

    private static string FirstWords(string text) => string.Join(' ', text.Split(' ').Take(2));
}

/// <summary>An invariant that does not hold.</summary>
internal sealed record Finding(string Invariant, string Meaning, int Count, IReadOnlyList<string> Examples);
