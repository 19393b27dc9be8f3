using CanPay.Gateway.Operations;
using CanPay.Gateway.Storage;
using CanPay.Gateway.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace CanPay.Tests.Storage;

/// <summary>Books that an earlier version kept are brought up to date with everything that is in them.</summary>
public sealed class SqliteUpgradeTests : IDisposable
{
    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("canpay-upgrade-").FullName, "canpay.db");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    [Fact]
    public async Task Books_of_the_first_version_keep_their_payments_jobs_and_cards()
    {
        MakeBooksOf("0001", "0002");

        SqliteDatabase.Prepare(_file);

        Assert.Equal(
            ["1 1000 0 0 ", "2 2000 77 3 0A0B"],
            Texts("""
                SELECT payment_id || ' ' || due_at_ms || ' ' || lease_until_ms || ' ' || lease_epoch || ' ' || coalesce(hex(sealed_card), '')
                FROM open_payments ORDER BY payment_id
                """));
        Assert.Equal(
            ["1 Created", "2 Authorized", "3 Cancelled"], Texts("SELECT id || ' ' || status FROM payments ORDER BY id"));
        Assert.Empty(Texts("SELECT \"table\" FROM pragma_foreign_key_check"));
        Assert.DoesNotContain(
            await Doctor.Examine(new SqliteEngine(_file), atRest: false, DateTimeOffset.UnixEpoch, CancellationToken.None),
            finding => finding.Invariant is "schema_is_ours" or "open_payments_are_looked_after");
    }

    private void MakeBooksOf(params string[] versions)
    {
        SqliteDatabase.Prepare(_file);
        var listOfScripts = Texts("SELECT sql FROM sqlite_master WHERE name = 'SchemaVersions'")[0];
        File.Delete(_file);
        using var connection = SqliteDatabase.Open(_file);
        Execute(connection, listOfScripts);
        foreach (var script in Migrations.Scripts("sqlite").Where(script => versions.Contains(script.Name[..4])))
        {
            Execute(connection, script.Contents);
            Execute(connection, $"INSERT INTO SchemaVersions (ScriptName, Applied) VALUES ('{script.Name}', 0)");
        }

        Execute(connection,
            """
            INSERT INTO merchants VALUES (1, 'm', 'Shop', 'Active', '', '', 1000, 2000, 'Explain', 'Post', 0, '00000001', '000000000000001', '5999', 0, 1);
            INSERT INTO payments (id, merchant_id, invoice_id, token, amount_rials, callback_url, created_at_ms, page_expires_at_ms, status, version,
                declines, authorizations, card_mask, rrn, ended_at_ms, due_at_ms, lease_until_ms, lease_epoch)
            VALUES (1, 1, '1', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 1000, 'https://site.com', 0, 1000, 'Created', 0, 0, 0, NULL, NULL, NULL, 1000, 0, 0),
                   (2, 1, '2', 'BBBBBBBBBBBBBBBBBBBBBBBBBBBBBB', 1000, 'https://site.com', 0, 1000, 'Authorized', 2, 0, 1, 'mask', '600108000001', NULL, 2000, 77, 3),
                   (3, 1, '3', 'CCCCCCCCCCCCCCCCCCCCCCCCCCCCCC', 1000, 'https://site.com', 0, 1000, 'Cancelled', 1, 0, 0, NULL, NULL, 5, NULL, 0, 0);
            INSERT INTO authorizations (payment_id, number, stan, rrn, transmitted_at_ms, terminal_id, acceptor_id, category_code, amount_rials,
                card_mask, card_hash, sealed_card, status)
            VALUES (2, 1, '000001', '600108000001', 0, '00000001', '000000000000001', '5999', 1000, 'mask', 'hash', x'0A0B', 'Approved');
            """);
    }

    private List<string> Texts(string sql)
    {
        using var connection = SqliteDatabase.Open(_file);
        return StorageEngine.Texts(connection, sql, CancellationToken.None).GetAwaiter().GetResult();
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // texts of the tests
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
