using CanPay.Gateway;
using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CanPay.Bench;

/// <summary>The gateway as it is, but for the hot path of its store: the ceiling of what a store could reach.</summary>
internal static class KeepsNothing
{
    public static async Task Serve()
    {
        await using var app = GatewayHost.Build([], Roles.All, builder =>
        {
            builder.Services.AddSingleton(provider => new StoreThatKeepsNothing(provider.GetRequiredService<SqliteStore>()));
            builder.Services.AddSingleton<IPaymentStore>(provider => provider.GetRequiredService<StoreThatKeepsNothing>());
            builder.Services.AddSingleton<IAcquiringStore>(provider => provider.GetRequiredService<StoreThatKeepsNothing>());
        });
        await GatewayHost.Start(app, CancellationToken.None);
        await app.WaitForShutdownAsync();
    }
}
