using CanPay.Gateway;
using CanPay.Gateway.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CanPay.Faults.Site;

/// <summary>
/// A control: the gateway on its embedded database, but with <c>synchronous=NORMAL</c>, which no setting of it allows. The
/// connections are made careless after the gateway has convinced itself that they are not.
/// </summary>
internal static class Careless
{
    public const string Command = "serve-carelessly";

    private const string Durable = "PRAGMA synchronous = FULL";

    public static async Task Serve()
    {
        await using var app = GatewayHost.Build([], Roles.All, builder =>
        {
            // Other connections are careful, and what they commit takes along to the disk what was written before.
            builder.Configuration[$"{SandboxOptions.Section}:{nameof(SandboxOptions.CallsKeptPerSecond)}"] = "0";
            builder.Services.AddSingleton(provider =>
            {
                SqliteDatabase.Settings[Array.IndexOf(SqliteDatabase.Settings, Durable)] = "PRAGMA synchronous = NORMAL";
                return new SqliteStore(
                    provider.GetRequiredService<DataFolder>().DatabaseFile,
                    provider.GetRequiredService<IOptions<StorageOptions>>().Value,
                    provider.GetRequiredService<TimeProvider>());
            });
        });
        await GatewayHost.Start(app, CancellationToken.None);
        await app.WaitForShutdownAsync();
    }
}
