using CanPay.Faults.Site;
using CanPay.Gateway.Storage;

namespace CanPay.Faults.Trials;

/// <summary>The clock of the gateway's machine jumps by an hour under load.</summary>
/// <remarks>
/// On PostgreSQL deadlines are the database's, and nothing may come of it. The embedded database has no clock but this one: then
/// deadlines pass at once or are an hour away, and the books must agree whichever it is. So there the jump forward stays until
/// everything has ended.
/// </remarks>
internal static class Clocks
{
    public const string Part = "clock";

    private static readonly string Library = Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu")
        .Select(folder => Path.Combine(folder, "faketime", "libfaketime.so.1")).FirstOrDefault(File.Exists) ?? "";

    private static readonly string? Missing = Library.Length > 0 ? null : "libfaketime is not installed";

    public static IEnumerable<Lane> Lanes()
    {
        yield return new("clock-postgres", Part, () => Open(EngineKind.Postgres),
            [new("an hour back and forth", Blow.Fault, Quick: 1, Long: 10, BackAndForth), new("an hour forth and back", Blow.Fault, Quick: 1, Long: 10, ForthAndBack)], Missing);
        yield return new("clock-sqlite", Part, () => Open(EngineKind.Sqlite),
            [
                new("an hour back and forth", Blow.Fault, Quick: 1, Long: 10, BackAndForth),
                new("an hour forth", Blow.Fault, Quick: 1, Long: 1, Forth),
            ], Missing);
    }

    private static async Task<Stage> Open(EngineKind engine)
    {
        var file = Path.GetTempFileName();
        Set(file, "+0");
        var settings = new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = Library,
            ["FAKETIME_TIMESTAMP_FILE"] = file,
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
            ["FAKETIME_NO_CACHE"] = "1",
        };
        return new Stage(await Town.Open(new TownPlan(engine) { Settings = settings, IsMigrated = true })) { Clock = file };
    }

    private static async Task BackAndForth(Stage stage)
    {
        Set(stage.Clock!, "-1h");
        await Task.Delay(TimeSpan.FromSeconds(3));
        Set(stage.Clock!, "+0");
    }

    private static async Task ForthAndBack(Stage stage)
    {
        Set(stage.Clock!, "+1h");
        await Task.Delay(TimeSpan.FromSeconds(3));
        Set(stage.Clock!, "+0");
    }

    private static async Task Forth(Stage stage)
    {
        Set(stage.Clock!, "+1h");
        await Task.Delay(TimeSpan.FromSeconds(1));
    }

    /// <summary>At once, so that nobody reads half of it.</summary>
    private static void Set(string file, string offset)
    {
        File.WriteAllText(file + ".new", offset + "\n");
        File.Move(file + ".new", file, overwrite: true);
    }
}
