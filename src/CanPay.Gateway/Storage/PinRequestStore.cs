using CanPay.Gateway.Payments;
using Microsoft.EntityFrameworkCore;

namespace CanPay.Gateway.Storage;

/// <summary>Requests for dynamic PINs, on either engine.</summary>
internal sealed class PinRequestStore(IDbContextFactory<CanPayContext> contexts) : IPinRequestStore
{
    /// <remarks>
    /// The row is committed before the rows are counted, it among them: of those that come at once the last sees all others. It
    /// is taken back where a limit is over, so that what was not sent counts for nobody.
    /// </remarks>
    public async Task<bool> TryAdd(AskedPin asked, PinLimits limits, CancellationToken ct)
    {
        await using var books = await contexts.CreateDbContextAsync(ct);
        var row = new PinRequestRow
        {
            CardHash = asked.CardHash,
            PaymentId = asked.PaymentId.Value,
            Address = asked.Address,
            MerchantId = asked.MerchantId.Value,
            AtMs = asked.At.ToUnixTimeMilliseconds(),
        };
        books.PinRequests.Add(row);
        await books.SaveChangesAsync(ct);
        if (await HaveRoom(books.PinRequests, row, limits, ct))
        {
            return true;
        }

        await books.PinRequests.Where(other => other.Id == row.Id).ExecuteDeleteAsync(CancellationToken.None);
        return false;
    }

    public async Task ForgetPinRequests(DateTimeOffset before, CancellationToken ct)
    {
        await using var books = await contexts.CreateDbContextAsync(ct);
        var at = before.ToUnixTimeMilliseconds();
        await books.PinRequests.Where(row => row.AtMs < at).ExecuteDeleteAsync(ct);
    }

    private static async Task<bool> HaveRoom(IQueryable<PinRequestRow> rows, PinRequestRow own, PinLimits limits, CancellationToken ct)
    {
        var tenMinutesAgo = own.AtMs - (long)TimeSpan.FromMinutes(10).TotalMilliseconds;
        var anHourAgo = own.AtMs - (long)TimeSpan.FromHours(1).TotalMilliseconds;
        var aMinuteAgo = own.AtMs - (long)TimeSpan.FromMinutes(1).TotalMilliseconds;
        return await rows.CountAsync(row => row.CardHash == own.CardHash && row.AtMs > tenMinutesAgo, ct) <= limits.PerCardAnd10Minutes
            && await rows.CountAsync(row => row.PaymentId == own.PaymentId, ct) <= limits.PerPayment
            && await rows.CountAsync(row => row.Address == own.Address && row.AtMs > anHourAgo, ct) <= limits.PerAddressAndHour
            && await rows.CountAsync(row => row.MerchantId == own.MerchantId && row.AtMs > aMinuteAgo, ct) <= limits.PerMerchantAndMinute;
    }
}
