namespace CanPay.Gateway.Kernel;

/// <summary>Persian (U+06F0…) and Arabic (U+0660…) digits are folded to Latin ones at the edge, and nowhere else.</summary>
public static class Digits
{
    public static string Fold(string text)
    {
        foreach (var c in text)
        {
            if (Folded(c) != c)
            {
                return string.Create(text.Length, text, static (target, source) =>
                {
                    for (var i = 0; i < target.Length; i++)
                    {
                        target[i] = Folded(source[i]);
                    }
                });
            }
        }

        return text;
    }

    /// <summary>Only <c>0-9</c>, and at least one of them.</summary>
    public static bool IsAll(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExceptInRange('0', '9');

    /// <summary>The Luhn check of ISO/IEC 7812-1 over Latin digits.</summary>
    public static bool PassesLuhn(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            sum += i % 2 == 0 ? digit : digit > 4 ? (digit * 2) - 9 : digit * 2;
        }

        return digits.Length > 0 && sum % 10 == 0;
    }

    private static char Folded(char c) => c switch
    {
        >= '\u06F0' and <= '\u06F9' => (char)(c - '\u06F0' + '0'),
        >= '\u0660' and <= '\u0669' => (char)(c - '\u0660' + '0'),
        _ => c,
    };
}
