namespace CanPay.Gateway.Storage;

/// <summary>A row of <c>merchants</c>. Enums by name, lists separated by one space.</summary>
internal sealed class MerchantRow
{
    public long Id { get; set; }

    public required string Code { get; set; }

    public required string Name { get; set; }

    public required string Status { get; set; }

    public required string Addresses { get; set; }

    public required string Domains { get; set; }

    public required long MinAmountRials { get; set; }

    public required long MaxAmountRials { get; set; }

    public required string ReferrerPolicy { get; set; }

    public required string CallbackMethod { get; set; }

    public required bool AllowHttpCallback { get; set; }

    public bool RequireKey { get; set; }

    public string RefundMethod { get; set; } = nameof(Merchants.RefundMethod.Off);

    public required string TerminalId { get; set; }

    public required string AcceptorId { get; set; }

    public required string CategoryCode { get; set; }

    public required long CreatedAtMs { get; set; }

    /// <summary>Raised by every change; readers notice by it.</summary>
    public required long Version { get; set; }
}

/// <summary>A row of <c>api_keys</c>.</summary>
internal sealed class ApiKeyRow
{
    public required string Id { get; init; }

    public required long MerchantId { get; init; }

    public required string Name { get; init; }

    public required string SecretHash { get; init; }

    /// <summary>Names separated by one space.</summary>
    public required string Scopes { get; init; }

    public required long CreatedAtMs { get; init; }

    public long? ExpiresAtMs { get; set; }

    public long? RevokedAtMs { get; set; }
}

/// <summary>A row of <c>payments</c>.</summary>
internal sealed class PaymentRow
{
    public long Id { get; init; }

    public required long MerchantId { get; init; }

    public required string InvoiceId { get; init; }

    public required string Token { get; init; }

    public required long AmountRials { get; init; }

    public required string CallbackUrl { get; init; }

    public string? Mobile { get; init; }

    public required long CreatedAtMs { get; init; }

    public required long PageExpiresAtMs { get; init; }

    public required string Status { get; init; }

    public required long Version { get; init; }

    public required int Declines { get; init; }

    public required int Authorizations { get; init; }

    public int? DeclineCode { get; init; }

    public string? CardMask { get; init; }

    public string? Rrn { get; init; }

    public long? AuthorizedAtMs { get; init; }

    public long? VerifyDeadlineMs { get; init; }

    public long? VerifiedAtMs { get; init; }

    public long? EndedAtMs { get; init; }

    public string? ReversalCause { get; init; }
}

/// <summary>A row of <c>open_payments</c>, without the sealed card.</summary>
internal sealed class OpenPaymentRow
{
    public required long PaymentId { get; init; }

    /// <summary>Null where the payment was put aside.</summary>
    public long? DueAtMs { get; init; }

    public required long LeaseUntilMs { get; init; }

    public required long LeaseEpoch { get; init; }

    public required int JobAttempts { get; init; }

    public required int JobRefusals { get; init; }

    public string? JobNote { get; init; }
}

/// <summary>A row of <c>authorizations</c>.</summary>
internal sealed class AuthorizationRow
{
    public required long PaymentId { get; init; }

    public required int Number { get; init; }

    public required string Stan { get; init; }

    public required string Rrn { get; init; }

    public required long TransmittedAtMs { get; init; }

    public required string TerminalId { get; init; }

    public required string AcceptorId { get; init; }

    public required long AmountRials { get; init; }

    public required string CardMask { get; init; }

    public required string Status { get; init; }

    public int? ActionCode { get; init; }

    public string? ApprovalCode { get; init; }

    public string? Note { get; init; }

    public string? ReversalStan { get; init; }

    public long? ReversalAtMs { get; init; }
}

/// <summary>A row of <c>transitions</c>.</summary>
internal sealed class TransitionRow
{
    public required long PaymentId { get; init; }

    public required long Version { get; init; }

    public required long AtMs { get; init; }

    public string? FromStatus { get; init; }

    public required string ToStatus { get; init; }

    public required string Cause { get; init; }
}

/// <summary>A row of <c>network_messages</c>.</summary>
internal sealed class NetworkMessageRow
{
    public long Id { get; init; }

    public required long AtMs { get; init; }

    public required string Event { get; init; }

    public required string Mti { get; init; }

    public string? Stan { get; init; }

    public string? Rrn { get; init; }

    public int? ActionCode { get; init; }

    public long? PaymentId { get; init; }

    public string? Summary { get; init; }
}

/// <summary>A row of <c>transfers</c>.</summary>
internal sealed class TransferRow
{
    public long Id { get; init; }

    public required string Reference { get; init; }

    public required string Template { get; init; }

    public required string DebitAccount { get; init; }

    public required string CreditAccount { get; init; }

    public required long AmountRials { get; init; }

    public required long AtMs { get; init; }

    public required long PaymentId { get; init; }
}

/// <summary>A row of <c>key_marks</c>.</summary>
internal sealed class KeyMarkRow
{
    public required string Name { get; init; }

    public required string Mark { get; init; }
}

/// <summary>A row of <c>card_keys</c>.</summary>
internal sealed class CardKeyRow
{
    public required string Purpose { get; init; }

    public required int Version { get; init; }

    /// <summary>How whatever it sealed begins.</summary>
    public byte[]? Head { get; init; }

    public required string State { get; init; }

    public required string Kek { get; init; }

    public byte[]? Wrapped { get; init; }

    public required long CreatedAtMs { get; init; }

    public long? RetiredAtMs { get; init; }
}

/// <summary>A row of <c>sealed_secrets</c>.</summary>
internal sealed class SealedSecretRow
{
    public required string Name { get; init; }

    public required byte[] Sealed { get; init; }
}

/// <summary>A row of <c>holds</c>.</summary>
internal sealed class HoldRow
{
    public long Id { get; init; }

    public required string Reason { get; set; }

    public required bool IsAfterRestore { get; set; }

    public required long PlacedAtMs { get; init; }

    public long? ReleasedAtMs { get; set; }

    /// <summary>Why it was let go, and what was known then.</summary>
    public string? ReleaseNote { get; set; }
}

/// <summary>A row of <c>pin_requests</c>.</summary>
internal sealed class PinRequestRow
{
    public long Id { get; init; }

    public required string CardHash { get; init; }

    public required long PaymentId { get; init; }

    public required string Address { get; init; }

    public required long MerchantId { get; init; }

    public required long AtMs { get; init; }
}
