using CanPay.Iso8583;
using CanPay.Simulator;

namespace CanPay.Tests.Simulator;

/// <summary>Dynamic PINs on request: the acquirer hears the same for every card, the holder hears the PIN.</summary>
public sealed class PinRequestTests
{
    private const string Known = "5022290000087122";
    private const string Unknown = "5022290000000000";

    [Fact]
    public async Task The_holder_of_a_card_is_told_shop_amount_and_PIN()
    {
        await using var sandbox = await Sandbox.StartWithStandingClock();
        await using var acquirer = await sandbox.Connect();

        var answer = await acquirer.Ask(Request(Known));

        Assert.Equal((1110, "000"), (answer!.Mti, answer.GetText(39)));
        var sms = (await sandbox.Json("/sms.json")).EnumerateArray().Single();
        Assert.Equal("09120000001", sms.GetProperty("to").GetString());
        var text = sms.GetProperty("text").GetString()!;
        Assert.Contains("بانک پاسارگاد", text, StringComparison.Ordinal);
        Assert.Contains("مبلغ: 150,000 ریال", text, StringComparison.Ordinal);
        Assert.Contains("پذیرنده: 100000000000001", text, StringComparison.Ordinal);
        Assert.Contains("رمز: " + sandbox.Pins.Dynamic(Known), text, StringComparison.Ordinal);
        Assert.DoesNotContain(Known, text, StringComparison.Ordinal);
        Assert.Contains("رمز: ", await sandbox.Http.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_PIN_that_was_told_pays()
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();

        await acquirer.Ask(Request(Known));
        var text = (await sandbox.Json("/sms.json")).EnumerateArray().Single().GetProperty("text").GetString()!;
        var pin = text.Split("رمز: ")[1][..6];

        Assert.Equal("000", (await acquirer.Ask(Acquirer.Purchase(Known, pin: pin)))!.GetText(39));
    }

    [Theory]
    [InlineData(Unknown, "123", "0912")]
    [InlineData(Known, "999", "0912")]
    [InlineData(Known, "123", "0001")]
    public async Task Whoever_is_wrong_hears_the_same_and_nobody_is_told(string pan, string cvv2, string expiry)
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();
        var right = Request(Known);
        var wrong = Request(pan, cvv2, expiry);

        var (first, second) = ((await acquirer.Ask(right))!, (await acquirer.Ask(wrong))!);

        Assert.Single((await sandbox.Json("/sms.json")).EnumerateArray());
        foreach (var field in Enumerable.Range(2, 126).Except([2, 11, 37, 128]))
        {
            Assert.Equal(first.GetText(field), second.GetText(field));
        }
    }

    [Fact]
    public async Task A_line_that_did_not_sign_on_is_refused_and_so_is_whatever_else_a_1100_asks()
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect(signOn: false);

        Assert.Equal("983", (await acquirer.Ask(Request(Known)))!.GetText(39));
        await acquirer.Ask(Acquirer.Network(801));
        var balance = Request(Known);
        balance.SetNumber(3, 310_000, 6);
        Assert.Equal("115", (await acquirer.Ask(balance))!.GetText(39));
        await sandbox.Control("sign-off");
        Assert.Equal("986", (await acquirer.Ask(Request(Known)))!.GetText(39));

        Assert.Empty((await sandbox.Json("/sms.json")).EnumerateArray());
        Assert.Empty(sandbox.Books);
    }

    [Fact]
    public void Each_card_has_a_mobile_of_its_own() =>
        Assert.Equal(TestCard.All.Count, TestCard.All.Select(card => card.Mobile).Distinct(StringComparer.Ordinal).Count());

    private static IsoMessage Request(string pan, string cvv2 = "123", string expiry = "0912")
    {
        var purchase = Acquirer.Purchase(pan, cvv2: cvv2, expiry: expiry);
        var request = new IsoMessage { Mti = Mti.AuthorizationRequest };
        foreach (var field in new[] { 2, 4, 11, 12, 14, 32, 37, 41, 42, 48, 49 })
        {
            request.Set(field, purchase.Get(field));
        }

        request.SetNumber(3, ProcessingCode.PinConfirmation, 6);
        request.SetNumber(24, FunctionCode.PasswordConfirmation, 3);
        return request;
    }
}
