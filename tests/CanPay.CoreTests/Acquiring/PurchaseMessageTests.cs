using CanPay.Gateway;
using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Tests.Iso8583;
using CanPay.Tests.Payments;

namespace CanPay.Tests.Acquiring;

/// <summary>A purchase and its reversal as they go over the line.</summary>
public sealed class PurchaseMessageTests
{
    private static readonly Authorization Purchase =
        SomePayment.AnAuthorization(SomePayment.InStatus(Gateway.Payments.PaymentStatus.Created)) with
        {
            Stan = "000042",
            Rrn = "632814000042",
            TransmittedAt = new DateTimeOffset(2026, 11, 24, 11, 6, 0, TimeSpan.Zero),
        };

    private static Pan APan => Pan.TryParse("5022290000087122", out var pan) ? pan : throw new InvalidOperationException();

    [Fact]
    public void A_purchase_has_these_fields()
    {
        using var hsm = new SoftwareHsm(new SandboxOptions { Enabled = true });
        using var card = new Card(APan, "0912", "1234", "98765");
        var pin = new byte[8];
        hsm.EncryptPin("98765", "5022290000087122", pin);

        var message = ShetabMessages.Purchase(Purchase, card, "581672000", hsm);

        Assert.Equal(1200, message.Mti);
        Assert.Equal(
            new SortedDictionary<int, string>
            {
                [2] = "5022290000087122",
                [3] = "000000",
                [4] = "000000010000",
                [7] = "1124110600",
                [11] = "000042",
                [12] = "261124143600",
                [14] = "0912",
                [18] = "5999",
                [22] = "700101700100",
                [24] = "200",
                [32] = "581672000",
                [37] = "632814000042",
                [41] = "00000001",
                [42] = "000000000000001",
                [48] = "CV20041234",
                [49] = "364",
                [52] = Convert.ToHexString(pin),
                [53] = "01010001",
            },
            message.Fields());
    }

    [Fact]
    public void A_reversal_names_its_purchase_and_has_a_trace_number_and_time_of_its_own()
    {
        var reversing = Purchase with { Reversal = new ReversalAdvice("000043", Purchase.TransmittedAt.AddSeconds(30)) };

        var message = ShetabMessages.Reversal(reversing, APan, "581672000");

        Assert.Equal(1420, message.Mti);
        Assert.Equal(
            new SortedDictionary<int, string>
            {
                [2] = "5022290000087122",
                [3] = "000000",
                [4] = "000000010000",
                [7] = "1124110630",
                [11] = "000043",
                [12] = "261124143630",
                [24] = "400",
                [25] = "4021",
                [32] = "581672000",
                [37] = "632814000042",
                [41] = "00000001",
                [42] = "000000000000001",
                [49] = "364",
                [56] = "120000004226112414360009581672000",
            },
            message.Fields());
        Assert.Throws<InvalidOperationException>(() => ShetabMessages.Reversal(Purchase, APan, "581672000"));
    }
}
