using System.Diagnostics;
using System.Security.Cryptography;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Acquiring.Keys;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Storage;
using Microsoft.EntityFrameworkCore;

namespace CanPay.Gateway.Operations;

/// <summary>
/// Replaces the key that seals cards, beside payments: a new key seals, every card is sealed anew, and the old key is deleted when no
/// row needs it. Every step stands in the database, so that one that was killed is gone on with by running it again.
/// </summary>
/// <param name="say">Hears what was done, line by line.</param>
internal sealed class KeyRotation(
    StorageEngine engine, IDbContextFactory<CanPayContext> contexts, CardVault vault, KeyOptions options, TimeProvider clock, Action<string> say)
{
    /// <summary>Cards that were sealed with the old key before the new one was known may be written so much later: when their payment was paid.</summary>
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(10);

    /// <summary>By then every node that works seals with the new key.</summary>
    private TimeSpan Freshness => TimeSpan.FromSeconds((2 * options.RefreshSeconds) + 1);

    /// <returns>False where an old key had to stay, and why was said.</returns>
    public async Task<bool> Run(CancellationToken ct)
    {
        await vault.Load(ct);
        var old = await Begin(ct);
        await vault.Refresh(ct);
        say($"Cards are sealed with version {vault.CurrentVersion}.");
        await Task.Delay(Freshness, ct);
        var areAllRetired = true;
        foreach (var version in old)
        {
            areAllRetired &= await Retire(version, ct);
        }

        return areAllRetired;
    }

    /// <summary>The new key takes the old one's place; one that was begun before is gone on with instead.</summary>
    /// <returns>The versions to be retired.</returns>
    private async Task<IReadOnlyList<int>> Begin(CancellationToken ct)
    {
        await using var turn = await engine.TakeTurn(ct);
        await using var books = await contexts.CreateDbContextAsync(ct);
        var unfinished = await Sealing(books)
            .Where(row => row.State == nameof(KeyState.Old) || row.State == nameof(KeyState.Closed)).Select(row => row.Version).Order().ToListAsync(ct);
        if (unfinished.Count > 0)
        {
            say($"An earlier rotation is gone on with: version {string.Join(", ", unfinished)} is replaced. No new key is made.");
            return unfinished;
        }

        await using var transaction = await books.Database.BeginTransactionAsync(ct);
        var before = await Sealing(books).MaxAsync(row => row.Version, ct);
        if (await Move(books, before, KeyState.Current, KeyState.Old) != 1)
        {
            throw new StartException("Another rotation has just begun. Let it end, or run this again to help it.");
        }

        books.CardKeys.Add(CardKeyStore.Row(vault.NewKey(before + 1)));
        await books.SaveChangesAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        return [before];
    }

    private async Task<bool> Retire(int version, CancellationToken ct)
    {
        if (!await Empty(version, ct))
        {
            return false;
        }

        // From here on the database takes nothing more that this key sealed, whatever a node believes that stood still meanwhile.
        await using var books = await contexts.CreateDbContextAsync(ct);
        await Move(books, version, KeyState.Old, KeyState.Closed);
        await engine.WaitForWritesToSealedCards(ct);
        var head = CardKey.Head(version);
        foreach (var cards in SealedCards.All)
        {
            if (await SealAnew(cards, head, ct) is { Unreadable: > 0 })
            {
                return false;
            }
        }

        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var retired = await books.Database.ExecuteSqlAsync(
            $"""
            UPDATE card_keys SET state = 'Retired', wrapped = NULL, retired_at_ms = {now}
            WHERE purpose = 'Seal' AND version = {version} AND state = 'Closed'
                AND NOT EXISTS (SELECT 1 FROM saved_cards WHERE substr(sealed, 1, 4) = card_keys.head)
                AND NOT EXISTS (SELECT 1 FROM open_payments WHERE substr(sealed_card, 1, 4) = card_keys.head)
                AND NOT EXISTS (SELECT 1 FROM refundable_cards WHERE substr(sealed_card, 1, 4) = card_keys.head)
            """,
            ct);
        say(retired == 1 ? $"Version {version} is retired: no card needs it, and it is deleted." : $"Version {version} stays: cards still need it. Run this again.");
        return retired == 1;
    }

    /// <summary>Until nothing was sealed with it for as long as a node may not have heard of its successor.</summary>
    private async Task<bool> Empty(int version, CancellationToken ct)
    {
        var begun = Stopwatch.GetTimestamp();
        for (var isFirst = true; ; isFirst = false)
        {
            var (moved, unreadable) = (0L, 0L);
            foreach (var cards in SealedCards.All)
            {
                var part = await SealAnew(cards, CardKey.Head(version), ct);
                (moved, unreadable) = (moved + part.Moved, unreadable + part.Unreadable);
            }

            if (unreadable > 0)
            {
                say($"Version {version} stays: {unreadable} cards that it sealed do not open. They were changed, or are not of this installation; see canpay doctor.");
                return false;
            }

            if (moved == 0 && !isFirst)
            {
                return true;
            }

            if (Stopwatch.GetElapsedTime(begun) > GiveUpAfter)
            {
                say($"Version {version} stays: something still seals with it. Is a node of an earlier version running, or one that cannot use the new key? Its log says so.");
                return false;
            }

            await Task.Delay(Freshness, ct);
        }
    }

    /// <summary>Goes once through all that a key sealed.</summary>
    private async Task<(long Moved, long Unreadable)> SealAnew(SealedCards cards, byte[] head, CancellationToken ct)
    {
        var (moved, unreadable) = (0L, 0L);
        var after = cards.First;
        while (true)
        {
            await using var books = await contexts.CreateDbContextAsync(ct);
            var read = await cards.Next(books, head, after, options.RotateBatchRows, ct);
            if (read.Count == 0)
            {
                break;
            }

            var anew = new List<(SealedCard, byte[])>(read.Count);
            foreach (var card in read)
            {
                try
                {
                    anew.Add((card, await vault.SealAnew(card.Sealed, card.Place, ct)));
                }
                catch (CryptographicException)
                {
                    unreadable++;
                    say($"The card of {card.Place} does not open.");
                }
            }

            await cards.Replace(books, anew, ct);
            moved += anew.Count;
            after = read[^1].Id;
            await Task.Delay(options.RotatePauseMs, ct);
        }

        if (moved > 0)
        {
            say($"{moved} {cards.Name} were sealed anew.");
        }

        return (moved, unreadable);
    }

    private static Task<int> Move(CanPayContext books, int version, KeyState from, KeyState to)
    {
        var (before, after) = (from.ToString(), to.ToString());
        return Sealing(books).Where(row => row.Version == version && row.State == before)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, after), CancellationToken.None);
    }

    private static IQueryable<CardKeyRow> Sealing(CanPayContext books) => books.CardKeys.Where(row => row.Purpose == nameof(KeyPurpose.Seal));
}
