using CanPay.Gateway.Merchants;
using CanPay.Gateway.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Operations;

/// <summary>The merchant of the sandbox, which the guide's examples and the demo shop use.</summary>
internal static class DemoMerchant
{
    public const string Code = "111-222-333-444";

    /// <summary>Adds it where it is missing; what an operator changed of it stays.</summary>
    public static async Task Ensure(IServiceProvider services, CancellationToken ct)
    {
        await using var context = await services.GetRequiredService<IDbContextFactory<CanPayContext>>().CreateDbContextAsync(ct);
        if (await context.Merchants.AnyAsync(merchant => merchant.Code == Code, ct))
        {
            return;
        }

        var limits = services.GetRequiredService<IOptions<PaymentOptions>>().Value;
        context.Merchants.Add(new MerchantRow
        {
            Code = Code,
            Name = "فروشگاه نمونه",
            Status = nameof(MerchantStatus.Active),
            Addresses = "127.0.0.0/8 ::1",
            Domains = "localhost 127.0.0.1",
            MinAmountRials = limits.MinAmountRials,
            MaxAmountRials = limits.MaxAmountRials,
            ReferrerPolicy = nameof(ReferrerPolicy.Explain),
            CallbackMethod = nameof(CallbackMethod.Post),
            AllowHttpCallback = true,
            RefundMethod = nameof(RefundMethod.Card),
            TerminalId = "00000001",
            AcceptorId = "000000000000001",
            CategoryCode = "5999",
            CreatedAtMs = services.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds(),
            Version = 1,
        });
        try
        {
            await context.SaveChangesAsync(ct);
        }
        catch (DbUpdateException) when (context.Merchants.Any(merchant => merchant.Code == Code))
        {
            // Another node was quicker.
        }
    }
}
