using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Api;

/// <summary>POST /api/ipg/unverified: paid, and waiting for the merchant to verify; oldest first. Lost callbacks are found by it.</summary>
internal sealed class ListUnverified(
    PaymentsRead payments, IPaymentList list, IPaymentStore store, PaymentClocks clocks, TimeProvider clock) : IApiOperation
{
    /// <summary>Above the sum of all times of a payment's life, were they set longer when it began.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromHours(1);

    public static ApiScope Scope => ApiScope.Read;

    public async Task<Result<string>> Handle(HttpRequest request, RequestFields fields, Merchant merchant, CancellationToken ct)
    {
        if ((await Page.Read(fields, merchant, store, ct)).Refused(out var refusal, out var page))
        {
            return refusal;
        }

        var now = clock.GetUtcNow();
        var since = now - clocks.PageLifetime - clocks.ResolveAfter - clocks.VerifyWindow - Slack;
        return await page.Answer(await list.Unverified(merchant.Id, now, since, page.After, page.Look, ct), payments, ct);
    }
}
