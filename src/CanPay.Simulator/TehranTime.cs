using System.Globalization;

namespace CanPay.Simulator;

/// <summary>The banks' clock and calendar.</summary>
internal static class TehranTime
{
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tehran");
    private static readonly PersianCalendar Calendar = new();

    public static DateTime Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Zone).DateTime;

    /// <summary>Field 15: yyMMdd, Gregorian.</summary>
    public static string SettlementDate(DateTimeOffset at) => Local(at).ToString("yyMMdd", CultureInfo.InvariantCulture);

    /// <summary>As people write it: 1405/09/03.</summary>
    public static string JalaliDate(DateTimeOffset at)
    {
        var local = Local(at);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Calendar.GetYear(local):0000}/{Calendar.GetMonth(local):00}/{Calendar.GetDayOfMonth(local):00}");
    }

    /// <summary>
    /// Iranian cards carry the Jalali year and month, and so does field 14 here: 0912 is the last month of 1409. Good to the end
    /// of the month. Two digits mean the year nearest to today: 98 is 1398.
    /// </summary>
    public static bool IsGood(string? expiry, DateTimeOffset now)
    {
        if (expiry is not { Length: 4 } || !expiry.All(char.IsAsciiDigit))
        {
            return false;
        }

        var local = Local(now);
        var thisYear = Calendar.GetYear(local);
        var year = (thisYear / 100 * 100) + int.Parse(expiry.AsSpan(0, 2), CultureInfo.InvariantCulture);
        year += year > thisYear + 50 ? -100 : year < thisYear - 49 ? 100 : 0;
        var month = int.Parse(expiry.AsSpan(2, 2), CultureInfo.InvariantCulture);
        return month is >= 1 and <= 12 && (year * 12) + month >= (thisYear * 12) + Calendar.GetMonth(local);
    }
}
