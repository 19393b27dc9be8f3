using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Refunds;

internal static class RefundsSetup
{
    /// <summary>Beginning refunds, and (role <c>jobs</c>) sending card refunds in the loop of the payments' jobs.</summary>
    public static IServiceCollection AddRefunds(this IServiceCollection services, bool withJobs)
    {
        services.AddSingleton<BeginRefund>();
        return withJobs ? services.AddSingleton<IDueWork, DueRefunds>() : services;
    }
}
