using CanPay.Iso8583;

namespace CanPay.Tests.Iso8583;

/// <summary>A purchase as the gateway sends it, its answer and its reversal, before they are sealed.</summary>
internal static class SomePurchase
{
    public static IsoMessage Request()
    {
        var message = Common(Mti.FinancialRequest);
        message.Set(14, "0912");
        message.Set(18, "5999");
        message.Set(22, "700101700100");
        message.Set(48, "CV2003123");
        message.Set(52, [0x0A, 2, 3, 4, 5, 6, 7, 0xF8]);
        message.Set(53, [1, 1, 0, 1]);
        message.Set(128, new byte[8]);
        return message;
    }

    public static IsoMessage Answer()
    {
        var message = Common(Mti.FinancialResponse);
        message.Set(15, "261124");
        message.Set(38, "123ABC");
        message.Set(39, "000");
        return message;
    }

    public static IsoMessage Reversal()
    {
        var message = Common(Mti.ReversalAdvice);
        message.Set(25, "4021");
        message.Set(56, "120000000126112414360009581672000");
        return message;
    }

    private static IsoMessage Common(int mti)
    {
        var message = new IsoMessage { Mti = mti };
        message.Set(2, "5022290000087122");
        message.SetNumber(3, 0, 6);
        message.SetNumber(4, 10_000, 12);
        message.Set(7, "1124110600");
        message.Set(11, "000001");
        message.Set(12, "261124143600");
        message.SetNumber(24, 200, 3);
        message.Set(32, "581672000");
        message.Set(37, "632814000001");
        message.Set(41, "00000001");
        message.Set(42, "000000000000001");
        message.SetNumber(49, 364, 3);
        return message;
    }
}
