using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Storage;

internal static class StorageSetup
{
    /// <summary>The embedded engine: the hot path by hand-written SQL, the rest by EF Core on the same tables.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.AddSingleton(provider => DataFolder.Open(provider.GetRequiredService<IOptions<StorageOptions>>().Value));
        services.AddSingleton(provider =>
        {
            var file = provider.GetRequiredService<DataFolder>().DatabaseFile;
            SqliteDatabase.Prepare(file);
            return new SqliteStore(
                file,
                provider.GetRequiredService<IOptions<StorageOptions>>().Value,
                provider.GetRequiredService<TimeProvider>());
        });
        services.AddSingleton<IPaymentStore>(provider => provider.GetRequiredService<SqliteStore>());
        services.AddSingleton<IAcquiringStore>(provider => provider.GetRequiredService<SqliteStore>());
        services.AddDbContextFactory<CanPayContext>((provider, options) => options
            .UseSqlite(SqliteDatabase.ConnectionString(provider.GetRequiredService<DataFolder>().DatabaseFile))
            .UseSnakeCaseNamingConvention());
        return services;
    }
}
