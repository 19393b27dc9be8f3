using System.Diagnostics;
using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Payments;

/// <summary>What is done for a payment whose time has come, by its status. Needs a claim; safe to do twice.</summary>
public sealed class DuePayments(
    IPaymentStore store,
    IAcquirer acquirer,
    PaymentClocks clocks,
    TimeProvider clock,
    IOptions<JobOptions> jobs,
    IOptions<AcquiringOptions> acquiring,
    ILogger<DuePayments> log) : IDueWork
{
    public int Places => jobs.Value.MaxAtOnce;

    public async Task<IReadOnlyList<ClaimedWork>> Claim(int limit, TimeSpan lease, CancellationToken ct) =>
    [
        .. (await store.ClaimDue(limit, lease, ct)).Select(payment => new ClaimedWork(
            $"payment {payment.Id.Value} in {payment.Status}", () => LookAfter(payment), failure => CountFailure(payment, failure))),
    ];

    public Task LookAfter(Payment claimed) => claimed.Status switch
    {
        PaymentStatus.Created => Move(claimed, claimed.Expire(clock.Now()), null, [], "clock"),
        PaymentStatus.Authorizing => TakeForUnknown(claimed),
        PaymentStatus.Authorized => Return(claimed),
        PaymentStatus.Reversing => Reverse(claimed),
        PaymentStatus.Verified or PaymentStatus.Reversed or PaymentStatus.Cancelled or PaymentStatus.Failed
            or PaymentStatus.Expired => throw new UnreachableException("A final payment is never due."),
    };

    /// <summary>The work itself broke: it is tried again, and put aside when it breaks every time.</summary>
    public Task CountFailure(Payment claimed, Exception failure) =>
        RetryOrPark(claimed, "broke: " + failure.GetType().Name, []);

    /// <summary>Whoever asked the network is gone: nobody will ever know, so the money is asked back.</summary>
    private async Task TakeForUnknown(Payment claimed)
    {
        var authorization = await LatestAuthorization(claimed);
        var unknown = new AuthorizationOutcome.Unknown("the node that asked did not write an outcome");
        var reversal = await acquirer.PrepareReversal(authorization.With(unknown), CancellationToken.None);
        await Move(claimed, claimed.CompleteAuthorization(unknown, clocks, clock.Now()), reversal, [], "clock");
    }

    private async Task Return(Payment claimed)
    {
        var authorization = await LatestAuthorization(claimed);
        var reversal = await acquirer.PrepareReversal(authorization, CancellationToken.None);
        await Move(claimed, claimed.ReturnUnverified(clock.Now()), reversal, [], "clock");
    }

    private async Task Reverse(Payment claimed)
    {
        if (!acquirer.IsReady(claimed.IsTest))
        {
            await Postpone(claimed, jobs.Value.RetrySeconds, "the card network cannot be reached", []);
            return;
        }

        var authorization = await LatestAuthorization(claimed);
        var outcome = await acquirer.Reverse(authorization);
        switch (outcome)
        {
            case ReversalOutcome.Acknowledged acknowledged:
                await Confirm(claimed, authorization, $"acknowledged with {acknowledged.ActionCode:000}", outcome);
                break;
            case ReversalOutcome.OriginalNotFound when PastQuarantine(authorization, claimed.JobAttempts):
                await Confirm(claimed, authorization, "the network never had the purchase", outcome);
                break;
            case ReversalOutcome.OriginalNotFound:
                await Retry(claimed, "the network does not know the purchase yet", outcome.Messages);
                break;
            case ReversalOutcome.Refused refused:
                await RetryOrPark(claimed, $"refused with {refused.ActionCode:000}", outcome.Messages);
                break;
            case ReversalOutcome.Unknown unknown:
                await Retry(claimed, unknown.Reason, outcome.Messages);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private Task Confirm(Payment claimed, Authorization authorization, string note, ReversalOutcome outcome) => Move(
        claimed,
        claimed.ConfirmReversal(clock.Now()),
        authorization with { Status = AuthorizationStatus.Reversed, Note = note },
        outcome.Messages,
        "network");

    private async Task Move(
        Payment claimed, Result<Payment> move, Authorization? authorization, IReadOnlyList<NetworkMessage> messages, string cause)
    {
        if (move.Refused(out var refusal, out var moved))
        {
            // Only a clock that was set back can make due work too early.
            await Postpone(claimed, jobs.Value.RetrySeconds, refusal.Name, messages);
            return;
        }

        var change = new PaymentChange(claimed, moved, cause, clock.Now())
        {
            Authorization = authorization,
            Messages = messages,
            LeaseEpoch = claimed.LeaseEpoch,
        };
        CrashPoint.Reach($"due.{moved.Status}.before");
        var result = await store.Apply(change);
        CrashPoint.Reach($"due.{moved.Status}.after");
        log.DuePaymentMoved(claimed.Id.Value, claimed.Status, moved.Status, result);
    }

    private Task Retry(Payment claimed, string reason, IReadOnlyList<NetworkMessage> messages)
    {
        var seconds = Backoff.Seconds(jobs.Value.RetrySeconds, jobs.Value.MaxRetrySeconds, claimed.JobAttempts);
        return Postpone(claimed with { JobAttempts = claimed.JobAttempts + 1 }, seconds, reason, messages);
    }

    /// <summary>What is refused again and again is put aside, so that an operator sees it and nothing else waits for it.</summary>
    private async Task RetryOrPark(Payment claimed, string reason, IReadOnlyList<NetworkMessage> messages)
    {
        var counted = claimed with { JobRefusals = claimed.JobRefusals + 1 };
        if (counted.JobRefusals < jobs.Value.MaxRefusals)
        {
            await Retry(counted, reason, messages);
            return;
        }

        log.PaymentParked(claimed.Id.Value, claimed.Rrn, reason);
        await store.Postpone(new Postponement(counted, DueAt: null, reason) { Messages = messages });
    }

    private async Task Postpone(Payment claimed, double seconds, string reason, IReadOnlyList<NetworkMessage> messages)
    {
        var kept = await store.Postpone(new Postponement(claimed, clock.Now() + Backoff.Spread(seconds, claimed.Id.Value, claimed.JobAttempts), reason) { Messages = messages });
        log.DuePaymentPostponed(claimed.Id.Value, claimed.Status, reason, kept);
    }

    /// <summary>
    /// So much time has passed by the clock, and by the waits between the tries as well: the clock alone may have been set forward,
    /// and money that moves afterwards would be lost to its payer.
    /// </summary>
    private bool PastQuarantine(Authorization authorization, int tries)
    {
        var quarantine = acquiring.Value.QuarantineSeconds;
        return clock.Now() >= authorization.TransmittedAt + TimeSpan.FromSeconds(quarantine)
            && tries >= Backoff.TriesIn(quarantine, jobs.Value.RetrySeconds, jobs.Value.MaxRetrySeconds);
    }

    private async Task<Authorization> LatestAuthorization(Payment payment) =>
        await store.FindAuthorization(payment.Id, payment.Authorizations, CancellationToken.None)
        ?? throw new InvalidOperationException($"Payment {payment.Id.Value} has no authorization {payment.Authorizations}.");
}
