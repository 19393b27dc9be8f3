namespace CanPay.Gateway.Storage;

/// <summary>A row of <c>refunds</c>; only read.</summary>
internal sealed class RefundRow
{
    public long Id { get; init; }

    public required long PaymentId { get; init; }

    public required long MerchantId { get; init; }

    /// <summary>The merchant's own.</summary>
    public required string RefundId { get; init; }

    public required string RequestHash { get; init; }

    public required long AmountRials { get; init; }

    public required string Reason { get; init; }

    public required string Method { get; init; }

    public required string Status { get; init; }

    public required long Version { get; init; }

    public string? Stan { get; init; }

    public string? Rrn { get; init; }

    public long? TransmittedAtMs { get; init; }

    public int? ActionCode { get; init; }

    public string? BankReference { get; init; }

    public string? Failure { get; init; }

    public required long CreatedAtMs { get; init; }

    public long? EndedAtMs { get; init; }

    /// <summary>Null where it is over, or waits for an operator.</summary>
    public long? DueAtMs { get; init; }

    public required long LeaseUntilMs { get; init; }

    public required long LeaseEpoch { get; init; }

    public required int JobAttempts { get; init; }

    public required int JobRefusals { get; init; }

    public string? JobNote { get; init; }
}
