using System.Globalization;
using System.Text;
using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Api;

/// <summary>A merchant's own name for something: given back exactly as it was sent, so it is neither folded nor trimmed.</summary>
internal static class PrintableText
{
    private const int MaxLength = 64;

    /// <returns>None where it is not 1 to 64 printable characters.</returns>
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
