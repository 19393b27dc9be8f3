using System.ComponentModel.DataAnnotations;

namespace CanPay.Gateway;

/// <summary>Section <c>Webhooks</c>: how merchants' endpoints are told of their payments.</summary>
public sealed class WebhookOptions : IValidatableObject
{
    public const string Section = "Webhooks";

    /// <summary>Milliseconds between two looks for events that are due.</summary>
    /// <value>Default 500.</value>
    [Range(10, 60_000)]
    public int PollMs { get; set; } = 500;

    /// <summary>Seconds that a node has an event for itself.</summary>
    /// <value>Default 30; longer than the time-out.</value>
    [Range(2, 3_600)]
    public int LeaseSeconds { get; set; } = 30;

    /// <summary>Seconds for the whole exchange with an endpoint, its name's resolution included.</summary>
    /// <value>Default 5.</value>
    [Range(1, 60)]
    public int TimeoutSeconds { get; set; } = 5;

    /// <summary>Events that this node sends at once.</summary>
    /// <value>Default 64.</value>
    [Range(1, 10_000)]
    public int MaxAtOnce { get; set; } = 64;

    /// <summary>Events that are on their way to one endpoint at once, over all nodes.</summary>
    /// <value>Default 4.</value>
    [Range(1, 1_000)]
    public int MaxAtOncePerEndpoint { get; set; } = 4;

    /// <summary>Seconds before an event is tried again for the first time; doubled each time.</summary>
    /// <value>Default 5.</value>
    [Range(1, 3_600)]
    public int RetrySeconds { get; set; } = 5;

    /// <summary>Seconds between two tries of an event at the most.</summary>
    /// <value>Default 14,400, four hours.</value>
    [Range(1, 86_400)]
    public int MaxRetrySeconds { get; set; } = 14_400;

    /// <summary>Hours after which an event that was not taken is given up.</summary>
    /// <value>Default 72, three days.</value>
    [Range(1, 720)]
    public int GiveUpHours { get; set; } = 72;

    /// <summary>Failures in a row after which an endpoint is left alone for a while, and then asked with one event only.</summary>
    /// <value>Default 5.</value>
    [Range(1, 1_000)]
    public int FailuresBeforePause { get; set; } = 5;

    /// <summary>Seconds of the first such pause; doubled with each further failure.</summary>
    /// <value>Default 15.</value>
    [Range(1, 3_600)]
    public int PauseSeconds { get; set; } = 15;

    /// <summary>Seconds of such a pause at the most.</summary>
    /// <value>Default 300.</value>
    [Range(1, 86_400)]
    public int MaxPauseSeconds { get; set; } = 300;

    /// <summary>Seconds before the verify deadline at which <c>payment.unverified_soon</c> is told.</summary>
    /// <value>Default 300.</value>
    [Range(0, 86_400)]
    public int ReminderSeconds { get; set; } = 300;

    /// <summary>Hours for which the secret before the present one signs, too, after it was replaced.</summary>
    /// <value>Default 24.</value>
    [Range(0, 720)]
    public int RotationHours { get; set; } = 24;

    /// <summary>Ports that an endpoint may have, separated by commas.</summary>
    /// <value>Default 443.</value>
    [RegularExpression("^[0-9]{1,5}( *, *[0-9]{1,5})*$", ErrorMessage = "it takes port numbers, separated by commas.")]
    public string AllowedPorts { get; set; } = "443";

    /// <summary>Endpoints on this machine, by http and on any port: for trying things out.</summary>
    /// <value>Default: in the sandbox only.</value>
    public bool? AllowLoopback { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (LeaseSeconds <= TimeoutSeconds)
        {
            yield return new ValidationResult("it must be longer than Webhooks:TimeoutSeconds.", [nameof(LeaseSeconds)]);
        }
    }
}
