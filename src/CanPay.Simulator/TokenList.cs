using System.Globalization;

namespace CanPay.Simulator;

/// <summary>
/// Field 48 as a list of tokens: a tag of three characters, a length of three digits, a value, and the next. That the CVV2
/// travels in it under the tag <c>CV2</c> is our own convention; no public text of the network says where it does.
/// </summary>
internal static class TokenList
{
    public const string Cvv2 = "CV2";

    /// <returns>The value; null where the tag is absent or the list is cut off before it.</returns>
    public static string? Find(string? list, string tag)
    {
        for (var rest = list ?? ""; rest.Length >= 6;)
        {
            if (!int.TryParse(rest.AsSpan(3, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                || rest.Length < 6 + length)
            {
                return null;
            }

            if (rest.StartsWith(tag, StringComparison.Ordinal))
            {
                return rest.Substring(6, length);
            }

            rest = rest[(6 + length)..];
        }

        return null;
    }
}
