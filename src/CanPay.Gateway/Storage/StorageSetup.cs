using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Acquiring.Keys;
using CanPay.Gateway.Cards;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Refunds;
using CanPay.Gateway.Risk;
using CanPay.Gateway.Sandbox;
using CanPay.Gateway.Storage.Postgres;
using CanPay.Gateway.Storage.Sqlite;
using CanPay.Gateway.Webhooks;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Storage;

internal static class StorageSetup
{
    /// <summary>One engine or the other: the hot path by hand-written SQL, the rest by EF Core on the same tables.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(provider => DataFolder.Open(provider.GetRequiredService<IOptions<StorageOptions>>().Value));
        services.AddDataProtection().SetApplicationName("CanPay").PersistKeysToDbContext<CanPayContext>();
        services.AddSingleton<StoreNews>();
        services.AddSingleton<ICardKeyStore, CardKeyStore>();
        services.AddSingleton<IWalletStore, WalletStore>();
        services.AddSingleton<IPinRequestStore, PinRequestStore>();
        services.AddSingleton<IRiskStore, RiskStore>();
        services.AddSingleton<IPaymentList, PaymentList>();
        services.AddSingleton<ITestClock, TestClock>();
        services.AddSingleton<ISandboxStore, SandboxStore>();
        return string.IsNullOrWhiteSpace(configuration[$"{StorageOptions.Section}:{nameof(StorageOptions.Postgres)}"])
            ? services.AddSqlite()
            : services.AddPostgres();
    }

    private static IServiceCollection AddSqlite(this IServiceCollection services)
    {
        services.AddSingleton<StorageEngine>(provider => new SqliteEngine(provider.GetRequiredService<DataFolder>().DatabaseFile));
        services.AddSingleton(provider => new SqliteStore(
            provider.GetRequiredService<DataFolder>().DatabaseFile,
            provider.GetRequiredService<IOptions<StorageOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<StoreNews>()));
        services.AddSingleton<IPaymentStore>(provider => provider.GetRequiredService<SqliteStore>());
        services.AddSingleton<IAcquiringStore>(provider => provider.GetRequiredService<SqliteStore>());
        services.AddSingleton<IRetentionStore>(provider => provider.GetRequiredService<SqliteStore>());
        services.AddSingleton<IRefundStore, SqliteRefunds>();
        services.AddSingleton<IWebhookStore, SqliteWebhooks>();
        return services.AddDbContextFactory<CanPayContext>((provider, options) => options
            .UseSqlite(SqliteDatabase.ConnectionString(provider.GetRequiredService<DataFolder>().DatabaseFile))
            .UseSnakeCaseNamingConvention());
    }

    private static IServiceCollection AddPostgres(this IServiceCollection services)
    {
        services.AddSingleton(_ => new DatabaseClock(TimeProvider.System));
        services.AddSingleton<TimeProvider>(provider => provider.GetRequiredService<DatabaseClock>());
        services.AddHostedService<DatabaseClockLoop>();
        services.AddSingleton(provider => new PostgresDatabase(
            provider.GetRequiredService<IOptions<StorageOptions>>().Value.Postgres!,
            provider.GetRequiredService<IOptions<StorageOptions>>().Value.AnswerTimeoutSeconds,
            provider.GetRequiredService<StoreNews>()));
        services.AddSingleton<StorageEngine>(provider => new PostgresEngine(
            provider.GetRequiredService<PostgresDatabase>(), provider.GetRequiredService<IOptions<StorageOptions>>().Value.PostgresOwner,
            provider.GetRequiredService<IOptions<StorageOptions>>().Value.PostgresReader, provider.GetRequiredService<DatabaseClock>()));
        services.AddSingleton(provider => new PostgresStore(
            provider.GetRequiredService<PostgresDatabase>(), provider.GetRequiredService<IOptions<StorageOptions>>().Value));
        services.AddSingleton<IPaymentStore>(provider => provider.GetRequiredService<PostgresStore>());
        services.AddSingleton<IAcquiringStore>(provider => provider.GetRequiredService<PostgresStore>());
        services.AddSingleton<IRetentionStore, PostgresRetention>();
        services.AddSingleton<IRefundStore, PostgresRefunds>();
        services.AddSingleton<IWebhookStore, PostgresWebhooks>();
        return services.AddDbContextFactory<CanPayContext>((provider, options) => options
            .UseNpgsql(provider.GetRequiredService<PostgresDatabase>().Source)
            .AddInterceptors(new FailureReporter(provider.GetRequiredService<PostgresDatabase>()))
            .UseSnakeCaseNamingConvention());
    }
}
