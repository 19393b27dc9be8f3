using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Webhooks;
using static CanPay.Gateway.Payments.PaymentStatus;

namespace CanPay.Simulation;

/// <summary>Mistakes that cost money, one at a time. A checker that misses one of them is not to be believed.</summary>
internal static class PlantedBugs
{
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new("verify_without_compare", "A verification is written whatever the row has become meanwhile.")
        {
            Apply = (_, store, change) => change.After.Status is Verified ? Force(store, change) : store.Apply(change),
        },
        new("return_without_compare", "The return after the deadline is written whatever the row has become meanwhile.")
        {
            Apply = (_, store, change) => IsReturn(change) ? Force(store, change) : store.Apply(change),
        },
        new("reverse_without_compare", "A merchant's reversal is written whatever the row has become meanwhile.")
        {
            Apply = (_, store, change) => change.Cause == "merchant" && change.After.Status is Reversing ? Force(store, change) : store.Apply(change),
        },
        new("cancel_without_compare", "The payer cancels though a card is under way.")
        {
            Apply = (_, store, change) => change.After.Status is Cancelled ? Force(store, change) : store.Apply(change),
        },
        new("job_without_fencing", "What a job read long ago it writes, whoever has its lease now and whatever the row has become.")
        {
            Apply = (_, store, change) => change.LeaseEpoch is not null ? Force(store, change) : store.Apply(change),
        },
        new("second_card_meanwhile", "A second card is begun while the first is under way.")
        {
            Apply = (_, store, change) => change.After.Status is Authorizing ? ForceCard(store, change) : store.Apply(change),
        },
        new("late_approval_resurrects", "An approval that comes when the payment is being reversed makes it paid again.")
        {
            Apply = async (_, store, change) =>
            {
                var result = await store.Apply(change);
                return result is ApplyResult.Moved && change.After.Status is Authorized ? await Force(store, change) : result;
            },
        },
        new("verify_after_deadline", "A verification has no latest time.")
        {
            Apply = (_, store, change) => store.Apply(change.After.Status is Verified ? change with { NotAfter = null } : change),
        },
        new("unknown_commit_is_success", "A verification whose commit is unknown is told as done.")
        {
            Apply = (_, store, change) => change.After.Status is Verified ? Believe(store, change) : store.Apply(change),
        },
        new("sends_before_it_is_written", "A purchase is sent though nobody knows whether it is in the books.")
        {
            Apply = (_, store, change) => change.After.Status is Authorizing ? Believe(store, change) : store.Apply(change),
        },
        new("verify_told_before_commit", "The merchant is told of a verification that is on its way to the disk.")
        {
            Apply = (_, store, change) => change.After.Status is Verified ? DoNotWait(store, change) : store.Apply(change),
        },
        new("token_told_before_commit", "The merchant is told a token that is on its way to the disk.")
        {
            Create = (store, payment) =>
            {
                Forget(store.Create(payment, CancellationToken.None));
                return Task.FromResult<CreateResult>(new CreateResult.Created(default));
            },
        },
        new("read_is_not_settled", "What was only read is told before it is safe on the standby.") { Settle = _ => Task.FromResult(true) },
        new("doubt_is_not_written", "Nobody writes that an outcome is unknown.")
        {
            Apply = (_, store, change) => change is { Before.Status: Authorizing, After.Status: Reversing }
                ? Task.FromResult(ApplyResult.Applied)
                : store.Apply(change),
        },
        new("answer_kept_apart", "The answer under a key is kept in a transaction of its own, if the node lives so long.")
        {
            Apply = async (world, store, change) =>
            {
                var result = await store.Apply(change with { Answer = null });
                if (result is ApplyResult.Applied && change.Answer is { } answer && !world.Faults.Happens(0.2))
                {
                    await store.KeepAnswer(change.After.MerchantId, answer, CancellationToken.None);
                }

                return result;
            },
        },
        new("parks_at_once", "Work that did not succeed is put aside.")
        {
            Postpone = (store, postponement) => store.Postpone(postponement with { DueAt = null }),
        },
        new("trace_numbers_twice", "Two nodes are given the same trace numbers.") { TraceNumbers = first => first / 400 * 400 },
        new("silence_is_a_decline", "No answer in time counts as a decline.")
        {
            Authorize = (acquirer, authorization, card) => Instead<AuthorizationOutcome, AuthorizationOutcome.Unknown>(
                acquirer.Authorize(authorization, card), new AuthorizationOutcome.Declined(911)),
        },
        new("silence_is_not_sent", "No answer in time counts as nothing sent.")
        {
            Authorize = (acquirer, authorization, card) => Instead<AuthorizationOutcome, AuthorizationOutcome.Unknown>(
                acquirer.Authorize(authorization, card), new AuthorizationOutcome.NotSent("no answer")),
        },
        new("purchase_again_with_new_trace", "A purchase without an answer is asked again under a new trace number.")
        {
            Authorize = async (acquirer, authorization, card) =>
            {
                var outcome = await acquirer.Authorize(authorization, card);
                if (outcome is not AuthorizationOutcome.Unknown)
                {
                    return outcome;
                }

                var again = await acquirer.PrepareReversal(authorization, CancellationToken.None);
                return await acquirer.Authorize(
                    authorization with { Stan = again.Reversal!.Stan, TransmittedAt = again.Reversal.TransmittedAt }, card);
            },
        },
        new("other_amount_asked", "The network is asked for another amount.")
        {
            Authorize = (acquirer, authorization, card) =>
                acquirer.Authorize(authorization with { Amount = new Rials(authorization.Amount.Amount + 1) }, card),
        },
        new("reversal_final_when_sent", "A reversal that was sent counts as done.")
        {
            Reverse = (acquirer, authorization) => Instead<ReversalOutcome, ReversalOutcome.Unknown>(
                acquirer.Reverse(authorization), new ReversalOutcome.Acknowledged(0)),
        },
        new("refused_reversal_final", "A reversal that was refused counts as done.")
        {
            Reverse = (acquirer, authorization) => Instead<ReversalOutcome, ReversalOutcome.Refused>(
                acquirer.Reverse(authorization), new ReversalOutcome.Acknowledged(0)),
        },
        new("not_found_believed", "That the network does not know a purchase is believed at once.")
        {
            Change = settings => settings.Acquiring.Value.QuarantineSeconds = 0,
        },
        new("not_found_believed_soon", "That the network does not know a purchase is believed while it may still be under way.")
        {
            Change = settings => settings.Acquiring.Value.QuarantineSeconds = 30,
        },
        new("clock_ends_quarantine", "That the network does not know a purchase is believed by the clock alone, which may have been set.")
        {
            Claim = payment => payment with { JobAttempts = payment.JobAttempts + 100 },
        },
        new("reversal_with_new_trace", "A repeated reversal has another trace number.")
        {
            Reverse = async (acquirer, authorization) =>
                await acquirer.Reverse(await acquirer.PrepareReversal(authorization, CancellationToken.None)),
        },
        new("reversal_names_another", "A reversal names another purchase.")
        {
            Reverse = (acquirer, authorization) => acquirer.Reverse(authorization with { Stan = authorization.Reversal!.Stan }),
        },
        new("refund_with_new_trace", "A repeated refund has another trace number.")
        {
            Refund = async (acquirer, order) => await acquirer.Refund(order with { Advice = await acquirer.PrepareRefund(CancellationToken.None) }),
        },
        new("refund_silence_is_done", "A refund without an answer counts as done.")
        {
            Refund = (acquirer, order) => Instead<RefundOutcome, RefundOutcome.Unknown>(
                acquirer.Refund(order), new RefundOutcome.Done(0)),
        },
        new("refund_silence_is_a_decline", "A refund without an answer counts as declined.")
        {
            Refund = (acquirer, order) => Instead<RefundOutcome, RefundOutcome.Unknown>(
                acquirer.Refund(order), new RefundOutcome.Declined(100)),
        },
        new("refund_of_everything", "A part is refunded, and the network is asked for all of it.")
        {
            Refund = (acquirer, order) => acquirer.Refund(order with { Amount = order.Purchase.Amount }),
        },
        new("window_too_short", "The merchant has less time than the guide says.")
        {
            Change = settings => settings.Clocks = settings.Clocks with { VerifyWindow = TimeSpan.FromSeconds(840) },
        },
        new("deadline_by_own_clock", "A node sets deadlines by its machine's clock.") { UsesOwnClock = true },
        new("event_delivered_when_sent", "An event counts as delivered when it was sent.")
        {
            Finish = finished => finished with
            {
                DueAt = null,
                Outcome = finished.Outcome with { Outcome = AttemptOutcome.Delivered, HttpStatus = 200 },
            },
        },
        new("outbox_apart", "Events are written in a transaction of their own, if the node lives so long.")
        {
            Sabotage = books => books.Ignore("webhook_events"),
            Apply = (world, store, change) => Apart(world, store, change, world.Books.AddEvent),
        },
        new("ledger_apart", "Postings are written in a transaction of their own, if the node lives so long.")
        {
            Sabotage = books => books.Ignore("transfers"),
            Apply = (world, store, change) => Apart(world, store, change, world.Books.AddTransfers),
        },
        new("card_dies_early", "The sealed card is thrown away before its reversal is acknowledged.")
        {
            Apply = async (world, store, change) =>
            {
                var result = await store.Apply(change);
                if (result is ApplyResult.Applied && change.After.Status is Reversing)
                {
                    world.Books.ForgetCard(change);
                }

                return result;
            },
        },
    ];

    private static bool IsReturn(PaymentChange change) => change.After is { Status: Reversing, ReversalCause: ReversalCause.NotVerified };

    /// <summary>Writes the move over whatever is there.</summary>
    private static async Task<ApplyResult> Force(IPaymentStore store, PaymentChange change) =>
        await store.Find(change.Before.Id, CancellationToken.None) is { } now
            ? await store.Apply(change with
            {
                Before = now,
                After = change.After with { Version = now.Version + 1, LeaseEpoch = now.LeaseEpoch },
                LeaseEpoch = null,
                NotAfter = null,
            })
            : ApplyResult.Moved;

    private static async Task<ApplyResult> ForceCard(IPaymentStore store, PaymentChange change)
    {
        var now = await store.Find(change.Before.Id, CancellationToken.None);
        return now is not { Status: Authorizing } || change.Authorization is not { } authorization
            ? await store.Apply(change)
            : await store.Apply(change with
            {
                Before = now,
                After = change.After with { Version = now.Version + 1, Authorizations = now.Authorizations + 1 },
                Authorization = authorization with { Number = now.Authorizations + 1 },
            });
    }

    /// <summary>What follows from a move is written after it, if the node lives so long.</summary>
    private static async Task<ApplyResult> Apart(World world, IPaymentStore store, PaymentChange change, Action<PaymentChange> write)
    {
        var result = await store.Apply(change);
        if (result is ApplyResult.Applied && !world.Faults.Happens(0.02))
        {
            write(change);
        }

        return result;
    }

    /// <summary>Takes one kind of answer for another.</summary>
    private static async Task<T> Instead<T, TKind>(Task<T> asked, T taken)
        where TKind : T => await asked is not TKind and var outcome ? outcome : taken;

    private static async Task<ApplyResult> Believe(IPaymentStore store, PaymentChange change)
    {
        try
        {
            return await store.Apply(change);
        }
        catch (StoreUnavailableException)
        {
            return ApplyResult.Applied;
        }
    }

    private static Task<ApplyResult> DoNotWait(IPaymentStore store, PaymentChange change)
    {
        Forget(store.Apply(change));
        return Task.FromResult(ApplyResult.Applied);
    }

    private static void Forget(Task task) => _ = task.ContinueWith(
        failed => _ = failed.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
