using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Kernel;
using CanPay.Iso8583;
using CanPay.Tests.Iso8583;

namespace CanPay.Tests.Acquiring;

/// <summary>The request for a dynamic PIN as it goes over the line.</summary>
public sealed class PinRequestMessageTests
{
    private static readonly PinRequest Request = new(
        new PaymentId(17),
        "000042",
        "632814000042",
        new DateTimeOffset(2026, 11, 24, 11, 6, 0, TimeSpan.Zero),
        new Terminal("00000001", "000000000000001", "5999"),
        new Rials(10_000));

    [Fact]
    public void It_has_the_fields_of_the_purchase_and_no_PIN()
    {
        using var card = ACard(expiry: "0912", cvv2: "123", pin: "98765");

        var message = OverTheLine(ShetabMessages.PinRequest(Request, card, "581672000"));

        Assert.Equal(1100, message.Mti);
        Assert.Equal(
            new SortedDictionary<int, string>
            {
                [2] = "5022290000087122",
                [3] = "710000",
                [4] = "000000010000",
                [7] = "1124110600",
                [11] = "000042",
                [12] = "261124143600",
                [14] = "0912",
                [18] = "5999",
                [22] = "700101700100",
                [24] = "180",
                [32] = "581672000",
                [37] = "632814000042",
                [41] = "00000001",
                [42] = "000000000000001",
                [48] = "CV2003123",
                [49] = "364",
            },
            message.Fields());
    }

    [Fact]
    public void Expiry_and_CVV2_are_left_out_where_the_payer_gave_none()
    {
        using var card = ACard(expiry: "", cvv2: "", pin: "");

        var message = OverTheLine(ShetabMessages.PinRequest(Request, card, "581672000"));

        Assert.Equal([2, 3, 4, 7, 11, 12, 18, 22, 24, 32, 37, 41, 42, 49], message.Fields().Keys);
    }

    [Fact]
    public void The_journal_sees_neither_number_nor_CVV2()
    {
        using var card = ACard(expiry: "0912", cvv2: "123", pin: "");

        var text = ShetabMessages.PinRequest(Request, card, "581672000").Describe(MessageFormat.Shetab);

        Assert.StartsWith("1100 ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("5022290000087122", text, StringComparison.Ordinal);
        Assert.DoesNotContain("CV2003123", text, StringComparison.Ordinal);
    }

    private static Card ACard(string expiry, string cvv2, string pin) =>
        new(Pan.TryParse("5022290000087122", out var pan) ? pan : throw new InvalidOperationException(), expiry, cvv2, pin);

    private static IsoMessage OverTheLine(IsoMessage message)
    {
        var read = new IsoMessage();
        Assert.True(MessageFormat.Shetab.TryDecode(MessageFormat.Shetab.Encoded(message), read, out var error), error.ToString());
        return read;
    }
}
