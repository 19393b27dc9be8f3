using CanPay.Gateway.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace CanPay.Tests.Storage;

/// <summary>The connection of the hot path: what it binds is what it reads, whatever it was given before.</summary>
public sealed class SqliteSessionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("canpay-session-").FullName;
    private readonly SqliteSession _session;

    public SqliteSessionTests()
    {
        var file = Path.Combine(_folder, "canpay.db");
        SqliteDatabase.Prepare(file);
        _session = new SqliteSession(file);
    }

    public void Dispose()
    {
        _session.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Locks of POSIX are one process's: two copies of SQLite in it would not see each other's.</summary>
    [Fact]
    public void There_is_one_copy_of_SQLite_in_the_process()
    {
        using var connection = new SqliteConnection("Data Source=:memory:"); // it names its library when it is first used

        Assert.Equal(SqliteLibrary.Name, SQLitePCL.raw.GetNativeLibraryName());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4_096)]
    [InlineData(100_000)]
    public void Values_come_back_as_they_were_given(int length)
    {
        var (text, blob) = (new string('ژ', length), Enumerable.Range(0, length).Select(i => (byte)(i % 256)).ToArray());

        var read = _session.First($"SELECT {text}, {blob}, {long.MinValue}, {(string?)null}, {text}", row =>
            Tuple.Create(row.GetString(0), row.GetFieldValue<byte[]>(1), row.GetInt64(2), row.IsDBNull(3), row.GetString(4)))!;

        Assert.Equal(text, read.Item1);
        Assert.Equal(blob, read.Item2);
        Assert.Equal(long.MinValue, read.Item3);
        Assert.True(read.Item4);
        Assert.Equal(text, read.Item5);
    }

    [Fact]
    public void A_statement_keeps_no_value_of_the_call_before()
    {
        foreach (var value in new[] { "first", null, "", "second" })
        {
            var read = _session.First($"SELECT {value}", row => Tuple.Create(row.IsDBNull(0) ? null : row.GetString(0)));

            Assert.Equal(value, read!.Item1);
        }
    }

    [Fact]
    public void A_null_is_not_read_as_a_value() =>
        Assert.Throws<InvalidOperationException>(() => _session.Number($"SELECT max(id) FROM payments"));

    [Fact]
    public void A_write_that_is_refused_says_so_and_leaves_the_statement_usable()
    {
        var refused = Assert.Throws<SqliteException>(() => OpenPayment(of: 1));
        Assert.Equal((19, 787), (refused.SqliteErrorCode, refused.SqliteExtendedErrorCode)); // a foreign key

        Assert.Throws<SqliteException>(() => OpenPayment(of: 2));
        Assert.Equal(0, _session.Number($"SELECT count(*) FROM open_payments"));
    }

    [Fact]
    public void Commits_are_on_disk()
    {
        Assert.Equal(2, _session.Number($"PRAGMA synchronous"));
        Assert.Equal("wal", _session.First($"PRAGMA journal_mode", row => row.GetString(0)));
    }

    private long OpenPayment(long of) =>
        _session.Number($"INSERT INTO open_payments (payment_id, due_at_ms) VALUES ({of}, 0) RETURNING payment_id");
}
