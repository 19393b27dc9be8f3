using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace CanPay.Gateway.Storage;

/// <summary>A table with sealed cards, for whoever seals them anew. The texts are the same on both engines.</summary>
/// <param name="Name">For people.</param>
/// <param name="Rows">From which tables; the card may be absent.</param>
/// <param name="Id">The column by which it is gone through.</param>
/// <param name="Card">The column of the sealed card.</param>
/// <param name="Place">What the vault calls the row.</param>
/// <param name="Update">Changes one row if its card is still the one that was read.</param>
/// <param name="First">Before all ids.</param>
/// <param name="IsHot">Payments write its rows many at a time: no transaction may hold two of them.</param>
internal sealed record SealedCards(string Name, string Rows, string Id, string Card, string Place, string Update, object First, bool IsHot)
{
    /// <summary>Cards of payments that may have to be reversed, cards that payers keep, and cards of payments that may be refunded.</summary>
    public static IReadOnlyList<SealedCards> All { get; } =
    [
        new(
            "cards of open payments",
            "open_payments o JOIN payments p ON p.id = o.payment_id JOIN authorizations a ON a.payment_id = p.id AND a.number = p.authorizations",
            "o.payment_id", "o.sealed_card", "'authorizations/' || a.rrn",
            "UPDATE open_payments SET sealed_card = @anew WHERE payment_id = @id AND sealed_card = @before",
            -1L, IsHot: true),
        new(
            "saved cards", "saved_cards", "id", "sealed", "'saved_cards/' || id",
            "UPDATE saved_cards SET sealed = @anew WHERE id = @id AND sealed = @before",
            "", IsHot: false),

        // The last: what a verification brings here meanwhile was sealed anew among the open payments, or is found here.
        new(
            "cards kept for refunds", "refundable_cards c JOIN payments p ON p.id = c.payment_id",
            "c.payment_id", "c.sealed_card", "'authorizations/' || p.rrn",
            "UPDATE refundable_cards SET sealed_card = @anew WHERE payment_id = @id AND sealed_card = @before",
            -1L, IsHot: true),
    ];

    /// <summary>How many a key sealed.</summary>
    /// <param name="head">How they begin.</param>
    public async Task<long> Count(CanPayContext books, byte[] head, CancellationToken ct)
    {
        await using var command = await Command(books, $"SELECT count(*) FROM {Rows} WHERE substr({Card}, 1, 4) = @head", ct, ("@head", head));
        return Convert.ToInt64(await command.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture);
    }

    /// <summary>The next of them behind a row.</summary>
    public async Task<List<SealedCard>> Next(CanPayContext books, byte[] head, object after, int atMost, CancellationToken ct)
    {
        await using var command = await Command(
            books,
            $"SELECT {Id}, {Card}, {Place} FROM {Rows} WHERE {Id} > @after AND substr({Card}, 1, 4) = @head ORDER BY {Id} LIMIT {atMost.ToString(CultureInfo.InvariantCulture)}",
            ct,
            ("@head", head),
            ("@after", after));
        await using var row = await command.ExecuteReaderAsync(ct);
        var cards = new List<SealedCard>();
        while (await row.ReadAsync(ct))
        {
            cards.Add(new SealedCard(row.GetValue(0), row.GetFieldValue<byte[]>(1), row.GetString(2)));
        }

        return cards;
    }

    /// <summary>Each row that still holds what was read gets what was made of it; another was written meanwhile and is left.</summary>
    public async Task Replace(CanPayContext books, IReadOnlyList<(SealedCard Read, byte[] Anew)> cards, CancellationToken ct)
    {
        await using var transaction = IsHot ? null : await books.Database.BeginTransactionAsync(ct);
        foreach (var (read, anew) in cards)
        {
            await using var command = await Command(books, Update, ct, ("@anew", anew), ("@id", read.Id), ("@before", read.Sealed));
            command.Transaction = transaction is null ? null : Microsoft.EntityFrameworkCore.Storage.DbContextTransactionExtensions.GetDbTransaction(transaction);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }

        if (transaction is not null)
        {
            await transaction.CommitAsync(CancellationToken.None);
        }
    }

    private static async Task<DbCommand> Command(CanPayContext books, string sql, CancellationToken ct, params (string Name, object Value)[] parameters)
    {
        await books.Database.OpenConnectionAsync(ct);
        return StorageEngine.Command(books.Database.GetDbConnection(), sql, parameters);
    }
}

/// <summary>A row with a sealed card, as it was read.</summary>
internal sealed record SealedCard(object Id, byte[] Sealed, string Place);
