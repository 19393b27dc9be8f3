using Microsoft.EntityFrameworkCore;

namespace CanPay.Gateway.Storage;

/// <summary>The tables as EF Core sees them: for everything that is not on a payment's hot path.</summary>
internal sealed class CanPayContext(DbContextOptions<CanPayContext> options) : DbContext(options)
{
    public DbSet<MerchantRow> Merchants => Set<MerchantRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<MerchantRow>(merchant =>
    {
        merchant.ToTable("merchants");
        merchant.Property(row => row.Version).IsConcurrencyToken();
    });
}

/// <summary>A row of <c>merchants</c>. Enums by name, lists separated by one space.</summary>
internal sealed class MerchantRow
{
    public long Id { get; set; }

    public required string Code { get; set; }

    public required string Name { get; set; }

    public required string Status { get; set; }

    public required string Addresses { get; set; }

    public required string Domains { get; set; }

    public required long MinAmountRials { get; set; }

    public required long MaxAmountRials { get; set; }

    public required string ReferrerPolicy { get; set; }

    public required string CallbackMethod { get; set; }

    public required bool AllowHttpCallback { get; set; }

    public required string TerminalId { get; set; }

    public required string AcceptorId { get; set; }

    public required string CategoryCode { get; set; }

    public required long CreatedAtMs { get; set; }

    /// <summary>Raised by every change; readers notice by it.</summary>
    public required long Version { get; set; }
}
