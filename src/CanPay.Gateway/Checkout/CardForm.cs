using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Checkout;

/// <summary>Reads what the payer typed. What is wrong is named by field; what was typed is never shown again.</summary>
internal static class CardForm
{
    /// <summary>No card is good for longer, in years: 98 on a card is 1398, not 1498.</summary>
    private const int MaxYearsAhead = 20;

    public const string PanField = "pan";
    public const string Cvv2Field = "cvv2";
    public const string MonthField = "month";
    public const string YearField = "year";
    public const string PinField = "pin";

    /// <summary>The names of the fields, as they stand in the form and in the address after an error.</summary>
    public static IReadOnlyList<string> Fields { get; } = [PanField, Cvv2Field, MonthField, YearField, PinField];

    /// <param name="form">As it was posted.</param>
    /// <param name="today">Cards are good to the end of their month, in Tehran.</param>
    /// <param name="wrong">The fields that cannot be right; empty where there is a card.</param>
    /// <returns>The card, which the caller must dispose of, or null.</returns>
    public static Card? Read(IFormCollection form, JalaliDate today, out IReadOnlyList<string> wrong)
    {
        var errors = new List<string>();
        var pan = Pan.TryParse(Plain(PanField), out var number) ? number : null;
        Check(PanField, pan is not null);
        var cvv2 = Plain(Cvv2Field);
        Check(Cvv2Field, cvv2.Length is 3 or 4 && Digits.IsAll(cvv2));
        var month = Number(MonthField, maxLength: 2);
        Check(MonthField, month is >= 1 and <= 12);
        var year = Number(YearField, maxLength: 4) switch
        {
            >= 1400 and <= 1499 and var full => full - 1400,
            <= 99 and var two => two,
            _ => -1,
        };
        var isPast = ((1400 + year) * 12) + month < (today.Year * 12) + today.Month;
        Check(YearField, year >= 0 && 1400 + year <= today.Year + MaxYearsAhead && (month is < 1 or > 12 || !isPast));
        var pin = Plain(PinField);
        Check(PinField, pin.Length is >= 4 and <= 12 && Digits.IsAll(pin));
        wrong = errors;
        return errors.Count == 0 ? new Card(pan!, $"{year:00}{month:00}", cvv2, pin) : null;

        string Plain(string field) => Digits.Fold(form[field].ToString()).Replace(" ", "", StringComparison.Ordinal)
            .Replace("-", "", StringComparison.Ordinal).Replace("\u200C", "", StringComparison.Ordinal);

        int Number(string field, int maxLength) => Plain(field) is var text && text.Length <= maxLength && Digits.IsAll(text)
            ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture)
            : -1;

        void Check(string field, bool isRight)
        {
            if (!isRight)
            {
                errors.Add(field);
            }
        }
    }
}
