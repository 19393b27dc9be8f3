using System.Globalization;
using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Checkout;
using CanPay.Gateway.Kernel;

namespace CanPay.Tests.Checkout;

/// <summary>The action codes of field 39 in the dialect of Shetab, but 000, as a payer reads them.</summary>
public sealed class DeclineWordsTests
{
    private const string NothingTaken = "مبلغی کسر نشده است";
    private const string ComesBack = "حداکثر تا ۷۲ ساعت";

    private static readonly int[] Codes =
    [
        100, 101, 102, 104, 106, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127, 128,
        129, 135, 141, 142, 145, 161, 172, 182, 400, 416, 472, 480, 482, 902, 903, 905, 906, 907, 908, 909, 910, 911, 912, 913, 914,
        915, 916, 917, 919, 923, 925, 928, 935, 980, 983, 986, 999,
    ];

    /// <summary>Card unknown, CVV2 wrong, expiry wrong or past: apart they would tell a thief which guess was right.</summary>
    private static readonly int[] CardData = [101, 111, 114, 118, 128, 129, 145];

    public static TheoryData<int> AllCodes => [.. Codes];

    [Theory]
    [InlineData(117, 1_000_000, nameof(DeclineReason.WrongPin))]
    [InlineData(117, 1_000_001, nameof(DeclineReason.StaticPinOverCeiling))]
    [InlineData(116, 1_000_001, nameof(DeclineReason.NoFunds))]
    public void Over_the_ceiling_of_static_PINs_a_wrong_one_has_words_of_its_own(int code, long amount, string reason) =>
        Assert.Equal(reason, Declines.ReasonOf(code, new Rials(amount), staticPinCeilingRials: 1_000_000).ToString());

    [Theory]
    [MemberData(nameof(AllCodes))]
    public void Every_code_has_words_and_none_shows_its_number(int code)
    {
        var words = Languages.Persian.Decline(code);

        Assert.InRange(words.Length, 20, 200);
        Assert.EndsWith(".", words, StringComparison.Ordinal);
        Assert.DoesNotContain(code.ToString(CultureInfo.InvariantCulture), words, StringComparison.Ordinal);
        Assert.DoesNotContain(Persian.Number(code), words, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_with_the_card_is_one_text_and_nobody_elses()
    {
        var text = Assert.Single(CardData.Select(Languages.Persian.Decline).Distinct());

        Assert.Equal(CardData, Codes.Where(code => Languages.Persian.Decline(code) == text));
    }

    [Theory]
    [MemberData(nameof(AllCodes))]
    public void Words_promise_about_the_money_what_the_code_proves(int code)
    {
        var words = Languages.Persian.Decline(code);
        var isOpen = ActionCodes.Purchase(code, approvalCode: null) is AuthorizationOutcome.Unknown;

        Assert.Equal(isOpen, words.Contains(ComesBack, StringComparison.Ordinal));
        Assert.False(isOpen && words.Contains(NothingTaken, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(AllCodes))]
    public void English_says_of_every_code_what_Persian_says(int code)
    {
        var words = Languages.English.Decline(code);
        var persian = Languages.Persian.Decline(code);

        Assert.InRange(words.Length, 20, 200);
        Assert.EndsWith(".", words, StringComparison.Ordinal);
        Assert.DoesNotContain(code.ToString(CultureInfo.InvariantCulture), words, StringComparison.Ordinal);
        Assert.DoesNotContain(words, WordsTests.IsPersian);
        Assert.Equal(persian.Contains(ComesBack, StringComparison.Ordinal), words.Contains("within 72 hours at most", StringComparison.Ordinal));
        Assert.Equal(persian.Contains(NothingTaken, StringComparison.Ordinal), words.Contains("nothing was taken", StringComparison.Ordinal));
        Assert.Equal(
            Codes.Where(other => Languages.Persian.Decline(other) == persian),
            Codes.Where(other => Languages.English.Decline(other) == words));
    }

    [Theory]
    [InlineData(116, "موجودی")]
    [InlineData(117, "رمز دوم نادرست")]
    [InlineData(106, "تعداد دفعات")]
    [InlineData(121, "سقف مجاز")]
    [InlineData(123, "تعداد تراکنش")]
    [InlineData(907, NothingTaken)]
    [InlineData(986, NothingTaken)]
    [InlineData(906, NothingTaken)]
    [InlineData(109, "به فروشگاه بازگردید")]
    [InlineData(125, "با بانک خود تماس")]
    [InlineData(161, "کارت بانک دیگری")]
    public void A_payer_learns_what_to_do(int code, string words) =>
        Assert.Contains(words, Languages.Persian.Decline(code), StringComparison.Ordinal);
}
