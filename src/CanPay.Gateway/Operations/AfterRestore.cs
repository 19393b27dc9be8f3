using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage;
using Microsoft.EntityFrameworkCore;

namespace CanPay.Gateway.Operations;

/// <summary>
/// Books from a backup know nothing of what happened since the backup's moment. First they are kept from doing harm; then
/// the network's books say what became of the payments that were under way at that moment.
/// </summary>
internal static class AfterRestore
{
    /// <summary>
    /// A tenth of the hundred million that a day's references have room for: more than were given since the backup's moment,
    /// and far from meeting the day's first again.
    /// </summary>
    public const int TraceNumbersToSkip = 10_000_000;

    /// <summary>Nine tenths: beyond them the day's first references could be met again.</summary>
    public const int MostTraceNumbersToSkip = 90_000_000;

    private const string Mark = "restored from a backup: what became of it since is not known";

    /// <summary>
    /// Holds new payments, skips trace numbers, ends what could be paid a second time, and stops the jobs from returning
    /// what may have been verified since. Doing it twice is as once, unless trace numbers are to be skipped again.
    /// </summary>
    /// <param name="skip">How many trace numbers; by default <see cref="TraceNumbersToSkip"/>, once.</param>
    public static async Task<Precautions> Take(CanPayContext books, string reason, int? skip, DateTimeOffset now, CancellationToken ct)
    {
        var nowMs = now.ToUnixTimeMilliseconds();
        await using var transaction = await books.Database.BeginTransactionAsync(ct);
        var open = await books.Holds.SingleOrDefaultAsync(row => row.ReleasedAtMs == null, ct);
        var isFirst = open is not { IsAfterRestore: true };
        if (open is null)
        {
            books.Holds.Add(new HoldRow { Reason = reason, IsAfterRestore = true, PlacedAtMs = nowMs });
        }
        else
        {
            open.IsAfterRestore = true;
        }

        await books.SaveChangesAsync(ct);
        var skipped = skip ?? (isFirst ? TraceNumbersToSkip : 0);
        await books.Database.ExecuteSqlAsync($"UPDATE sequences SET value = value + {skipped} WHERE name = 'trace_number'", ct);
        var precautions = new Precautions(
            skipped,
            isFirst ? await Expire(books, nowMs, ct) : 0,
            isFirst ? await PutAside(books, ct) : 0);
        await transaction.CommitAsync(CancellationToken.None);
        return precautions;
    }

    public static Task<int> PutAsideCount(CanPayContext books, CancellationToken ct) =>
        books.OpenPayments.CountAsync(row => row.JobNote == Mark && row.DueAtMs == null, ct);

    /// <summary>
    /// Payments that were put aside go on by what the network's books say: money that it holds may be verified by the
    /// merchant within a new window, and goes back after it; what it does not hold is returned here, too.
    /// </summary>
    /// <returns>How many get a new window, and how many are returned.</returns>
    public static async Task<(int Reopened, int Returned)> Settle(
        CanPayContext books, IPaymentStore store, NetworkJournal journal, TimeSpan window, DateTimeOffset now, CancellationToken ct)
    {
        var (reopened, returned) = (0, 0);
        foreach (var row in await books.Payments.AsNoTracking()
            .Where(row => books.OpenPayments.Any(open => open.PaymentId == row.Id && open.JobNote == Mark && open.DueAtMs == null))
            .ToListAsync(ct))
        {
            var isHeld = journal.Holds(row.Rrn!);
            if (isHeld && row.Status == nameof(PaymentStatus.Authorizing))
            {
                await Approve(store, new PaymentId(row.Id), window, now, ct);
            }
            else
            {
                await MakeDue(books, row, (isHeld ? now + window : now).ToUnixTimeMilliseconds(), ct);
            }

            reopened += isHeld ? 1 : 0;
            returned += isHeld ? 0 : 1;
        }

        return (reopened, returned);
    }

    /// <summary>Whoever asked the network is gone, but its books say that it approved.</summary>
    private static async Task Approve(IPaymentStore store, PaymentId id, TimeSpan window, DateTimeOffset now, CancellationToken ct)
    {
        var payment = (await store.Find(id, ct))!;
        var authorization = (await store.FindAuthorization(id, payment.Authorizations, ct))!;
        var outcome = new AuthorizationOutcome.Approved(ActionCode: 0, ApprovalCode: null);
        var clocks = new PaymentClocks(window, window, window, MaxDeclines: 1);
        if (payment.CompleteAuthorization(outcome, clocks, now).Refused(out var refusal, out var approved))
        {
            throw new InvalidOperationException($"Payment {id.Value} is {payment.Status}: {refusal.Name}");
        }

        await store.Apply(new PaymentChange(payment, approved, "operator", now)
        {
            Authorization = authorization.With(outcome) with { Note = "approved by the network's books after a restore" },
        });
    }

    /// <summary>Until then the merchant may verify it; from then on the jobs look after it.</summary>
    private static async Task MakeDue(CanPayContext books, PaymentRow row, long atMs, CancellationToken ct)
    {
        await using var transaction = await books.Database.BeginTransactionAsync(ct);
        if (await books.Payments.Where(payment => payment.Id == row.Id && payment.Version == row.Version)
            .ExecuteUpdateAsync(
                payment => payment.SetProperty(
                    p => p.VerifyDeadlineMs, p => p.Status == nameof(PaymentStatus.Authorized) ? atMs : p.VerifyDeadlineMs),
                ct) == 1)
        {
            await books.OpenPayments.Where(open => open.PaymentId == row.Id)
                .ExecuteUpdateAsync(open => open.SetProperty(o => o.DueAtMs, atMs).SetProperty(o => o.JobNote, (string?)null), ct);
            await transaction.CommitAsync(CancellationToken.None);
        }
    }

    /// <summary>A token from before the backup may have been paid since: nobody may pay it again.</summary>
    private static async Task<int> Expire(CanPayContext books, long nowMs, CancellationToken ct)
    {
        await Open(books, nameof(PaymentStatus.Created)).ExecuteUpdateAsync(open => open.SetProperty(o => o.DueAtMs, nowMs), ct);
        return await books.Payments.Where(row => row.Status == nameof(PaymentStatus.Created) && row.PageExpiresAtMs > nowMs)
            .ExecuteUpdateAsync(row => row.SetProperty(p => p.PageExpiresAtMs, nowMs), ct);
    }

    private static Task<int> PutAside(CanPayContext books, CancellationToken ct) =>
        Open(books, nameof(PaymentStatus.Authorizing), nameof(PaymentStatus.Authorized)).ExecuteUpdateAsync(
            open => open
                .SetProperty(o => o.DueAtMs, (long?)null)
                .SetProperty(o => o.LeaseUntilMs, 0)
                .SetProperty(o => o.LeaseEpoch, o => o.LeaseEpoch + 1)
                .SetProperty(o => o.JobNote, Mark),
            ct);

    private static IQueryable<OpenPaymentRow> Open(CanPayContext books, params string[] statuses) =>
        books.OpenPayments.Where(open => books.Payments.Any(row => row.Id == open.PaymentId && statuses.Contains(row.Status)));
}

/// <summary>What was done to books from a backup.</summary>
internal sealed record Precautions(int SkippedTraceNumbers, int ExpiredPayments, int PutAsidePayments);
