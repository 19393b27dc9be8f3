using CanPay.Gateway.Storage;

namespace CanPay.Testing;

/// <summary>Merchants for tests.</summary>
internal static class SomeMerchant
{
    /// <summary>One whose payments move no money.</summary>
    public static MerchantRow Test(string code)
    {
        var row = Row(code);
        row.TerminalId = "TEST0001";
        return row;
    }

    public static MerchantRow Row(string code, string status = "Active", string addresses = "127.0.0.0/8") => new()
    {
        Code = code,
        Name = code,
        Status = status,
        Addresses = addresses,
        Domains = "localhost 127.0.0.1",
        MinAmountRials = 1_000,
        MaxAmountRials = 2_000_000_000,
        ReferrerPolicy = "Explain",
        CallbackMethod = "Post",
        AllowHttpCallback = true,
        TerminalId = "00000002",
        AcceptorId = "000000000000002",
        CategoryCode = "5999",
        CreatedAtMs = 0,
        Version = 1,
    };
}
