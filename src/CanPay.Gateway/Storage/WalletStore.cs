using System.Data.Common;
using CanPay.Gateway.Cards;
using Microsoft.EntityFrameworkCore;

namespace CanPay.Gateway.Storage;

/// <summary>Saved cards and one-time codes, on either engine.</summary>
internal sealed class WalletStore(IDbContextFactory<CanPayContext> contexts) : IWalletStore
{
    public async Task<bool> TryAdd(SentCode code, CodeLimits limits, CancellationToken ct)
    {
        await using var books = await contexts.CreateDbContextAsync(ct);
        var sent = code.SentAt.ToUnixTimeMilliseconds();
        var anHourAgo = sent - (long)TimeSpan.FromHours(1).TotalMilliseconds;
        var aDayAgo = sent - (long)TimeSpan.FromDays(1).TotalMilliseconds;
        var tooSoon = sent - (long)limits.Apart.TotalMilliseconds;
        var codes = books.OneTimeCodes;
        if (await codes.AnyAsync(row => row.Owner == code.Owner && row.SentAtMs > tooSoon, ct) || await IsOver(others: 1))
        {
            return false;
        }

        codes.Add(new OneTimeCodeRow
        {
            Id = code.Id,
            PaymentId = code.PaymentId,
            MerchantId = code.MerchantId,
            Owner = code.Owner,
            BrowserHash = code.BrowserHash,
            Address = code.Address,
            CodeHash = code.CodeHash,
            SentSlot = sent / (long)limits.Apart.TotalMilliseconds,
            SentAtMs = sent,
            ExpiresAtMs = code.ExpiresAt.ToUnixTimeMilliseconds(),
        });
        try
        {
            await books.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.InnerException is DbException)
        {
            // Another node sent one at the same time; or the books refused it: nothing is sent either way.
            return false;
        }

        // Of those that came at once the last sees all others. What is not sent counts for nobody.
        if (!await IsOver(others: 0))
        {
            return true;
        }

        await codes.Where(row => row.Id == code.Id).ExecuteDeleteAsync(CancellationToken.None);
        return false;

        async Task<bool> IsOver(int others) =>
            await codes.CountAsync(row => row.Owner == code.Owner && row.SentAtMs > aDayAgo, ct) + others > limits.PerMobileAndDay
            || await codes.CountAsync(row => row.Address == code.Address && row.SentAtMs > anHourAgo, ct) + others > limits.PerAddressAndHour
            || await codes.CountAsync(row => row.MerchantId == code.MerchantId && row.SentAtMs > anHourAgo, ct) + others > limits.PerMerchantAndHour;
    }

    public async Task<SentCode?> Find(long paymentId, string browserHash, CancellationToken ct)
    {
        await using var books = await contexts.CreateDbContextAsync(ct);
        var row = await books.OneTimeCodes.AsNoTracking()
            .Where(row => row.PaymentId == paymentId && row.BrowserHash == browserHash)
            .OrderByDescending(row => row.ProvedAtMs != null).ThenByDescending(row => row.SentAtMs)
            .FirstOrDefaultAsync(ct);
        return row is null
            ? null
            : new SentCode(
                row.Id, row.PaymentId, row.MerchantId, row.Owner, row.BrowserHash, row.Address, row.CodeHash,
                DateTimeOffset.FromUnixTimeMilliseconds(row.SentAtMs), DateTimeOffset.FromUnixTimeMilliseconds(row.ExpiresAtMs))
            {
                Tries = (int)row.Tries,
                ProvedAt = row.ProvedAtMs is { } proved ? DateTimeOffset.FromUnixTimeMilliseconds(proved) : null,
            };
    }

    public async Task<bool> TryProve(string id, string codeHash, int maxTries, DateTimeOffset now, CancellationToken ct)
    {
        await using var books = await contexts.CreateDbContextAsync(ct);
        var at = now.ToUnixTimeMilliseconds();

        // The try is taken first, in one statement: however many guesses come at once, no more of them count.
        var isTaken = await books.OneTimeCodes
            .Where(row => row.Id == id && row.ProvedAtMs == null && row.Tries < maxTries && row.ExpiresAtMs > at)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Tries, row => row.Tries + 1), ct) == 1;
        return isTaken && await books.OneTimeCodes
            .Where(row => row.Id == id && row.ProvedAtMs == null && row.CodeHash == codeHash)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.ProvedAtMs, at), ct) == 1;
    }

    public async Task<IReadOnlyList<SavedCard>> Cards(string owner, CancellationToken ct)
    {
        await using var books = await contexts.CreateDbContextAsync(ct);
        var rows = await books.SavedCards.AsNoTracking()
            .Where(row => row.Owner == owner).OrderByDescending(row => row.UsedAtMs).ThenBy(row => row.Id).ToListAsync(ct);
        return
        [
            .. rows.Select(row => new SavedCard(
                row.Id, row.Owner, row.CardHash, row.Sealed, row.Mask, row.Label,
                DateTimeOffset.FromUnixTimeMilliseconds(row.SavedAtMs), DateTimeOffset.FromUnixTimeMilliseconds(row.UsedAtMs), row.ProofId)),
        ];
    }

    public async Task Save(SavedCard card, CancellationToken ct)
    {
        await using var books = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await books.Database.BeginTransactionAsync(ct);

        // What is sealed belongs to the row's id, so a card that comes again (with another expiry) takes the old one's place.
        await books.SavedCards.Where(row => row.Owner == card.Owner && row.CardHash == card.CardHash).ExecuteDeleteAsync(ct);
        books.SavedCards.Add(new SavedCardRow
        {
            Id = card.Id,
            Owner = card.Owner,
            CardHash = card.CardHash,
            Sealed = card.Sealed,
            Mask = card.Mask,
            Label = card.Label,
            SavedAtMs = card.SavedAt.ToUnixTimeMilliseconds(),
            UsedAtMs = card.UsedAt.ToUnixTimeMilliseconds(),
            ProofId = card.ProofId,
        });
        await books.SaveChangesAsync(ct);
        await transaction.CommitAsync(CancellationToken.None);
    }

    public async Task Rename(string owner, string id, string? label, CancellationToken ct)
    {
        await using var books = await contexts.CreateDbContextAsync(ct);
        await Of(books, owner, id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Label, label), ct);
    }

    public async Task Used(string owner, string id, DateTimeOffset now, CancellationToken ct)
    {
        await using var books = await contexts.CreateDbContextAsync(ct);
        var at = now.ToUnixTimeMilliseconds();
        await Of(books, owner, id).ExecuteUpdateAsync(set => set.SetProperty(row => row.UsedAtMs, at), ct);
    }

    public async Task Delete(string owner, string id, CancellationToken ct)
    {
        await using var books = await contexts.CreateDbContextAsync(ct);
        await Of(books, owner, id).ExecuteDeleteAsync(ct);
    }

    public async Task ForgetCodes(DateTimeOffset before, CancellationToken ct)
    {
        await using var books = await contexts.CreateDbContextAsync(ct);
        var at = before.ToUnixTimeMilliseconds();
        await books.OneTimeCodes.Where(row => row.SentAtMs < at).ExecuteDeleteAsync(ct);
    }

    private static IQueryable<SavedCardRow> Of(CanPayContext books, string owner, string id) =>
        books.SavedCards.Where(row => row.Owner == owner && row.Id == id);
}
