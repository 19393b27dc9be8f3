namespace CanPay.Gateway.Http;

internal static class HttpSetup
{
    public static IServiceCollection AddHttp(this IServiceCollection services)
    {
        services.AddSingleton<RateLimits>();
        services.AddSingleton<PublicUrl>();
        return services;
    }
}
