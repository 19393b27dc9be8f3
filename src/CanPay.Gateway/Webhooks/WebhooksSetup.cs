using System.Net;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Webhooks;

internal static class WebhooksSetup
{
    /// <summary>What sends an event; who calls it is another question.</summary>
    public static IServiceCollection AddWebhookDelivery(this IServiceCollection services)
    {
        services.AddSingleton(provider => AddressRules.From(
            provider.GetRequiredService<IOptions<WebhookOptions>>(), provider.GetRequiredService<IOptions<SandboxOptions>>()));
        services.AddSingleton(provider => new WebhookHttp(provider.GetRequiredService<AddressRules>(), Dns.GetHostAddressesAsync));
        services.AddSingleton(provider => new WebhookSender(
            new HttpClient(provider.GetRequiredService<WebhookHttp>().Handler()) { Timeout = Timeout.InfiniteTimeSpan },
            provider.GetRequiredService<IOptions<WebhookOptions>>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SealedSecrets>();
        services.AddSingleton<Delivery>();
        return services;
    }

    /// <summary>The loop that sends them.</summary>
    public static IServiceCollection AddWebhooks(this IServiceCollection services) =>
        services.AddWebhookDelivery().AddHostedService<WebhookDeliveries>();
}
