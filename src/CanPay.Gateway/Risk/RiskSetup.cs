using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Risk;

internal static class RiskSetup
{
    public static IServiceCollection AddRisk(this IServiceCollection services)
    {
        services.AddSingleton(provider => new Counters(provider.GetRequiredService<IOptions<RiskOptions>>().Value));
        services.AddSingleton<RiskGate>();
        services.AddHostedService<RiskNews>();
        return services;
    }
}
