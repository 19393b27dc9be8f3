using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using Microsoft.EntityFrameworkCore;

namespace CanPay.Gateway.Storage;

/// <summary>Lists of a merchant's payments, on either engine; by the index <c>payments_by_merchant</c>.</summary>
internal sealed class PaymentList(IDbContextFactory<CanPayContext> contexts) : IPaymentList
{
    public async Task<PaymentId?> ByInvoice(MerchantId merchant, string invoice, CancellationToken ct)
    {
        await using var books = await contexts.CreateDbContextAsync(ct);
        var found = await Of(books, merchant).Where(row => row.InvoiceId == invoice).Select(row => (long?)row.Id).FirstOrDefaultAsync(ct);
        return found is { } id ? new PaymentId(id) : null;
    }

    public async Task<IReadOnlyList<PaymentId>> Newest(
        MerchantId merchant, PaymentFilter filter, Payment? after, int limit, CancellationToken ct)
    {
        await using var books = await contexts.CreateDbContextAsync(ct);
        var rows = Of(books, merchant);
        if (filter.Status is { } status)
        {
            var name = status.ToString();
            rows = rows.Where(row => row.Status == name);
        }

        if (filter.From?.ToUnixTimeMilliseconds() is { } from)
        {
            rows = rows.Where(row => row.CreatedAtMs >= from);
        }

        if (filter.To?.ToUnixTimeMilliseconds() is { } to)
        {
            rows = rows.Where(row => row.CreatedAtMs < to);
        }

        if (after is not null)
        {
            var (at, last) = (after.CreatedAt.ToUnixTimeMilliseconds(), after.Id.Value);
            rows = rows.Where(row => row.CreatedAtMs <= at && (row.CreatedAtMs < at || row.Id < last));
        }

        return await Ids(rows.OrderByDescending(row => row.CreatedAtMs).ThenByDescending(row => row.Id), limit, ct);
    }

    public async Task<IReadOnlyList<PaymentId>> Unverified(
        MerchantId merchant, DateTimeOffset now, DateTimeOffset createdSince, Payment? after, int limit, CancellationToken ct)
    {
        await using var books = await contexts.CreateDbContextAsync(ct);
        var nowMs = now.ToUnixTimeMilliseconds();
        var sinceMs = createdSince.ToUnixTimeMilliseconds();
        var rows = Of(books, merchant)
            .Where(row => row.CreatedAtMs >= sinceMs && row.Status == nameof(PaymentStatus.Authorized) && row.VerifyDeadlineMs > nowMs);
        if (after is not null)
        {
            var (at, last) = (after.CreatedAt.ToUnixTimeMilliseconds(), after.Id.Value);
            rows = rows.Where(row => row.CreatedAtMs >= at && (row.CreatedAtMs > at || row.Id > last));
        }

        return await Ids(rows.OrderBy(row => row.CreatedAtMs).ThenBy(row => row.Id), limit, ct);
    }

    private static IQueryable<PaymentRow> Of(CanPayContext books, MerchantId merchant) =>
        books.Payments.AsNoTracking().Where(row => row.MerchantId == merchant.Value);

    private static async Task<IReadOnlyList<PaymentId>> Ids(IQueryable<PaymentRow> rows, int limit, CancellationToken ct) =>
        [.. (await rows.Select(row => row.Id).Take(limit).ToListAsync(ct)).Select(id => new PaymentId(id))];
}
