using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace CanPay.Gateway.Storage;

/// <summary>The tables as EF Core sees them: for everything that is not on a payment's hot path. Payments are only read.</summary>
internal sealed class CanPayContext(DbContextOptions<CanPayContext> options) : DbContext(options), IDataProtectionKeyContext
{
    public DbSet<MerchantRow> Merchants => Set<MerchantRow>();

    public DbSet<ApiKeyRow> ApiKeys => Set<ApiKeyRow>();

    public DbSet<PaymentRow> Payments => Set<PaymentRow>();

    public DbSet<OpenPaymentRow> OpenPayments => Set<OpenPaymentRow>();

    public DbSet<AuthorizationRow> Authorizations => Set<AuthorizationRow>();

    public DbSet<TransitionRow> Transitions => Set<TransitionRow>();

    public DbSet<NetworkMessageRow> NetworkMessages => Set<NetworkMessageRow>();

    public DbSet<RefundRow> Refunds => Set<RefundRow>();

    public DbSet<TransferRow> Transfers => Set<TransferRow>();

    public DbSet<KeyMarkRow> KeyMarks => Set<KeyMarkRow>();

    public DbSet<CardKeyRow> CardKeys => Set<CardKeyRow>();

    public DbSet<SealedSecretRow> SealedSecrets => Set<SealedSecretRow>();

    public DbSet<HoldRow> Holds => Set<HoldRow>();

    public DbSet<PinRequestRow> PinRequests => Set<PinRequestRow>();

    public DbSet<OneTimeCodeRow> OneTimeCodes => Set<OneTimeCodeRow>();

    public DbSet<SavedCardRow> SavedCards => Set<SavedCardRow>();

    public DbSet<DeclinedAttemptRow> DeclinedAttempts => Set<DeclinedAttemptRow>();

    public DbSet<AnsweredCaptchaRow> AnsweredCaptchas => Set<AnsweredCaptchaRow>();

    public DbSet<SandboxCallRow> SandboxCalls => Set<SandboxCallRow>();

    public DbSet<WebhookEndpointRow> WebhookEndpoints => Set<WebhookEndpointRow>();

    public DbSet<WebhookEventRow> WebhookEvents => Set<WebhookEventRow>();

    public DbSet<WebhookDeliveryRow> WebhookDeliveries => Set<WebhookDeliveryRow>();

    public DbSet<WebhookAttemptRow> WebhookAttempts => Set<WebhookAttemptRow>();

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<MerchantRow>().Property(row => row.Version).IsConcurrencyToken();
        modelBuilder.Entity<OpenPaymentRow>().HasKey(row => row.PaymentId);
        modelBuilder.Entity<SealedSecretRow>().HasKey(row => row.Name);
        modelBuilder.Entity<KeyMarkRow>().HasKey(row => row.Name);
        modelBuilder.Entity<CardKeyRow>().HasKey(row => new { row.Purpose, row.Version });
        modelBuilder.Entity<AuthorizationRow>().HasKey(row => new { row.PaymentId, row.Number });
        modelBuilder.Entity<TransitionRow>().HasKey(row => new { row.PaymentId, row.Version });
    }
}
