using System.Diagnostics;
using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Refunds;

/// <summary>Sends card refunds until the network has said what became of them. Needs a claim; safe to do twice.</summary>
public sealed class DueRefunds(
    IRefundStore refunds,
    IPaymentStore payments,
    IAcquirer acquirer,
    TimeProvider clock,
    IOptions<JobOptions> jobs,
    ILogger<DueRefunds> log) : IDueWork
{
    /// <summary>A quarter of what payments have, on top of it.</summary>
    public int Places => Math.Max(1, jobs.Value.MaxAtOnce / 4);

    public async Task<IReadOnlyList<ClaimedWork>> Claim(int limit, TimeSpan lease, CancellationToken ct) =>
    [
        .. (await refunds.ClaimDue(limit, lease, ct)).Select(refund => new ClaimedWork(
            $"refund {refund.Id.Value} in {refund.Status}",
            () => Send(refund),
            failure => RetryOrPark(refund, "broke: " + failure.GetType().Name, []))),
    ];

    private async Task Send(Refund claimed)
    {
        if (!acquirer.IsReady(claimed.IsTest))
        {
            await Postpone(claimed, jobs.Value.RetrySeconds, "the card network cannot be reached", []);
            return;
        }

        var outcome = await acquirer.Refund(await Order(claimed));
        switch (outcome)
        {
            case RefundOutcome.Done done:
                await End(claimed, claimed.Acknowledge(done.ActionCode, clock.Now()), outcome);
                break;
            case RefundOutcome.Declined declined:
                await End(claimed, claimed.Decline(declined.ActionCode, clock.Now()), outcome);
                break;
            case RefundOutcome.Refused refused:
                await RetryOrPark(claimed, $"refused with {refused.ActionCode:000}", outcome.Messages);
                break;
            case RefundOutcome.Unknown unknown:
                await Retry(claimed, unknown.Reason, outcome.Messages);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private async Task<RefundOrder> Order(Refund claimed)
    {
        var payment = await payments.Find(claimed.PaymentId, CancellationToken.None)
            ?? throw new InvalidOperationException($"Refund {claimed.Id.Value} has no payment.");
        var purchase = await payments.FindAuthorization(payment.Id, payment.Authorizations, CancellationToken.None)
            ?? throw new InvalidOperationException($"Payment {payment.Id.Value} has no authorization {payment.Authorizations}.");
        var card = await refunds.FindCard(payment.Id, CancellationToken.None);
        return new RefundOrder(claimed.Advice!, purchase with { SealedCard = card }, claimed.Amount);
    }

    private async Task End(Refund claimed, Result<Refund> move, RefundOutcome outcome)
    {
        if (move.Refused(out var refusal, out var ended))
        {
            throw new UnreachableException($"Refund {claimed.Id.Value} is {claimed.Status}: {refusal.Name}");
        }

        CrashPoint.Reach("refund_end.before");
        var isWritten = await refunds.Apply(
            new RefundChange(claimed, ended, clock.Now()) { Messages = outcome.Messages, LeaseEpoch = claimed.LeaseEpoch });
        CrashPoint.Reach("refund_end.after");
        log.RefundEnded(claimed.Id.Value, claimed.Advice!.Rrn, ended.Status, ended.ActionCode, isWritten);
    }

    private Task Retry(Refund claimed, string reason, IReadOnlyList<NetworkMessage> messages) => Postpone(
        claimed with { JobAttempts = claimed.JobAttempts + 1 }, Backoff.Seconds(jobs.Value.RetrySeconds, jobs.Value.MaxRetrySeconds, claimed.JobAttempts), reason, messages);

    /// <summary>What is refused again and again is put aside, so that an operator sees it.</summary>
    private async Task RetryOrPark(Refund claimed, string reason, IReadOnlyList<NetworkMessage> messages)
    {
        var counted = claimed with { JobRefusals = claimed.JobRefusals + 1 };
        if (counted.JobRefusals < jobs.Value.MaxRefusals)
        {
            await Retry(counted, reason, messages);
            return;
        }

        log.RefundParked(claimed.Id.Value, claimed.Advice?.Rrn, reason);
        await refunds.Postpone(counted, dueAt: null, reason, messages);
    }

    private async Task Postpone(Refund claimed, double seconds, string reason, IReadOnlyList<NetworkMessage> messages)
    {
        var kept = await refunds.Postpone(claimed, clock.Now() + Backoff.Spread(seconds, claimed.Id.Value, claimed.JobAttempts), reason, messages);
        log.RefundPostponed(claimed.Id.Value, reason, kept);
    }
}
