using CanPay.Client;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers <see cref="CanPayClient"/>.</summary>
public static class CanPayServices
{
    /// <summary>Adds a client to the services.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets merchant and gateway, for example from the section <see cref="CanPayOptions.Section"/>.</param>
    public static IServiceCollection AddCanPay(this IServiceCollection services, Action<CanPayOptions> configure)
    {
        services.AddOptions<CanPayOptions>().Configure(configure).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CanPayOptions>, OptionsCheck>();
        services.AddHttpClient<CanPayClient>(http => http.Timeout = Timeout.InfiniteTimeSpan);
        return services;
    }

    private sealed class OptionsCheck : IValidateOptions<CanPayOptions>
    {
        public ValidateOptionsResult Validate(string? name, CanPayOptions options) =>
            options.Problem() is { } problem ? ValidateOptionsResult.Fail(problem) : ValidateOptionsResult.Success;
    }
}
