using System.Reflection;
using CanPay.Gateway.Checkout;
using CanPay.Gateway.Kernel;

namespace CanPay.Tests.Checkout;

/// <summary>What payers read, in each language.</summary>
public sealed class WordsTests
{
    /// <summary>Half past one in the afternoon of 3 Azar 1405 in Tehran.</summary>
    private static readonly DateTimeOffset Moment = new(2026, 11, 24, 10, 0, 0, TimeSpan.Zero);

    /// <summary>The same in every language, or one of the others: they are no texts.</summary>
    private static readonly string[] Signs =
    [
        nameof(Words.Language), nameof(Words.Direction), nameof(Words.LanguageName), nameof(Words.Clock), nameof(Words.Hour), nameof(Words.Number),
        nameof(Words.Stopped),
    ];

    [Fact]
    public void A_text_is_in_its_language_and_no_text_is_missing()
    {
        var persian = Texts(Languages.Persian);
        var english = Texts(Languages.English);

        Assert.Equal(persian.Keys.Order(StringComparer.Ordinal), english.Keys.Order(StringComparer.Ordinal));
        Assert.InRange(english.Count, 150, 1_000);
        foreach (var (name, text) in persian)
        {
            Assert.True(text.Any(IsPersian), $"{name} in Persian: '{text}'");
        }

        foreach (var (name, text) in english)
        {
            Assert.True(text.Any(char.IsAsciiLetter) && !text.Any(IsPersian), $"{name} in English: '{text}'");
            Assert.Equal(text.Trim(), text);
        }
    }

    [Fact]
    public void A_text_of_one_language_leaves_room_for_what_the_other_has_in_it()
    {
        foreach (var pattern in new Func<Words, string>[] { words => words.BankPattern, words => words.AskAgainPattern })
        {
            Assert.All(Languages.All, words => Assert.Single(pattern(words).Split("{0}")[1..]));
        }
    }

    [Fact]
    public void Every_bank_has_a_name_in_each_language()
    {
        foreach (var bin in Banks.Table.Split('|').SelectMany(bank => bank.Split(':')[0].Split(',')))
        {
            Assert.StartsWith("بانک ", Languages.Persian.BankOf(bin), StringComparison.Ordinal);
            Assert.Matches("^[A-Z][A-Za-z -]+ Bank$", Languages.English.BankOf(bin));
        }

        Assert.Equal("Pasargad Bank", Languages.English.BankOf("5022-29**-****-7122"));
        Assert.Equal("بانک پاسارگاد", Languages.Persian.BankOf("5022-29**-****-7122"));
        Assert.Equal("Bank card", Languages.English.BankOf("9999-99**-****-0000"));
    }

    [Fact]
    public void Numbers_and_times_are_written_as_the_language_writes_them()
    {
        Assert.Equal("1,234,567 rials", Languages.English.Rials(new Rials(1_234_567)));
        Assert.Equal("۱٬۲۳۴٬۵۶۷ ریال", Languages.Persian.Rials(new Rials(1_234_567)));
        Assert.Equal("123,456.7 toman", Languages.English.Toman(new Rials(1_234_567)));
        Assert.Equal("۱۲۳٬۴۵۶٫۷ تومان", Languages.Persian.Toman(new Rials(1_234_567)));
        Assert.Equal("24 November 2026 (1405/09/03), 13:30 Tehran time", Languages.English.DateAndTime(Moment));
        Assert.Equal("۱۴۰۵/۰۹/۰۳، ساعت ۱۳:۳۰", Languages.Persian.DateAndTime(Moment));
        Assert.Equal("09:05", Languages.English.Clock(TimeSpan.FromSeconds(545)));
        Assert.Equal("۰۹:۰۵", Languages.Persian.Clock(TimeSpan.FromSeconds(545)));
    }

    /// <summary>Letters, digits and marks of the Persian script.</summary>
    internal static bool IsPersian(char c) => c is >= '\u0600' and <= '\u06FF' or '\u200C';

    /// <summary>Whatever the language can say, by the name under which it is asked for.</summary>
    private static Dictionary<string, string> Texts(Words words)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in typeof(Words).GetProperties().Where(property => !Signs.Contains(property.Name)))
        {
            Add(property.Name, property.GetValue(words)!);
        }

        foreach (var method in typeof(Words).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => !method.IsSpecialName && !Signs.Contains(method.Name)))
        {
            var reasons = method.GetParameters() is [{ ParameterType: var type }] && type == typeof(DeclineReason) ? Enum.GetValues<DeclineReason>() : [default];
            foreach (var reason in reasons)
            {
                var arguments = method.GetParameters().Select(parameter => Argument(parameter.ParameterType, reason)).ToArray();
                Add($"{method.Name} {reason} {string.Join(',', arguments)}", method.Invoke(words, arguments)!);
            }
        }

        return texts;

        void Add(string name, object value)
        {
            switch (value)
            {
                case string text:
                    texts.Add(name, text);
                    break;
                case ValueTuple<string, string> pair:
                    texts.Add(name + " 1", pair.Item1);
                    texts.Add(name + " 2", pair.Item2);
                    break;
                case ReceiptWords(var state, var title, var text):
                    texts.Add(name + " state", state);
                    texts.Add(name + " title", title);
                    texts.Add(name + " text", text);
                    break;
                case IReadOnlyDictionary<string, string> many:
                    Assert.All(CardForm.Fields, field => Assert.Contains(field, many));
                    Assert.All(many, pair => texts.Add($"{name} {pair.Key}", pair.Value));
                    break;
                default:
                    Assert.Fail($"{name} is a {value.GetType()}: say here how it is read.");
                    break;
            }
        }
    }

    private static object Argument(Type type, DeclineReason reason) =>
        type == typeof(DeclineReason) ? reason
        : type == typeof(Rials) ? new Rials(1_234_567)
        : type == typeof(DateTimeOffset) ? Moment
        : type == typeof(TimeSpan) ? TimeSpan.FromSeconds(545)
        : type == typeof(int) ? 116
        : type == typeof(long) ? 1_234_567L
        : type == typeof(string) ? "shop"
        : throw new NotSupportedException($"Say here what a text may be given as {type}.");
}
