using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Acquiring;

/// <summary>
/// Two lines behind one port: what a test terminal asks goes to the test switch and nowhere else, whatever else is true of the
/// installation. The terminal stands in each authorization, so that its reversal finds the same way.
/// </summary>
/// <param name="network">The card network.</param>
/// <param name="tests">The test switch; none where the installation has no line to one.</param>
internal sealed class RoutedAcquirer(IAcquirer network, IAcquirer? tests) : IAcquirer
{
    public bool IsReady(bool forTests) => forTests ? tests?.IsReady(forTests) ?? false : network.IsReady(forTests);

    public Task<Authorization> Prepare(PaymentId payment, int number, Rials amount, Terminal terminal, Card card, CancellationToken ct) =>
        Of(terminal).Prepare(payment, number, amount, terminal, card, ct);

    public Task<AuthorizationOutcome> Authorize(Authorization authorization, Card card) => Of(authorization.Terminal).Authorize(authorization, card);

    public Task<Authorization> PrepareReversal(Authorization authorization, CancellationToken ct) =>
        Of(authorization.Terminal).PrepareReversal(authorization, ct);

    public Task<ReversalOutcome> Reverse(Authorization authorization) => Of(authorization.Terminal).Reverse(authorization);

    public Task<bool> RequestPin(PaymentId payment, Rials amount, Terminal terminal, Card card, CancellationToken ct) =>
        Of(terminal).RequestPin(payment, amount, terminal, card, ct);

    /// <summary>A number and a time: whoever sends it later.</summary>
    public Task<RefundAdvice> PrepareRefund(CancellationToken ct) => network.PrepareRefund(ct);

    public Task<RefundOutcome> Refund(RefundOrder order) => Of(order.Purchase.Terminal).Refund(order);

    private IAcquirer Of(Terminal terminal) => !terminal.IsTest ? network
        : tests ?? throw new InvalidOperationException($"The terminal {terminal.TerminalId} is for tests, and there is no test switch (Sandbox:SwitchHost).");
}
