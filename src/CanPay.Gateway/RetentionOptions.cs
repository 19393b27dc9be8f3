using System.ComponentModel.DataAnnotations;

namespace CanPay.Gateway;

/// <summary>
/// Section <c>Retention</c>: what is thrown away when it is old. Money is not: transfers, and payments that were ever paid,
/// are kept for ever, with their history.
/// </summary>
public sealed class RetentionOptions : IValidatableObject
{
    public const string Section = "Retention";

    /// <summary>The database itself forbids to delete what is younger.</summary>
    public const int LeastDays = 30;

    /// <summary>Days for which the messages of the line to the card network are kept, once their payment is final.</summary>
    /// <value>Default 0: for ever. At least 30.</value>
    [Range(0, 36_500)]
    public int NetworkMessageDays { get; set; }

    /// <summary>Days for which payments are kept that were cancelled, expired or failed and so never had money.</summary>
    /// <value>Default 0: for ever. At least 30.</value>
    [Range(0, 36_500)]
    public int UnpaidPaymentDays { get; set; }

    /// <summary>Days for which it is kept what merchants' endpoints were told of, and how often it was tried, once nobody waits for it.</summary>
    /// <value>Default 90. 0: for ever. At least 30.</value>
    [Range(0, 36_500)]
    public int WebhookEventDays { get; set; } = 90;

    /// <summary>Minutes between two rounds.</summary>
    /// <value>Default 60.</value>
    [Range(1, 10_080)]
    public int EveryMinutes { get; set; } = 60;

    /// <summary>Rows that one transaction looks at; each is short, so that payments need not wait for it.</summary>
    /// <value>Default 1,000.</value>
    [Range(1, 100_000)]
    public int BatchRows { get; set; } = 1_000;

    /// <summary>Milliseconds between two transactions.</summary>
    /// <value>Default 100.</value>
    [Range(0, 60_000)]
    public int PauseMs { get; set; } = 100;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, days) in new[] { (nameof(NetworkMessageDays), NetworkMessageDays), (nameof(UnpaidPaymentDays), UnpaidPaymentDays), (nameof(WebhookEventDays), WebhookEventDays) })
        {
            if (days is > 0 and < LeastDays)
            {
                yield return new ValidationResult($"it takes 0 (for ever) or at least {LeastDays} days.", [name]);
            }
        }
    }
}
