using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using Microsoft.EntityFrameworkCore;

namespace CanPay.Gateway.Storage;

/// <summary>
/// Time passes for one merchant: the clock itself cannot be set for one, so the deadlines come nearer. The hot path knows nothing of it.
/// </summary>
internal sealed class TestClock(IDbContextFactory<CanPayContext> contexts) : ITestClock
{
    public async Task<int> Advance(MerchantId merchant, TimeSpan by, CancellationToken ct)
    {
        var ms = (long)by.TotalMilliseconds;
        await using var books = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await books.Database.BeginTransactionAsync(ct);
        var open = books.Payments.Where(row => row.MerchantId == merchant.Value && row.EndedAtMs == null);
        var count = await open.ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.PageExpiresAtMs, row => row.PageExpiresAtMs - ms)
                .SetProperty(row => row.VerifyDeadlineMs, row => row.VerifyDeadlineMs - ms),
            ct);
        await books.OpenPayments
            .Where(row => open.Any(payment => payment.Id == row.PaymentId))
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAtMs, row => row.DueAtMs - ms), ct);
        await books.Database.ExecuteSqlAsync(
            $"""
            UPDATE webhook_reminders SET deadline_ms = deadline_ms - {ms}
            WHERE payment_id IN (SELECT id FROM payments WHERE merchant_id = {merchant.Value} AND ended_at_ms IS NULL)
            """,
            ct);
        await transaction.CommitAsync(CancellationToken.None);
        return count;
    }
}
