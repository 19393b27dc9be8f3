namespace CanPay.Gateway;

internal static class OptionsSetup
{
    /// <summary>Binds every section and validates it at start.</summary>
    public static IServiceCollection AddGatewayOptions(this IServiceCollection services, IConfiguration configuration)
    {
        Bind<PaymentOptions>(PaymentOptions.Section);
        Bind<AcquiringOptions>(AcquiringOptions.Section);
        Bind<HttpOptions>(HttpOptions.Section);
        Bind<CheckoutOptions>(CheckoutOptions.Section);
        Bind<StorageOptions>(StorageOptions.Section);
        Bind<JobOptions>(JobOptions.Section);
        Bind<SandboxOptions>(SandboxOptions.Section);
        return services;

        void Bind<T>(string section)
            where T : class => services.AddOptions<T>()
                .Bind(configuration.GetSection(section))
                .ValidateDataAnnotations()
                .ValidateOnStart();
    }
}
