using System.Globalization;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Checkout;

/// <summary>Numbers and times as they are written in Persian.</summary>
internal static class Persian
{
    /// <summary>Digits, with a separator between groups of three.</summary>
    public static string Number(long number) => Digits(number.ToString("N0", CultureInfo.InvariantCulture).Replace(',', '٬'));

    public static string Digits(string text) => string.Create(text.Length, text, static (target, source) =>
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = source[i] is >= '0' and <= '9' ? (char)(source[i] - '0' + '۰') : source[i];
        }
    });

    /// <summary>Ten rials are a toman; an odd rial is a tenth.</summary>
    public static string Toman(Rials amount) =>
        Number(amount.Amount / 10) + (amount.Amount % 10 is var rest and > 0 ? "٫" + Digits(rest.ToString(CultureInfo.InvariantCulture)) : "");

    /// <summary>Minutes and seconds.</summary>
    public static string Clock(TimeSpan time) =>
        Digits(string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes:00}:{time.Seconds:00}"));

    /// <summary>Hour and minute in Tehran.</summary>
    public static string Hour(DateTimeOffset at) => Digits(Tehran.Local(at).ToString("HH:mm", CultureInfo.InvariantCulture));

    /// <summary>Day of the Jalali calendar and time in Tehran.</summary>
    public static string DateAndTime(DateTimeOffset at) => Digits(Tehran.Jalali(at).ToString()) + "، ساعت " + Hour(at);

    /// <summary>Texts of others, without the marks that turn writing round.</summary>
    public static string Visible(string text) => string.Concat(text.Where(c => !char.IsControl(c)
        && c is not ((>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u200E' or '\u200F' or '\u061C')));
}
