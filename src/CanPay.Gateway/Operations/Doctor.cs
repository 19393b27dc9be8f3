using System.Collections.Concurrent;
using System.Data.Common;
using CanPay.Gateway.Storage;

namespace CanPay.Gateway.Operations;

/// <summary>Asks a whole database, in one snapshot and without writing, whether what must be true is true.</summary>
internal static class Doctor
{
    /// <summary>The name of the one invariant that no query of the books tells.</summary>
    public const string SchemaIsOurs = "schema_is_ours";

    private const int ShownAtMost = 20;

    /// <summary>Questions at once: each may sort and hash in hundreds of megabytes of the server's.</summary>
    private const int MaxAtOnce = 4;

    /// <summary>The invariants that do not hold, and what violates them.</summary>
    /// <param name="engine">Where the books are.</param>
    /// <param name="atRest">Also those that are true only when nothing is under way.</param>
    /// <param name="now">The present.</param>
    public static async Task<IReadOnlyList<Finding>> Examine(StorageEngine engine, bool atRest, DateTimeOffset now, CancellationToken ct)
    {
        var connections = await engine.OpenSnapshots(Math.Clamp(Environment.ProcessorCount, 1, MaxAtOnce), ct);
        try
        {
            return await Examine(connections, engine, await engine.FreshSchema(ct), atRest, now, ct);
        }
        finally
        {
            foreach (var connection in connections)
            {
                await connection.DisposeAsync();
            }
        }
    }

    /// <summary>The same of what open connections see.</summary>
    /// <param name="connections">All see the same; each is asked one question at a time.</param>
    /// <param name="expectedSchema">As <see cref="StorageEngine.FreshSchema"/> tells it.</param>
    public static async Task<IReadOnlyList<Finding>> Examine(
        IReadOnlyList<DbConnection> connections,
        StorageEngine engine,
        IReadOnlyList<string> expectedSchema,
        bool atRest,
        DateTimeOffset now,
        CancellationToken ct)
    {
        var findings = new ConcurrentDictionary<Invariant, Finding>();
        var questions = new ConcurrentQueue<Invariant>(Invariant.All.Where(invariant => atRest || !invariant.OnlyAtRest));
        await Task.WhenAll(connections.Select(connection => Ask(questions, connection, engine.Kind, now, findings, ct)));
        var differences = SchemaDifferences(expectedSchema, await StorageEngine.Texts(connections[0], engine.SchemaSql, ct));
        return
        [
            .. Invariant.All.Where(findings.ContainsKey).Select(invariant => findings[invariant]),
            .. differences.Count > 0
                ? (Finding[])[new Finding(SchemaIsOurs, "Tables, indexes, constraints and triggers are those of the migrations.", differences.Count, differences)]
                : [],
        ];
    }

    /// <summary>One connection's share: the next question that nobody asks yet, until there is none.</summary>
    private static async Task Ask(
        ConcurrentQueue<Invariant> questions,
        DbConnection connection,
        EngineKind engine,
        DateTimeOffset now,
        ConcurrentDictionary<Invariant, Finding> findings,
        CancellationToken ct)
    {
        while (questions.TryDequeue(out var invariant))
        {
            if (await Violations(connection, engine, invariant, now, ct) is { Count: > 0 } violations)
            {
                findings[invariant] = new Finding(invariant.Name, invariant.Meaning, violations.Count, [.. violations.Take(ShownAtMost)]);
            }
        }
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
