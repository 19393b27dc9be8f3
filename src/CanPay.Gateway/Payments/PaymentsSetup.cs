using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Payments;

internal static class PaymentsSetup
{
    /// <summary>The life of payments: authorizing them, and (role <c>jobs</c>) looking after those whose time has come.</summary>
    public static IServiceCollection AddPayments(this IServiceCollection services, bool withJobs)
    {
        services.AddSingleton(provider =>
        {
            var payments = provider.GetRequiredService<IOptions<PaymentOptions>>().Value;
            var acquiring = provider.GetRequiredService<IOptions<AcquiringOptions>>().Value;
            return new PaymentClocks(
                TimeSpan.FromSeconds(payments.PageLifetimeSeconds),
                TimeSpan.FromSeconds(payments.VerifyWindowSeconds),
                TimeSpan.FromSeconds(acquiring.AnswerTimeoutSeconds + acquiring.ResolveGraceSeconds),
                payments.MaxDeclines);
        });
        services.AddSingleton<HoldGate>();
        services.AddSingleton<PayingGate>();
        services.AddSingleton<JobSignal>();
        services.AddSingleton<ReturnPayment>();
        services.AddSingleton<RequestPin>();
        services.AddSingleton<AuthorizePayment>();
        services.AddHostedService(provider => provider.GetRequiredService<AuthorizePayment>());
        if (withJobs)
        {
            services.AddSingleton<IDueWork, DuePayments>();
            services.AddSingleton<PaymentJobs>();
            services.AddHostedService(provider => provider.GetRequiredService<PaymentJobs>());
        }

        return services;
    }
}
