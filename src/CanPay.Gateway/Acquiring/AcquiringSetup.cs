using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Acquiring.Keys;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Acquiring;

internal static class AcquiringSetup
{
    /// <summary>The line to the card network, and the acquirer on it.</summary>
    public static IServiceCollection AddAcquiring(this IServiceCollection services)
    {
        services.AddSingleton<IHsm>(provider => new SoftwareHsm(Sandbox(provider)));
        services.AddSingleton<TraceNumbers>();
        services.AddSingleton<SwitchConnection>();
        services.AddHostedService(provider => provider.GetRequiredService<SwitchConnection>());
        services.AddSingleton<DirectAcquirer>();
        services.AddSingleton<TestLine>();
        services.AddHostedService(provider => provider.GetRequiredService<TestLine>());
        services.AddSingleton<IAcquirer>(provider => new RoutedAcquirer(
            provider.GetRequiredService<DirectAcquirer>(),
            provider.GetRequiredService<TestLine>().Acquirer ?? (Sandbox(provider).Enabled ? provider.GetRequiredService<DirectAcquirer>() : null)));
        return services.AddCardKeys();
    }

    /// <summary>The vault, and the keys that wrap its keys.</summary>
    public static IServiceCollection AddCardKeys(this IServiceCollection services)
    {
        services.AddSingleton(provider => Keks.Open(
            provider.GetRequiredService<IOptions<KeyOptions>>().Value, provider.GetRequiredService<DataFolder>(), mayMake: Sandbox(provider).Enabled));
        return services.AddSingleton<CardVault>();
    }

    private static SandboxOptions Sandbox(IServiceProvider provider) => provider.GetRequiredService<IOptions<SandboxOptions>>().Value;
}
