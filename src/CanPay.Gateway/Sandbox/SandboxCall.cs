using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Sandbox;

/// <summary>A call of the API as it came, and what was answered: kept for some days, for whoever tries us out.</summary>
/// <param name="Token">Of the payment that it was about; none where it was about none.</param>
/// <param name="Request">The body; cut where it is long.</param>
internal sealed record SandboxCall(
    DateTimeOffset At, MerchantId MerchantId, string? Token, string Path, string RequestId, int Status, string Request, string Answer);

/// <summary>One step of a payment's life, in the order in which they came.</summary>
/// <param name="Kind"><c>call</c>, <c>move</c>, <c>network</c> or <c>money</c>.</param>
/// <param name="Title">What it was, in the words of the API, the state machine or the line.</param>
public sealed record Step(DateTimeOffset At, string Kind, string Title, string? Request = null, string? Answer = null);

/// <summary>What the sandbox keeps in the store.</summary>
internal interface ISandboxStore
{
    Task Keep(IReadOnlyList<SandboxCall> calls, CancellationToken ct);

    /// <summary>Everything that is known of a payment's life.</summary>
    Task<IReadOnlyList<Step>> Steps(PaymentId payment, string token, CancellationToken ct);

    Task Forget(DateTimeOffset before, CancellationToken ct);
}
