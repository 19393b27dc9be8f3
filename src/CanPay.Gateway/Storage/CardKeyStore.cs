using CanPay.Gateway.Acquiring.Keys;
using Microsoft.EntityFrameworkCore;

namespace CanPay.Gateway.Storage;

/// <summary>The wrapped card keys, on either engine.</summary>
internal sealed class CardKeyStore(IDbContextFactory<CanPayContext> contexts) : ICardKeyStore
{
    /// <summary>Under which an earlier version left the mark of its file.</summary>
    private const string MarkName = "card-keys";

    public async Task<IReadOnlyList<CardKey>> All(CancellationToken ct)
    {
        await using var books = await contexts.CreateDbContextAsync(ct);
        return [.. (await books.CardKeys.AsNoTracking().OrderBy(row => row.Purpose).ThenBy(row => row.Version).ToListAsync(ct)).Select(Key)];
    }

    public async Task<bool> TryAddFirst(IReadOnlyList<CardKey> keys, CancellationToken ct)
    {
        await using var books = await contexts.CreateDbContextAsync(ct);
        books.CardKeys.AddRange(keys.Select(Row));
        try
        {
            await books.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException) when (books.CardKeys.AsNoTracking().Any())
        {
            return false;
        }
    }

    public async Task<string?> FindMark(CancellationToken ct)
    {
        await using var books = await contexts.CreateDbContextAsync(ct);
        return await books.KeyMarks.Where(row => row.Name == MarkName).Select(row => row.Mark).SingleOrDefaultAsync(ct);
    }

    public static CardKeyRow Row(CardKey key) => new()
    {
        Purpose = key.Purpose.ToString(),
        Version = key.Version,
        Head = key.Purpose is KeyPurpose.Seal ? CardKey.Head(key.Version) : null,
        State = key.State.ToString(),
        Kek = key.Kek,
        Wrapped = key.Wrapped,
        CreatedAtMs = key.CreatedAt.ToUnixTimeMilliseconds(),
        RetiredAtMs = key.RetiredAt?.ToUnixTimeMilliseconds(),
    };

    public static CardKey Key(CardKeyRow row) => new(
        Enum.Parse<KeyPurpose>(row.Purpose),
        row.Version,
        Enum.Parse<KeyState>(row.State),
        row.Kek,
        row.Wrapped,
        DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAtMs),
        row.RetiredAtMs is { } retired ? DateTimeOffset.FromUnixTimeMilliseconds(retired) : null);
}
