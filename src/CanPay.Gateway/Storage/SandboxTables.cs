namespace CanPay.Gateway.Storage;

/// <summary>A row of <c>sandbox_calls</c>.</summary>
internal sealed class SandboxCallRow
{
    public long Id { get; init; }

    public required long MerchantId { get; init; }

    public string? Token { get; init; }

    public required string Path { get; init; }

    public required string RequestId { get; init; }

    public required int Status { get; init; }

    public required string Request { get; init; }

    public required string Answer { get; init; }

    public required long AtMs { get; init; }
}
