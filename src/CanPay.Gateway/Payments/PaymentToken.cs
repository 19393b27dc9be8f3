using System.Buffers;
using System.Security.Cryptography;

namespace CanPay.Gateway.Payments;

/// <summary>The name of a payment before merchant and payer: 30 characters of A-Z and 0-9, of which 25 are random (129 bits).</summary>
/// <remarks>
/// It begins with the minute in which it was made, so that tokens made together stand together in their index, at its end: the
/// place of a wholly random one is a page that nobody has touched for long (decision 0011).
/// </remarks>
public static class PaymentToken
{
    public const int Length = 30;

    private const int MinuteLength = 5;

    /// <summary>In the order in which the databases sort them.</summary>
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private static readonly SearchValues<char> Letters = SearchValues.Create(Alphabet);

    /// <summary>Bytes from here on are thrown away, or the first letters would come more often than the last.</summary>
    private const int Fair = 256 / 36 * 36;

    /// <summary>How those of test merchants begin, of which 21 characters are random (108 bits). Minutes begin so in 2062 for the first time.</summary>
    private const string TestPrefix = "TEST";

    public static string New(DateTimeOffset now, bool isTest = false) => string.Create(Length, (now.ToUnixTimeSeconds() / 60, isTest), static (token, its) =>
    {
        var (minute, isTest) = its;
        var start = isTest ? TestPrefix.Length : 0;
        TestPrefix.AsSpan(0, start).CopyTo(token);
        for (var i = start + MinuteLength - 1; i >= start; i--, minute /= 36)
        {
            token[i] = Alphabet[(int)(minute % 36)];
        }

        Span<byte> random = stackalloc byte[64];
        for (var filled = start + MinuteLength; filled < Length;)
        {
            RandomNumberGenerator.Fill(random);
            foreach (var b in random)
            {
                if (b < Fair && filled < Length)
                {
                    token[filled++] = Alphabet[b % 36];
                }
            }
        }
    });

    /// <summary>It names a payment of a test merchant.</summary>
    public static bool IsTest(string token) => token.StartsWith(TestPrefix, StringComparison.Ordinal);

    public static bool IsWellFormed(string? text) =>
        text is { Length: Length } && !text.AsSpan().ContainsAnyExcept(Letters);
}
