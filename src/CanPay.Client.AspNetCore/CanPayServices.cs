using CanPay.Client;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers <see cref="CanPayClient"/> and <see cref="Webhooks"/>.</summary>
public static class CanPayServices
{
    /// <summary>Adds a client, and a reader of webhooks for those who ask for it. Incomplete options end the start with a sentence that names the setting.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets merchant and gateway, for example from the section <see cref="CanPayOptions.Section"/>.</param>
    /// <returns>The client's HTTP pipeline, for example to give it <c>FakeGateway</c> in tests.</returns>
    public static IHttpClientBuilder AddCanPay(this IServiceCollection services, Action<CanPayOptions> configure)
    {
        services.AddOptions<CanPayOptions>().Configure(configure).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CanPayOptions>, OptionsCheck>();
        services.AddSingleton(of => new Webhooks(
            of.GetRequiredService<IOptions<CanPayOptions>>().Value.WebhookSecrets, clock: of.GetService<TimeProvider>()));
        // The options' own time-out holds for each attempt.
        return services.AddHttpClient(nameof(CanPayClient), http => http.Timeout = Timeout.InfiniteTimeSpan)
            .AddTypedClient((http, of) => new CanPayClient(
                http, of.GetRequiredService<IOptions<CanPayOptions>>().Value, of.GetService<TimeProvider>()));
    }

    private sealed class OptionsCheck : IValidateOptions<CanPayOptions>
    {
        public ValidateOptionsResult Validate(string? name, CanPayOptions options) =>
            options.Problem() is { } problem ? ValidateOptionsResult.Fail(problem) : ValidateOptionsResult.Success;
    }
}
