namespace CanPay.Gateway.Storage;

/// <summary>A row of <c>webhook_endpoints</c>.</summary>
internal sealed class WebhookEndpointRow
{
    public long Id { get; init; }

    /// <summary>What operators call it: <c>whe_</c> and 26 letters and digits.</summary>
    public required string Key { get; init; }

    public required long MerchantId { get; init; }

    public required string Url { get; set; }

    /// <summary>Types separated by one space, or <c>*</c>.</summary>
    public required string Events { get; set; }

    /// <summary><c>Active</c>, <c>Disabled</c> or <c>Removed</c>.</summary>
    public required string Status { get; set; }

    public string? Note { get; set; }

    public required long ActiveSinceMs { get; set; }

    public byte[]? SealedSecret { get; set; }

    public byte[]? OldSecret { get; set; }

    public long? OldUntilMs { get; set; }

    /// <summary>In a row.</summary>
    public int Failures { get; set; }

    public long PausedUntilMs { get; set; }

    /// <summary>Only of <c>canpay listen</c>, which renews it.</summary>
    public long? ListenedUntilMs { get; set; }

    public required long CreatedAtMs { get; init; }
}

/// <summary>A row of <c>webhook_events</c>.</summary>
internal sealed class WebhookEventRow
{
    public long Id { get; init; }

    public required string Key { get; init; }

    public required long MerchantId { get; init; }

    public long? PaymentId { get; init; }

    /// <summary>JSON.</summary>
    public string? Refund { get; init; }

    public long RefundedRials { get; init; }

    public required string Type { get; init; }

    public required long AtMs { get; init; }
}

/// <summary>A row of <c>webhook_deliveries</c>.</summary>
internal sealed class WebhookDeliveryRow
{
    public long Id { get; init; }

    public required long EventId { get; init; }

    public required long EndpointId { get; init; }

    public long? PaymentId { get; init; }

    public required string Status { get; set; }

    public required long BornAtMs { get; set; }

    public required long DueAtMs { get; set; }

    public long LeaseUntilMs { get; init; }

    public long LeaseEpoch { get; init; }

    public int Attempts { get; set; }

    public string? Note { get; set; }

    public long? EndedAtMs { get; set; }
}

/// <summary>A row of <c>webhook_attempts</c>.</summary>
internal sealed class WebhookAttemptRow
{
    public long Id { get; init; }

    public required long DeliveryId { get; init; }

    public required long AtMs { get; init; }

    public required int DurationMs { get; init; }

    public required string Outcome { get; init; }

    public int? HttpStatus { get; init; }

    public string? Note { get; init; }
}
