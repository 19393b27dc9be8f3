using CanPay.Gateway.Acquiring.Direct;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Acquiring;

internal static class AcquiringSetup
{
    /// <summary>The line to the card network, and the acquirer on it.</summary>
    public static IServiceCollection AddAcquiring(this IServiceCollection services)
    {
        services.AddSingleton<IHsm>(provider => new SoftwareHsm(Sandbox(provider)));
        services.AddSingleton(provider =>
            CardVault.Open(provider.GetRequiredService<DataFolder>(), mayMake: Sandbox(provider).Enabled));
        services.AddSingleton<TraceNumbers>();
        services.AddSingleton<SwitchConnection>();
        services.AddHostedService(provider => provider.GetRequiredService<SwitchConnection>());
        services.AddSingleton<IAcquirer, DirectAcquirer>();
        return services;

        static SandboxOptions Sandbox(IServiceProvider provider) =>
            provider.GetRequiredService<IOptions<SandboxOptions>>().Value;
    }
}
