using System.Collections.Concurrent;
using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;

namespace CanPay.Gateway.Payments;

/// <summary>The payer pressed "pay": say it (durably), do it (ask the network), write what came of it.</summary>
/// <remarks>
/// The question to the network is bound to nobody's request: a payer who closes the browser neither stops it nor loses its
/// outcome. A node that dies meanwhile leaves a payment in <see cref="PaymentStatus.Authorizing"/>, which
/// <see cref="PaymentJobs"/> takes for unknown when its time is over.
/// </remarks>
public sealed class AuthorizePayment(
    IPaymentStore store,
    IAcquirer acquirer,
    PayingGate gate,
    PaymentClocks clocks,
    JobSignal jobs,
    TimeProvider clock,
    ILogger<AuthorizePayment> log) : IHostedService
{
    private static readonly TimeSpan RetryWrite = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<PaymentId, Task> _underWay = new();

    /// <summary>
    /// Begins an authorization. The card belongs to this method from now on: it is wiped when it is needed no more.
    /// </summary>
    /// <returns>A task that ends when the outcome is written, with it; or the reason why nothing was begun.</returns>
    public async Task<Result<Task<AuthorizationOutcome>>> Begin(
        Payment payment, Merchant merchant, Card card, string browserHash, CancellationToken ct)
    {
        var handedOn = false;
        try
        {
            if (await gate.Refusal(payment, browserHash, ct) is { } no)
            {
                return no;
            }

            var authorization = await acquirer.Prepare(
                payment.Id, payment.Authorizations + 1, payment.Amount, merchant.Terminal, card, ct);

            if (payment.BeginAuthorization(authorization, browserHash, clocks, clock.Now()).Refused(out var refusal, out var begun))
            {
                return refusal;
            }

            var change = new PaymentChange(payment, begun, "payer", clock.Now())
            {
                Authorization = authorization,
                NotAfter = payment.PageExpiresAt,
            };
            CrashPoint.Reach("claim.before");
            switch (await store.Apply(change))
            {
                case ApplyResult.Moved:
                    return PaymentRefusals.InProgress;
                case ApplyResult.TooLate:
                    return PaymentRefusals.Expired;
                case ApplyResult.Applied:
                    break;
            }

            CrashPoint.Reach("claim.after");
            log.AuthorizationBegun(begun.Id.Value, authorization.Rrn, authorization.Number);
            handedOn = true;
            var outcome = Ask(begun, authorization, card);
            _underWay[begun.Id] = outcome;
            _ = outcome.ContinueWith(
                _ => _underWay.TryRemove(begun.Id, out Task? _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return outcome;
        }
        finally
        {
            if (!handedOn)
            {
                card.Dispose();
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>A graceful stop waits for the answers that are under way, as long as the host lets it.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(_underWay.Values).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            log.StoppedWithAuthorizationsUnderWay(_underWay.Count);
        }
    }

    private async Task<AuthorizationOutcome> Ask(Payment payment, Authorization authorization, Card card)
    {
        AuthorizationOutcome outcome;
#pragma warning disable CA1031 // after the send nothing may be taken for "not paid", not even a defect of ours
        try
        {
            outcome = await acquirer.Authorize(authorization, card);
        }
        catch (Exception e)
        {
            log.AuthorizationBroke(e, payment.Id.Value, authorization.Rrn);
            outcome = new AuthorizationOutcome.Unknown("internal error");
        }
        finally
        {
            card.Dispose();
        }

        // Until the row's own time is over nobody else touches it; after that a job has taken it for unknown.
        var giveUpAt = payment.DueAt!.Value;
        var isSaid = false;
        while (clock.Now() < giveUpAt)
        {
            try
            {
                await Write(payment, authorization, outcome);
                return outcome;
            }
            catch (StoreUnavailableException e)
            {
                if (!isSaid)
                {
                    log.OutcomeNotWritten(payment.Id.Value, authorization.Rrn, e.Message);
                    isSaid = true;
                }

                await Task.Delay(RetryWrite, clock, CancellationToken.None);
            }
            catch (Exception e)
            {
                log.AuthorizationBroke(e, payment.Id.Value, authorization.Rrn);
                return outcome;
            }
        }

        log.OutcomeCameTooLate(payment.Id.Value, authorization.Rrn, authorization.With(outcome).Status);
#pragma warning restore CA1031

        log.OutcomeGivenUp(payment.Id.Value, authorization.Rrn);
        return outcome;
    }

    private async Task Write(Payment payment, Authorization authorization, AuthorizationOutcome outcome)
    {
        var now = clock.Now();
        if (payment.CompleteAuthorization(outcome, clocks, now).Refused(out _, out var completed))
        {
            throw new InvalidOperationException($"Payment {payment.Id.Value} is {payment.Status}, not being authorized.");
        }

        var ended = authorization.With(outcome);
        var change = new PaymentChange(payment, completed, "network", now)
        {
            Authorization = completed.Status is PaymentStatus.Reversing
                ? await acquirer.PrepareReversal(ended, CancellationToken.None)
                : ended,
            Messages = outcome.Messages,
        };

        CrashPoint.Reach("outcome.before");
        if (await store.Apply(change) is ApplyResult.Applied)
        {
            CrashPoint.Reach("outcome.after");
            log.AuthorizationEnded(payment.Id.Value, authorization.Rrn, completed.Status, ended.ActionCode);
            if (completed.Status is PaymentStatus.Reversing)
            {
                jobs.Wake();
            }
        }
        else if (await store.Find(payment.Id, CancellationToken.None) is { } current && current.Status == completed.Status
            && current.Version == completed.Version)
        {
            // An earlier write of ours whose outcome was unknown had been made after all.
            log.AuthorizationEnded(payment.Id.Value, authorization.Rrn, completed.Status, ended.ActionCode);
        }
        else
        {
            // A job took the payment for unknown and reverses it: a late approval never resurrects it.
            log.OutcomeCameTooLate(payment.Id.Value, authorization.Rrn, ended.Status);
        }
    }
}
