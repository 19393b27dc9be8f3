using System.Data.Common;
using System.Security.Cryptography;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Risk;
using Microsoft.EntityFrameworkCore;

namespace CanPay.Gateway.Storage;

/// <summary>Declined attempts and answered captchas, on either engine.</summary>
internal sealed class RiskStore(IDbContextFactory<CanPayContext> contexts) : IRiskStore
{
    private readonly string _reporter = RandomNumberGenerator.GetHexString(16, lowercase: true);

    public async Task Add(Attempt declined, DateTimeOffset at, CancellationToken ct)
    {
        await using var books = await contexts.CreateDbContextAsync(ct);
        books.DeclinedAttempts.Add(new DeclinedAttemptRow
        {
            PaymentId = declined.PaymentId.Value,
            MerchantId = declined.Shop.Value,
            CardHash = declined.CardHash,
            Bin = declined.Bin,
            Network = declined.Network,
            Reporter = _reporter,
            AtMs = at.ToUnixTimeMilliseconds(),
        });
        await books.SaveChangesAsync(ct);
    }

    public async Task<IReadOnlyList<DeclinedAttempt>> Since(DateTimeOffset time, CancellationToken ct)
    {
        await using var books = await contexts.CreateDbContextAsync(ct);
        var since = time.ToUnixTimeMilliseconds();
        var rows = await books.DeclinedAttempts.AsNoTracking()
            .Where(row => row.AtMs >= since && row.Reporter != _reporter)
            .OrderBy(row => row.AtMs)
            .ToListAsync(ct);
        return
        [
            .. rows.Select(row => new DeclinedAttempt(
                row.Id,
                new Attempt(new PaymentId(row.PaymentId), new MerchantId(row.MerchantId), row.CardHash, row.Bin, row.Network),
                DateTimeOffset.FromUnixTimeMilliseconds(row.AtMs))),
        ];
    }

    public async Task<bool> TryAnswer(AnsweredCaptcha answered, CancellationToken ct)
    {
        await using var books = await contexts.CreateDbContextAsync(ct);
        books.AnsweredCaptchas.Add(new AnsweredCaptchaRow
        {
            Id = answered.Id,
            PaymentId = answered.PaymentId,
            BrowserHash = answered.BrowserHash,
            Passes = answered.IsRight ? 1 : 0,
            AtMs = answered.At.ToUnixTimeMilliseconds(),
        });
        try
        {
            await books.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException e) when (e.InnerException is DbException)
        {
            // Either it was answered before, or the books refused it: it does not count.
            return false;
        }
    }

    public async Task<bool> HasPass(long paymentId, string browserHash, CancellationToken ct)
    {
        await using var books = await contexts.CreateDbContextAsync(ct);
        return await Passes(books, paymentId, browserHash).AnyAsync(ct);
    }

    public async Task<bool> TrySpendPass(long paymentId, string browserHash, CancellationToken ct)
    {
        await using var books = await contexts.CreateDbContextAsync(ct);
        while (await Passes(books, paymentId, browserHash).Select(row => row.Id).FirstOrDefaultAsync(ct) is { } id)
        {
            if (await Passes(books, paymentId, browserHash).Where(row => row.Id == id)
                .ExecuteUpdateAsync(row => row.SetProperty(pass => pass.Passes, 0), ct) == 1)
            {
                return true;
            }
        }

        return false;
    }

    public async Task Forget(DateTimeOffset before, CancellationToken ct)
    {
        await using var books = await contexts.CreateDbContextAsync(ct);
        var at = before.ToUnixTimeMilliseconds();
        await books.DeclinedAttempts.Where(row => row.AtMs < at).ExecuteDeleteAsync(ct);
        await books.AnsweredCaptchas.Where(row => row.AtMs < at).ExecuteDeleteAsync(ct);
    }

    private static IQueryable<AnsweredCaptchaRow> Passes(CanPayContext books, long paymentId, string browserHash) =>
        books.AnsweredCaptchas.Where(row => row.PaymentId == paymentId && row.BrowserHash == browserHash && row.Passes > 0);
}
