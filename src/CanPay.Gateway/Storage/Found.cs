using System.Data.Common;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Storage;

/// <summary>A payment, and which version of its merchant is the present one.</summary>
internal sealed record PaymentFound(Payment Payment, MerchantVersion Merchant)
{
    /// <summary>Column after those of <see cref="Rows.PaymentColumns"/>.</summary>
    private const int Version = 26;

    public static readonly SqlLiteral Columns = new(
        $"{Rows.PaymentColumns}, (SELECT merchants.version FROM merchants WHERE merchants.id = merchant_id)");

    public static PaymentFound Read(DbDataReader row)
    {
        var payment = Rows.Payment(row);
        return new PaymentFound(payment, new MerchantVersion(payment.MerchantId, row.GetInt64(Version)));
    }
}

/// <summary>Which version of a merchant is the present one.</summary>
internal sealed record MerchantVersion(MerchantId Id, long Version)
{
    public static readonly SqlLiteral Columns = new("id, version");

    public static MerchantVersion Read(DbDataReader row) => new(new MerchantId(row.GetInt64(0)), row.GetInt64(1));
}
