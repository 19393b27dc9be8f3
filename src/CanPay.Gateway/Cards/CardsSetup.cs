using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Cards;

internal static class CardsSetup
{
    private const string Simulator = "http://127.0.0.1:5084";

    /// <summary>The payer's own cards, and whoever is asked about them: in the sandbox the simulator, where nobody else is named.</summary>
    public static IServiceCollection AddCards(this IServiceCollection services)
    {
        services.AddOptions<SmsOptions>().PostConfigure<IOptions<SandboxOptions>>((sms, sandbox) =>
            sms.Url ??= sandbox.Value.Enabled ? Simulator + "/sms" : null);
        services.AddOptions<PeyvandOptions>().PostConfigure<IOptions<SandboxOptions>>((peyvand, sandbox) =>
            peyvand.Url ??= sandbox.Value.Enabled ? Simulator + "/peyvand" : null);
        services.AddHttpClient<ISmsSender, HttpSms>((provider, http) =>
            http.Timeout = TimeSpan.FromSeconds(provider.GetRequiredService<IOptions<SmsOptions>>().Value.TimeoutSeconds));
        services.AddHttpClient<IPeyvand, HttpPeyvand>((provider, http) =>
            http.Timeout = TimeSpan.FromSeconds(provider.GetRequiredService<IOptions<PeyvandOptions>>().Value.TimeoutSeconds));
        services.AddSingleton<OneTimeCodes>();
        services.AddSingleton<Wallet>();
        return services;
    }
}
