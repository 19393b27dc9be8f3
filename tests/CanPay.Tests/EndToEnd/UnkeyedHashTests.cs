using System.Security.Cryptography;
using System.Text;
using CanPay.Gateway.Storage;
using Microsoft.EntityFrameworkCore;

namespace CanPay.Tests.EndToEnd;

/// <summary>A hash of a card number that anybody can compute is found by trying all numbers: there is none.</summary>
public sealed class UnkeyedHashTests
{
    [Theory]
    [InlineData(nameof(EngineKind.Sqlite))]
    [InlineData(nameof(EngineKind.Postgres))]
    public async Task No_unkeyed_hash_of_a_card_number_is_in_the_books(string engine)
    {
        await using var world = await World.Start(Enum.Parse<EngineKind>(engine));
        using var visit = new Visit(world, await world.Token(mobile: "09121112233"));
        await visit.Prove("09121112233");
        await visit.Pay(("pan", World.ApprovedCard), ("month", "12"), ("year", "09"), ("keep", "1"));
        await using var books = await world.NewBooks();
        await world.Until(async () => await books.SavedCards.AnyAsync());
        using var browser = world.NewBrowser();
        var token = await world.Token();
        await browser.Submit(token, "pin", Browser.FormToken(await (await browser.Open(token)).Content.ReadAsStringAsync()), ("pan", World.ApprovedCard), ("cvv2", "123"));
        await world.Verify(visit.Token);

        var content = await Content(books);

        foreach (var text in new[] { World.ApprovedCard, World.ApprovedCard + "=0912", "5022-2900-0008-7122" })
        {
            var bytes = Encoding.ASCII.GetBytes(text);
#pragma warning disable CA5350, CA5351 // what must not be found
            foreach (var hash in new[] { SHA256.HashData(bytes), SHA1.HashData(bytes), MD5.HashData(bytes), SHA512.HashData(bytes) })
#pragma warning restore CA5350, CA5351
            {
                Assert.DoesNotContain(Convert.ToHexStringLower(hash), content, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain(Convert.ToBase64String(hash).TrimEnd('='), content, StringComparison.Ordinal);
            }
        }

        // The search can find: the keyed hash is there.
        Assert.Contains(await books.SavedCards.Select(row => row.CardHash).FirstAsync(), content, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Every value of every table as text; bytes in hexadecimal.</summary>
    private static async Task<string> Content(CanPayContext books)
    {
        await books.Database.OpenConnectionAsync();
        var connection = books.Database.GetDbConnection();
        var tables = await StorageEngine.Texts(
            connection,
            books.Database.IsSqlite()
                ? "SELECT name FROM sqlite_master WHERE type = 'table'"
                : "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()",
            CancellationToken.None);
        var text = new StringBuilder();
        foreach (var table in tables)
        {
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // names of tables
            command.CommandText = $"SELECT * FROM {table}";
#pragma warning restore CA2100
            await using var row = await command.ExecuteReaderAsync();
            while (await row.ReadAsync())
            {
                for (var i = 0; i < row.FieldCount; i++)
                {
                    text.Append(row.GetValue(i) is byte[] bytes ? Convert.ToHexString(bytes) : row.GetValue(i)).Append('\n');
                }
            }
        }

        return text.ToString();
    }
}
