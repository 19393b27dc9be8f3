using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using CanPay.Gateway.Storage;

namespace CanPay.Gateway.Operations;

/// <summary>Asks a whole database, in one snapshot and without writing, whether what must be true is true.</summary>
internal static class Doctor
{
    /// <summary>The name of the one invariant that no query of the books tells.</summary>
    public const string SchemaIsOurs = "schema_is_ours";

    /// <summary>How the self-test violates it: an index is gone, there is a column more, or a table.</summary>
    public static IReadOnlyList<string> PlantsInTheSchema { get; } =
    [
        "DROP INDEX open_payments_due",
        "DROP INDEX refunds_payment",
        "ALTER TABLE payments ADD COLUMN planted INTEGER",
        "CREATE TABLE planted (pan TEXT)",
    ];

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
        var findings = new Findings();
        var questions = new ConcurrentQueue<Question>(
            await Questions([.. Invariant.All.Where(invariant => atRest || !invariant.OnlyAtRest)], connections, engine.Kind, now, ct));
        await Task.WhenAll(connections.Select(connection => Ask(questions, connection, findings, ct)));
        var differences = SchemaDifferences(expectedSchema, await StorageEngine.Texts(connections[0], engine.SchemaSql, ct));
        return
        [
            .. Invariant.All.Select(findings.Of).OfType<Finding>(),
            .. differences.Count > 0
                ? (Finding[])[new Finding(SchemaIsOurs, "Tables, indexes, constraints and triggers are those of the migrations.", differences.Count, differences)]
                : [],
        ];
    }

    /// <summary>The long ones first, so that no connection is left alone with one.</summary>
    private static async Task<IEnumerable<Question>> Questions(
        IReadOnlyList<Invariant> invariants, IReadOnlyList<DbConnection> connections, EngineKind engine, DateTimeOffset now, CancellationToken ct)
    {
        var lastId = long.Parse(
            (await StorageEngine.Texts(connections[0], "SELECT CAST(coalesce(max(id), 0) AS text) FROM payments", ct))[0], CultureInfo.InvariantCulture);
        return EachPayment.Questions([.. invariants.Where(invariant => invariant.OfEachPayment)], engine, lastId, connections.Count)
            .Concat(invariants.Where(invariant => !invariant.OfEachPayment).Select(invariant => Question.Of(invariant, engine, now)));
    }

    /// <summary>One connection's share: the next question that nobody asks yet, until there is none.</summary>
    private static async Task Ask(ConcurrentQueue<Question> questions, DbConnection connection, Findings findings, CancellationToken ct)
    {
        while (questions.TryDequeue(out var question))
        {
            await question.Ask(connection, findings, ct);
        }
    }

    /// <summary>Compared with a database that the migrations have just made.</summary>
    private static List<string> SchemaDifferences(IReadOnlyList<string> expected, IReadOnlyList<string> found) =>
    [
        .. expected.Except(found, StringComparer.Ordinal).Select(text => "missing or changed: " + FirstWords(text)),
        .. found.Except(expected, StringComparer.Ordinal).Select(text => "not ours: " + FirstWords(text)),
    ];

    private static string FirstWords(string text) => string.Join(' ', text.Split(' ').Take(2));
}
