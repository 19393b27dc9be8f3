using System.Security.Cryptography;
using CanPay.Gateway.Acquiring.Keys;
using CanPay.Gateway.Storage;
using Microsoft.EntityFrameworkCore;

namespace CanPay.Gateway.Operations;

/// <summary>
/// Wraps every card key anew by the key-encryption key that wraps now. The card keys stay the same, so nodes that run notice nothing,
/// and one transaction is all: killed in its midst it has not happened.
/// </summary>
internal static class KekRotation
{
    /// <returns>How many keys were wrapped by another before.</returns>
    /// <exception cref="Kernel.StartException">One is wrapped by a key-encryption key that is not here.</exception>
    public static async Task<int> Run(CanPayContext books, Keks keks, CancellationToken ct)
    {
        await using var transaction = await books.Database.BeginTransactionAsync(ct);
        var target = keks.Wrapping.CheckValue;
        var rows = await books.CardKeys.AsNoTracking().Where(row => row.Wrapped != null && row.Kek != target).ToListAsync(ct);
        var wrapped = 0;
        foreach (var row in rows)
        {
            var before = CardKeyStore.Key(row);
            var key = keks.Unwrap(before);
            var after = before with { Kek = target, Wrapped = keks.Wrapping.Wrap(key, before.Place) };
            var control = keks.Unwrap(after);
            if (!CryptographicOperations.FixedTimeEquals(key, control))
            {
                throw new CryptographicException($"The key of version {before.Version} does not come out as it went in.");
            }

            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(control);

            // One that was retired meanwhile has nothing to wrap.
            wrapped += await books.CardKeys
                .Where(other => other.Purpose == row.Purpose && other.Version == row.Version && other.Kek == row.Kek && other.Wrapped != null)
                .ExecuteUpdateAsync(set => set.SetProperty(other => other.Kek, target).SetProperty(other => other.Wrapped, after.Wrapped), ct);
        }

        await transaction.CommitAsync(CancellationToken.None);
        return wrapped;
    }
}
