using System.Security.Cryptography;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace CanPay.Gateway.Operations;

/// <summary>Opens the <see cref="InstallationSecret"/>: sealed in the database, so that a cookie of one node is good at all.</summary>
internal static class SharedSecret
{
    private const string Name = "installation";

    /// <summary>The first node makes it; the others open the same.</summary>
    /// <exception cref="StartException">The keys that it was sealed with are lost.</exception>
    public static async Task Open(IServiceProvider services, CancellationToken ct)
    {
        // Nodes that start together take turns: each would make a key to seal with, and not know the other's for a day.
        await using var turn = await services.GetRequiredService<StorageEngine>().TakeTurn(ct);
        var protector = services.GetRequiredService<IDataProtectionProvider>().CreateProtector("CanPay.InstallationSecret");
        await using var context = await services.GetRequiredService<IDbContextFactory<CanPayContext>>().CreateDbContextAsync(ct);
        if (!await context.SealedSecrets.AnyAsync(row => row.Name == Name, ct))
        {
            context.SealedSecrets.Add(new SealedSecretRow
            {
                Name = Name,
                Sealed = protector.Protect(RandomNumberGenerator.GetBytes(InstallationSecret.Length)),
            });
            try
            {
                await context.SaveChangesAsync(ct);
            }
            catch (DbUpdateException) when (context.SealedSecrets.AsNoTracking().Any(row => row.Name == Name))
            {
                // Another node was quicker: its secret counts.
            }
        }

        var sealedSecret = await context.SealedSecrets.Where(row => row.Name == Name).Select(row => row.Sealed).SingleAsync(ct);
        try
        {
            services.GetRequiredService<InstallationSecret>().Open(protector.Unprotect(sealedSecret));
        }
        catch (CryptographicException e) when (e.InnerException is null or CryptographicException) // else the keys could not be read
        {
            throw new StartException(
                "The installation's secret cannot be opened: the keys in data_protection_keys are not those that sealed it. Restore " +
                "them, or delete the row of sealed_secrets: payers who are on our page then begin anew.");
        }
    }
}
