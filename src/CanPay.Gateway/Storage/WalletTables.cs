namespace CanPay.Gateway.Storage;

/// <summary>A row of <c>one_time_codes</c>.</summary>
internal sealed class OneTimeCodeRow
{
    public required string Id { get; init; }

    public required long PaymentId { get; init; }

    public required long MerchantId { get; init; }

    public required string Owner { get; init; }

    public required string BrowserHash { get; init; }

    public required string Address { get; init; }

    public required string CodeHash { get; init; }

    /// <summary>Time divided by what codes must lie apart: one of a mobile holds one code.</summary>
    public required long SentSlot { get; init; }

    public required long SentAtMs { get; init; }

    public required long ExpiresAtMs { get; init; }

    public long Tries { get; init; }

    public long? ProvedAtMs { get; init; }
}

/// <summary>A row of <c>saved_cards</c>.</summary>
internal sealed class SavedCardRow
{
    public required string Id { get; init; }

    public required string Owner { get; init; }

    public required string CardHash { get; init; }

    public required byte[] Sealed { get; init; }

    public required string Mask { get; init; }

    public string? Label { get; init; }

    public required long SavedAtMs { get; init; }

    public required long UsedAtMs { get; init; }

    public required string ProofId { get; init; }
}
