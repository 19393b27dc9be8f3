using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Storage;
using Microsoft.EntityFrameworkCore;

namespace CanPay.Gateway.Operations;

/// <summary>All nodes of an installation have the same card keys: what one sealed any other must be able to reverse.</summary>
internal static class CardKeyMark
{
    private const string Name = "card-keys";

    /// <summary>The first node leaves the mark of its keys in the database; the others compare.</summary>
    /// <exception cref="StartException">This node has other keys.</exception>
    public static async Task Require(IServiceProvider services, CancellationToken ct)
    {
        var mark = services.GetRequiredService<CardVault>().Mark;
        await using var context = await services.GetRequiredService<IDbContextFactory<CanPayContext>>().CreateDbContextAsync(ct);
        try
        {
            if (!await context.KeyMarks.AnyAsync(row => row.Name == Name, ct))
            {
                context.KeyMarks.Add(new KeyMarkRow { Name = Name, Mark = mark });
                await context.SaveChangesAsync(ct);
            }
        }
        catch (DbUpdateException)
        {
            // Another node was quicker: its mark counts.
            context.ChangeTracker.Clear();
        }

        if (await context.KeyMarks.Where(row => row.Name == Name).Select(row => row.Mark).SingleAsync(ct) != mark)
        {
            throw new StartException(
                "This node's card keys are not those of the database: it could not reverse what other nodes began. Copy " +
                $"{services.GetRequiredService<DataFolder>().KeysFolder}/card-keys.json from a node that works.");
        }
    }
}
