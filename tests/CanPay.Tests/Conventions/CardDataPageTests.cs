using System.Text.RegularExpressions;
using CanPay.Tests.Storage;

namespace CanPay.Tests.Conventions;

/// <summary>docs/card-data.md gives every column of every table a class, on both engines.</summary>
public sealed partial class CardDataPageTests
{
    private const string SqliteColumns =
        "SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name <> 'SchemaVersions'";

    private const string PostgresColumns =
        """
        SELECT c.table_name || '.' || c.column_name FROM information_schema.columns c
        JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.table_type = 'BASE TABLE'
        WHERE c.table_schema = current_schema() AND c.table_name <> 'schemaversions'
        """;

    private static readonly string[] Page = File.ReadAllLines(Path.Combine(Programs.Root, "docs", "card-data.md"));

    [Fact]
    public async Task Every_column_has_a_class()
    {
        await using var sqlite = new SqliteStoreEngine();
        await using var postgres = new PostgresStoreEngine();
        var described = Described();

        Assert.True(described.Count > 200);
        Assert.Equal(described.Count, described.Distinct(StringComparer.Ordinal).Count());
        Assert.Empty(sqlite.Strings(SqliteColumns).Except(described));
        Assert.Empty(postgres.Strings(PostgresColumns).Except(described));
        Assert.Empty(described.Except(sqlite.Strings(SqliteColumns)).Except(postgres.Strings(PostgresColumns)));
    }

    /// <summary>The comparison can fail.</summary>
    [Fact]
    public async Task A_new_column_without_a_class_is_seen()
    {
        await using var sqlite = new SqliteStoreEngine();
        await using var postgres = new PostgresStoreEngine();
        sqlite.Execute("ALTER TABLE payments ADD COLUMN cvv2 TEXT");
        postgres.Execute("ALTER TABLE payments ADD COLUMN cvv2 text");

        Assert.Equal(["payments.cvv2"], sqlite.Strings(SqliteColumns).Except(Described()));
        Assert.Equal(["payments.cvv2"], postgres.Strings(PostgresColumns).Except(Described()));
    }

    [Fact]
    public void Every_class_and_every_named_place_is_explained()
    {
        var classes = Page.SkipWhile(line => line != "## Columns").Where(line => Regex.IsMatch(line, @"^\| [a-z, ]+ \| [^|]+ \|$"))
            .Select(line => line.Split('|')[1].Trim()).Where(name => name != "class").ToHashSet(StringComparer.Ordinal);
        var described = Described().ToHashSet(StringComparer.Ordinal);

        Assert.All(Rows(), row => Assert.Contains(row[2], classes));
        Assert.All(
            Page.TakeWhile(line => line != "## Columns").SelectMany(line => Places().Matches(line)).Select(place => place.Groups[1].Value),
            place => Assert.Contains(place, described));
    }

    private static List<string> Described() =>
        [.. Rows().SelectMany(row => Names().Matches(row[3]).Select(column => row[0].Trim('`') + "." + column.Groups[1].Value))];

    private static IEnumerable<string[]> Rows() => Page.SkipWhile(line => line != "| table | kept | class | columns |").Skip(2)
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1]);

    [GeneratedRegex("`([a-z0-9_]+)`")]
    private static partial Regex Names();

    [GeneratedRegex(@"`([a-z_]+\.[a-z_0-9]+)`")]
    private static partial Regex Places();
}
