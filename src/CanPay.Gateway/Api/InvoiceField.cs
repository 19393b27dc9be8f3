using System.Globalization;
using System.Text;
using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Api;

/// <summary>Reads a merchant's own number of something: 1 to 64 printable characters, as a text or as a JSON number.</summary>
internal static class InvoiceField
{
    private const int MaxLength = 64;

    /// <summary>Given back exactly as it was sent, so it is neither folded nor trimmed.</summary>
    public static string? Read(FieldValue value) =>
        value is { Text: { Length: <= MaxLength } text }
        && (value.IsNumber ? Digits.IsAll(text) : !string.IsNullOrWhiteSpace(text) && text.EnumerateRunes().All(IsPrintable))
            ? text
            : null;

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
        && rune.Value != 0xFFFD;
}
