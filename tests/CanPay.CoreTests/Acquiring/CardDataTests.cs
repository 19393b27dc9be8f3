using System.Security.Cryptography;
using CanPay.Gateway;
using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Kernel;
using CsCheck;

namespace CanPay.Tests.Acquiring;

public sealed class CardDataTests
{
    [Theory]
    [InlineData("1234", "4012345678909", "041274EDCBA9876F")]
    [InlineData("1234", "5555555551234567", "041261AAAAEDCBA9")]
    [InlineData("123456789", "5555555551234567", "091261032D8DCBA9")]
    [InlineData("1234567890", "5555555551234567", "0A1261032D82CBA9")]
    [InlineData("123456789012", "5555555551234567", "0C1261032D8226A9")]
    [InlineData("1234", "6037991234567893", "04124D6EDCBA9876")]
    [InlineData("12345678", "6037991234567893", "08124DC75BBA9876")]
    public void A_pin_block_is_that_of_the_standard(string pin, string pan, string block)
    {
        var made = new byte[8];
        var read = new char[12];

        PinBlock.Encode(pin, pan, made);

        Assert.Equal(block, Convert.ToHexString(made));
        Assert.True(PinBlock.TryDecode(made, pan, read, out var length));
        Assert.Equal(pin, new string(read, 0, length));
    }

    [Theory]
    [InlineData("241261AAAAEDCBA9")]
    [InlineData("041261AAAAEDCB")]
    [InlineData("0F1261AAAAEDCBA9")]
    [InlineData("021261AAAAEDCBA9")]
    [InlineData("041261AAAAEDCBAA")]
    [InlineData("051261AAAAEDCBA9")]
    public void A_block_that_the_standard_does_not_allow_is_refused(string block) =>
        Assert.False(PinBlock.TryDecode(Convert.FromHexString(block), "5555555551234567", new char[12], out _));

    [Theory]
    [InlineData("123")]
    [InlineData("1234567890123")]
    [InlineData("123A")]
    [InlineData("")]
    public void A_pin_that_is_none_is_refused_without_being_shown(string pin)
    {
        var error = Assert.Throws<ArgumentException>(() => PinBlock.Encode(pin, "5555555551234567", new byte[8]));

        Assert.True(pin.Length == 0 || !error.Message.Contains(pin, StringComparison.Ordinal));
    }

    [Fact]
    public void A_pin_block_leaves_under_the_zones_key()
    {
        using var hsm = new SoftwareHsm(new SandboxOptions { Enabled = true });
#pragma warning disable CA5350 // PIN blocks of this format are TDES
        using var zone = TripleDES.Create();
#pragma warning restore CA5350
        zone.Key = Convert.FromHexString("0123456789ABCDEFFEDCBA98765432100123456789ABCDEF");
        var (clear, sealedBlock) = (new byte[8], new byte[8]);
        PinBlock.Encode("98765", "5022290000087122", clear);

        for (var i = 0; i < 3; i++)
        {
            hsm.EncryptPin("98765", "5022290000087122", sealedBlock);

            Assert.Equal(Convert.ToHexString(clear), Convert.ToHexString(zone.DecryptEcb(sealedBlock, PaddingMode.None)));
        }
    }

    [Fact]
    public void Software_keys_are_refused_where_money_is_real() => Assert.Contains(
        "Sandbox:Enabled",
        Assert.Throws<StartException>(() => new SoftwareHsm(new SandboxOptions { Enabled = false })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_card_prints_masked_and_is_wiped()
    {
        var card = ACard();
        Assert.Equal("5022-29**-****-7122", card.ToString());

        card.Dispose();

        Assert.Equal("\0\0\0", card.Cvv2.ToString());
        Assert.Equal("\0\0\0\0\0", card.Pin.ToString());
    }

    [Fact]
    public void Every_action_code_means_something_and_only_zero_means_paid()
    {
        for (var code = 0; code <= 999; code++)
        {
            Assert.Equal(code == 0, ActionCodes.Purchase(code, null) is AuthorizationOutcome.Approved);
            Assert.NotNull(ActionCodes.Reversal(code));
        }

        Assert.IsType<AuthorizationOutcome.Unknown>(ActionCodes.Purchase(911, null));
        Assert.IsType<AuthorizationOutcome.Unknown>(ActionCodes.Purchase(777, null));
        Assert.IsType<ReversalOutcome.OriginalNotFound>(ActionCodes.Reversal(914));
    }

    [Theory]
    [InlineData("5022290000087122", true)]
    [InlineData("5022290000087123", false)]
    [InlineData("502229000008712", false)]
    [InlineData("۵۰۲۲۲۹۰۰۰۰۰۸۷۱۲۲", false)]
    public void A_card_number_passes_luhn(string digits, bool isCard) => Assert.Equal(isCard, Pan.TryParse(digits, out _));

    [Fact]
    public void A_trace_number_has_six_digits_and_a_reference_twelve() => Gen.Select(Gen.DateTimeOffset, Gen.Long[0, long.MaxValue]).Sample((at, number) =>
    {
        if (at.Year is < 1900 or > 2100)
        {
            return;
        }

        Assert.Matches("^[0-9]{12}$", new TraceNumber(number).Rrn(at));
        Assert.Matches("^(?!000000)[0-9]{6}$", new TraceNumber(number).Stan);
    });

    [Fact]
    public void A_reference_is_not_met_again_when_the_trace_numbers_have_come_round_within_the_hour()
    {
        var at = new DateTimeOffset(2026, 1, 1, 8, 0, 0, TimeSpan.Zero);
        var (first, again) = (new TraceNumber(47), new TraceNumber(47 + 999_999));

        Assert.Equal(first.Stan, again.Stan);
        Assert.NotEqual(first.Rrn(at), again.Rrn(at));
    }

    private static Card ACard() => Pan.TryParse("5022290000087122", out var pan)
        ? new Card(pan, "0912", "123", "12345")
        : throw new InvalidOperationException();
}
