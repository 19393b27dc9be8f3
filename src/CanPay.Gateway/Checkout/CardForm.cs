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
        var card = ReadSecrets(form, errors.Count == 0 ? pan : null, $"{year:00}{month:00}", out var wrongSecrets);
        wrong = [.. errors, .. wrongSecrets];
        return card;

        string Plain(string field) => CardForm.Plain(form, field);

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

    /// <summary>The rest of a card whose number and expiry we know: what is asked each time.</summary>
    /// <param name="pan">Null where there is no card in any case.</param>
    /// <param name="expiry">Four digits, Jalali year and month.</param>
    /// <param name="wrong">The fields that cannot be right.</param>
    /// <returns>The card, which the caller must dispose of, or null.</returns>
    public static Card? ReadSecrets(IFormCollection form, Pan? pan, string expiry, out IReadOnlyList<string> wrong)
    {
        var cvv2 = Plain(form, Cvv2Field);
        var pin = Plain(form, PinField);
        wrong =
        [
            .. cvv2.Length is 3 or 4 && Digits.IsAll(cvv2) ? [] : (string[])[Cvv2Field],
            .. pin.Length is >= 4 and <= 12 && Digits.IsAll(pin) ? [] : (string[])[PinField],
        ];
        return pan is not null && wrong.Count == 0 ? new Card(pan, expiry, cvv2, pin) : null;
    }

    /// <summary>What a request for a dynamic PIN takes: the number must be right; expiry and CVV2 go along where they are whole.</summary>
    /// <param name="known">The payer's own card, where one was chosen.</param>
    /// <returns>The card without a PIN, which the caller must dispose of; null where the number cannot be right.</returns>
    public static Card? ReadForPin(IFormCollection form, (Pan Pan, string Expiry)? known)
    {
        if ((known?.Pan ?? (Pan.TryParse(Plain(form, PanField), out var typed) ? typed : null)) is not { } pan)
        {
            return null;
        }

        var (year, month, cvv2) = (Plain(form, YearField), Plain(form, MonthField), Plain(form, Cvv2Field));
        var expiry = year.Length is 2 or 4 && month.Length is 1 or 2 && Digits.IsAll(year + month) ? year[^2..] + month.PadLeft(2, '0') : "";
        return new Card(pan, known?.Expiry ?? expiry, cvv2.Length is 3 or 4 && Digits.IsAll(cvv2) ? cvv2 : "", pin: "");
    }

    private static string Plain(IFormCollection form, string field) => Digits.Fold(form[field].ToString())
        .Replace(" ", "", StringComparison.Ordinal)
        .Replace("-", "", StringComparison.Ordinal)
        .Replace("\u200C", "", StringComparison.Ordinal);
}
