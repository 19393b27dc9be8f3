using System.Security.Cryptography;
using CanPay.Gateway.Kernel;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Webhooks;

/// <summary>Sends one event to one endpoint and writes what came of it. Needs a claim; a repetition is the receiver's to recognise.</summary>
internal sealed class Delivery(
    IWebhookStore store,
    WebhookSender sender,
    SealedSecrets secrets,
    IOptions<WebhookOptions> options,
    TimeProvider clock,
    ILogger<Delivery> log)
{
    /// <returns>What came of it.</returns>
    public Task<FinishedDelivery> Deliver(ClaimedDelivery claimed) => Deliver(claimed, claimed.Endpoint.Url);

    /// <param name="to">Elsewhere than to the endpoint's own address; none: it only counts as taken.</param>
    public async Task<FinishedDelivery> Deliver(ClaimedDelivery claimed, Uri? to)
    {
        var outcome = await Try(claimed, to);
        var dueAt = outcome.Outcome is AttemptOutcome.Failed
            ? RetryPlan.Next(claimed.Id, claimed.Attempts + 1, claimed.BornAt, clock.Now(), options.Value)
            : null;
        var finished = new FinishedDelivery(claimed, outcome, dueAt);
        CrashPoint.Reach("webhook.delivered");
        var kept = await store.Finish(finished, DeliveryLimits.From(options.Value));
        CrashPoint.Reach("webhook.recorded");
        switch (finished.Status)
        {
            case DeliveryStatus.Delivered:
                log.EventDelivered(claimed.Event.Key, claimed.Event.Type, claimed.Endpoint.Key, outcome.DurationMs, kept);
                break;
            case DeliveryStatus.Pending:
                log.EventNotTaken(claimed.Event.Key, claimed.Event.Type, claimed.Endpoint.Key, outcome.ToString(), claimed.Attempts + 1, kept);
                break;
            case DeliveryStatus.GivenUp:
                log.EventGivenUp(claimed.Event.Key, claimed.Event.Type, claimed.Endpoint.Key, outcome.ToString(), claimed.Attempts + 1);
                break;
        }

        return finished;
    }

    private async Task<SendOutcome> Try(ClaimedDelivery claimed, Uri? to)
    {
        if (to is null)
        {
            return new SendOutcome(AttemptOutcome.Delivered, null, "shown", clock.Now(), 0);
        }

        if (claimed.Event.PaymentId is not null && claimed.Payment is null)
        {
            return new SendOutcome(AttemptOutcome.Failed, null, "its payment is not in the books any more", clock.Now(), 0);
        }

        try
        {
            var body = EventBody.Of(claimed.Event, claimed.Payment);
            return await sender.Send(to, claimed.Event.Key, body, Secrets(claimed.Endpoint), CancellationToken.None);
        }
        catch (CryptographicException)
        {
            // Keys that this node has not seen yet it sees later; keys that are lost an operator must replace.
            return new SendOutcome(AttemptOutcome.Failed, null, "the secret cannot be opened; replace it: canpay webhook rotate", clock.Now(), 0);
        }
    }

    private List<WebhookSecret> Secrets(ClaimedEndpoint endpoint) => endpoint.OldSecret is { } old && clock.Now() < endpoint.OldUntil
        ? [secrets.Open(endpoint.Secret), secrets.Open(old)]
        : [secrets.Open(endpoint.Secret)];
}
