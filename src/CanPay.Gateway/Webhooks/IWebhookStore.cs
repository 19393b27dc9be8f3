using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Webhooks;

/// <summary>Events that wait for their endpoints. Events are born by the tables themselves, with the move that they tell of.</summary>
internal interface IWebhookStore
{
    /// <summary>
    /// Events that are due, each for this node alone until its lease ends: of one payment only the oldest, of one endpoint only as
    /// many as may be on their way, of one that fails only one.
    /// </summary>
    /// <param name="listener">The endpoint of a <c>canpay listen</c>; none: all that are nobody's.</param>
    /// <exception cref="StoreUnavailableException">Nothing was claimed, or it will be free again when its lease ends.</exception>
    Task<IReadOnlyList<ClaimedDelivery>> Claim(int atMost, DeliveryLimits limits, long? listener, CancellationToken ct);

    /// <summary>Writes what came of a try, if the claim still holds.</summary>
    /// <returns>False: somebody else has it now, and nothing was written.</returns>
    Task<bool> Finish(FinishedDelivery finished, DeliveryLimits limits);

    /// <summary>Makes the events of paid payments whose deadline is nearer than this and that are not verified yet, once for each.</summary>
    /// <returns>How many payments were looked at.</returns>
    Task<int> Remind(TimeSpan before, int atMost);

    /// <summary>Gives up what was born before and was not even tried since, such as the events of an endpoint that is disabled; and disables listeners that are gone.</summary>
    Task<int> GiveUp(DateTimeOffset bornBefore, int atMost);

    /// <summary>Throws away events that are older and wait for nobody, with the log of their tries.</summary>
    /// <returns>How many.</returns>
    Task<int> ForgetEvents(DateTimeOffset before, int atMost);
}

/// <param name="PerEndpoint">Events on their way to one endpoint.</param>
/// <param name="FailuresBeforePause">In a row.</param>
internal sealed record DeliveryLimits(
    TimeSpan Lease, int PerEndpoint, int FailuresBeforePause, TimeSpan Pause, TimeSpan MaxPause)
{
    public static DeliveryLimits From(WebhookOptions options) => new(
        TimeSpan.FromSeconds(options.LeaseSeconds),
        options.MaxAtOncePerEndpoint,
        options.FailuresBeforePause,
        TimeSpan.FromSeconds(options.PauseSeconds),
        TimeSpan.FromSeconds(options.MaxPauseSeconds));
}

/// <summary>An event that this node may send now.</summary>
/// <param name="Epoch">Names the claim.</param>
/// <param name="Payment">As its row is now; none where the event is of no payment.</param>
internal sealed record ClaimedDelivery(
    long Id, long Epoch, int Attempts, DateTimeOffset BornAt, WebhookEvent Event, Payment? Payment, ClaimedEndpoint Endpoint);

/// <param name="OldSecret">Signs, too, until <paramref name="OldUntil"/>.</param>
internal sealed record ClaimedEndpoint(long Id, string Key, Uri Url, byte[] Secret, byte[]? OldSecret, DateTimeOffset? OldUntil);

/// <param name="DueAt">When to try again; none: it is over.</param>
internal sealed record FinishedDelivery(ClaimedDelivery Claimed, SendOutcome Outcome, DateTimeOffset? DueAt)
{
    public DeliveryStatus Status => DueAt is not null ? DeliveryStatus.Pending
        : Outcome.Outcome is AttemptOutcome.Delivered ? DeliveryStatus.Delivered
        : DeliveryStatus.GivenUp;
}

/// <summary>Where an event stands with an endpoint. Stored by name.</summary>
internal enum DeliveryStatus
{
    Pending,
    Delivered,
    GivenUp,
}
