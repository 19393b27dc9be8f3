using System.Buffers;
using System.Security.Cryptography;

namespace CanPay.Gateway.Payments;

/// <summary>The name of a payment before merchant and payer: 30 characters of A-Z and 0-9, 155 random bits.</summary>
public static class PaymentToken
{
    public const int Length = 30;

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    private static readonly SearchValues<char> Letters = SearchValues.Create(Alphabet);

    /// <summary>Bytes from here on are thrown away, or the first letters would come more often than the last.</summary>
    private const int Fair = 256 / 36 * 36;

    public static string New() => string.Create(Length, 0, static (token, _) =>
    {
        Span<byte> random = stackalloc byte[64];
        for (var filled = 0; filled < Length;)
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

    public static bool IsWellFormed(string? text) =>
        text is { Length: Length } && !text.AsSpan().ContainsAnyExcept(Letters);
}
