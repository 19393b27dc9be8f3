using System.ComponentModel.DataAnnotations;
using CanPay.Gateway.Cards;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway;

internal static class OptionsSetup
{
    /// <summary>Binds every section and validates it at start. A key that no setting has is refused: it is a typing error.</summary>
    public static IServiceCollection AddGatewayOptions(this IServiceCollection services, IConfiguration configuration)
    {
        Bind<PaymentOptions>(PaymentOptions.Section);
        Bind<AcquiringOptions>(AcquiringOptions.Section);
        Bind<HttpOptions>(HttpOptions.Section);
        Bind<CheckoutOptions>(CheckoutOptions.Section);
        Bind<CardsOptions>(CardsOptions.Section);
        Bind<SmsOptions>(SmsOptions.Section);
        Bind<PeyvandOptions>(PeyvandOptions.Section);
        Bind<Risk.RiskOptions>(Risk.RiskOptions.Section);
        Bind<PinRequestOptions>(PinRequestOptions.Section);
        Bind<StorageOptions>(StorageOptions.Section);
        Bind<KeyOptions>(KeyOptions.Section);
        Bind<JobOptions>(JobOptions.Section);
        Bind<RefundOptions>(RefundOptions.Section);
        Bind<RetentionOptions>(RetentionOptions.Section);
        Bind<WebhookOptions>(WebhookOptions.Section);
        Bind<SandboxOptions>(SandboxOptions.Section);
        return services;

        void Bind<T>(string section)
            where T : class
        {
            services.AddSingleton<IValidateOptions<T>>(new SectionCheck<T>(section));
            services.AddOptions<T>()
                .Bind(configuration.GetSection(section), binder => binder.ErrorOnUnknownConfiguration = true)
                .ValidateOnStart();
        }
    }

    /// <summary>Says the whole key and what it takes.</summary>
    private sealed class SectionCheck<T>(string section) : IValidateOptions<T>
        where T : class
    {
        public ValidateOptionsResult Validate(string? name, T options)
        {
            var problems = new List<ValidationResult>();
            return Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true)
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(problems.Select(problem =>
                    $"{section}:{string.Join(',', problem.MemberNames)} is not valid: {problem.ErrorMessage} "
                    + $"(environment: {section}__{string.Join(',', problem.MemberNames)})"));
        }
    }
}
