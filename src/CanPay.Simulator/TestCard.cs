namespace CanPay.Simulator;

/// <summary>What an issuer does with a purchase.</summary>
internal enum Behaviour
{
    Approve,
    Decline,

    /// <summary>The request is swallowed: nothing is booked as taken, nothing is answered.</summary>
    Silence,

    /// <summary>Approved and booked; the answer gets lost.</summary>
    LoseAnswer,

    /// <summary>Approved and booked; the answer takes its time.</summary>
    AnswerLate,

    /// <summary>Approved and booked; then the connection drops.</summary>
    DropLine,
}

/// <summary>A card of the sandbox. Its number is public test data.</summary>
/// <param name="Mobile">Where the bank sends its dynamic PIN.</param>
internal sealed record TestCard(string Pan, string Bank, Behaviour Behaviour, int ActionCode, string Meaning, string Mobile)
{
    public const string Cvv2 = "123";
    public const string StaticPin = "12345";

    public static IReadOnlyList<TestCard> All { get; } =
    [
        new("5022290000087122", "پاسارگاد", Behaviour.Approve, Iso8583.ActionCode.Approved, "تایید می‌شود", "09120000001"),
        new("6037990000000006", "ملی", Behaviour.Decline, Iso8583.ActionCode.InsufficientFunds, "موجودی کافی نیست", "09120000002"),
        new("6104330000040009", "ملت", Behaviour.Decline, Iso8583.ActionCode.WrongPin, "رمز دوم نادرست", "09120000003"),
        new("6274120000040008", "اقتصاد نوین", Behaviour.Decline, Iso8583.ActionCode.CardExpired, "کارت منقضی", "09120000004"),
        new("5894630000070005", "رفاه", Behaviour.Decline, Iso8583.ActionCode.AmountLimit, "بیش از سقف مبلغ", "09120000005"),
        new("6219860000070004", "سامان", Behaviour.Silence, Iso8583.ActionCode.Approved, "هیچ پاسخی نمی‌آید", "09120000006"),
        new("6396070000090003", "سرمایه", Behaviour.LoseAnswer, Iso8583.ActionCode.Approved, "تایید می‌شود، پاسخ گم می‌شود", "09120000007"),
        new("6273530000010002", "تجارت", Behaviour.AnswerLate, Iso8583.ActionCode.Approved, "پس از ۸ ثانیه تایید می‌شود", "09120000008"),
        new("6037690000050007", "صادرات", Behaviour.Decline, Iso8583.ActionCode.IssuerInoperative, "صادرکننده در دسترس نیست", "09120000009"),
        new("6277600000090001", "پست بانک", Behaviour.DropLine, Iso8583.ActionCode.Approved, "ارتباط هنگام پرداخت قطع می‌شود", "09120000010"),
    ];

    public static TestCard? Find(string pan) => All.FirstOrDefault(card => card.Pan == pan);

    public static bool PassesLuhn(string pan)
    {
        var sum = 0;
        for (var i = 0; i < pan.Length; i++)
        {
            var digit = pan[^(i + 1)] - '0';
            sum += i % 2 == 0 ? digit : digit > 4 ? (digit * 2) - 9 : digit * 2;
        }

        return sum % 10 == 0;
    }

    /// <summary>First six and last four digits, in groups of four.</summary>
    public static string Mask(string pan) => pan.Length < 13
        ? new string('*', pan.Length)
        : string.Join('-', (pan[..6] + new string('*', pan.Length - 10) + pan[^4..]).Chunk(4).Select(group => new string(group)));
}
