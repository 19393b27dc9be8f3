namespace CanPay.Gateway.Cards;

internal static class CardsSetup
{
    /// <summary>The payer's own cards, and whoever is asked about them.</summary>
    public static IServiceCollection AddCards(this IServiceCollection services)
    {
        services.AddHttpClient<ISmsSender, HttpSms>();
        services.AddHttpClient<IPeyvand, HttpPeyvand>();
        services.AddSingleton<OneTimeCodes>();
        services.AddSingleton<Wallet>();
        return services;
    }
}
