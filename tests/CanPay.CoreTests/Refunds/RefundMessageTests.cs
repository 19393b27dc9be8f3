using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Kernel;
using CanPay.Tests.Payments;

namespace CanPay.Tests.Refunds;

/// <summary>A refund as it goes over the line, and what answers mean for money.</summary>
public sealed class RefundMessageTests
{
    private static readonly Authorization Purchase = SomePayment.AnAuthorization(SomePayment.InStatus(Gateway.Payments.PaymentStatus.Created));

    [Fact]
    public void It_names_its_purchase_and_has_neither_PIN_nor_CVV2_nor_expiry()
    {
        Assert.True(Pan.TryParse("5022290000087122", out var pan));
        var order = new RefundOrder(
            new RefundAdvice("000042", "632814000042", new DateTimeOffset(2026, 11, 24, 11, 6, 0, TimeSpan.Zero)), Purchase, new Rials(4_000));

        var message = ShetabMessages.Refund(order, pan, "581672000");

        Assert.Equal(1220, message.Mti);
        Assert.Equal(
            new Dictionary<int, string>
            {
                [2] = "5022290000087122",
                [3] = "200000",
                [4] = "000000004000",
                [7] = "1124110600",
                [11] = "000042",
                [12] = "261124143600",
                [18] = "5999",
                [24] = "200",
                [32] = "581672000",
                [37] = "632814000042",
                [41] = "00000001",
                [42] = "000000000000001",
                [49] = "364",
                [56] = $"1200000001{ShetabMessages.LocalTime(Purchase.TransmittedAt)}09581672000",
            },
            Enumerable.Range(2, 126).Where(message.Has).ToDictionary(field => field, field => message.GetText(field)!));
    }

    /// <summary>Only the issuer's own word is final, and of all numbers each is one of four things.</summary>
    [Fact]
    public void Every_action_code_means_one_thing()
    {
        var codes = Enumerable.Range(0, 1_000).ToLookup(code => ActionCodes.Refund(code).GetType().Name);

        Assert.Equal([0, 913], codes["Done"]);
        Assert.Equal(Enumerable.Range(100, 200), codes["Declined"]);
        Assert.Equal([902, 903, 904, 905, 914, 928, 935], codes["Refused"]);
        Assert.Equal(1_000 - 2 - 200 - 7, codes["Unknown"].Count());
    }
}
