namespace CanPay.Gateway.Storage;

/// <summary>A row of <c>declined_attempts</c>.</summary>
internal sealed class DeclinedAttemptRow
{
    public long Id { get; init; }

    public required long PaymentId { get; init; }

    public required long MerchantId { get; init; }

    public required string CardHash { get; init; }

    public required string Bin { get; init; }

    public required string Network { get; init; }

    /// <summary>The process that wrote it.</summary>
    public required string Reporter { get; init; }

    public required long AtMs { get; init; }
}

/// <summary>A row of <c>answered_captchas</c>.</summary>
internal sealed class AnsweredCaptchaRow
{
    public required string Id { get; init; }

    public required long PaymentId { get; init; }

    public required string BrowserHash { get; init; }

    /// <summary>Cards that it lets through still: 1 for a right answer that was not used yet, else 0.</summary>
    public required long Passes { get; init; }

    public required long AtMs { get; init; }
}
