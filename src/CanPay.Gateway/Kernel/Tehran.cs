using System.Globalization;

namespace CanPay.Gateway.Kernel;

/// <summary>Local time of Iran. Used at the edges only: the page, the panel and fields of the card network.</summary>
public static class Tehran
{
    /// <summary>By the time zone database: Iran had summer time until 2022.</summary>
    public static TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tehran");
    private static readonly PersianCalendar Calendar = new();

    public static DateTime Local(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, Zone).DateTime;

    /// <summary>The day that was asked for last: the calendar is astronomical and costs more than all the rest of a page.</summary>
    private static volatile Day _last = new(DateTime.MinValue, default);

    /// <summary>The date in the Jalali (Solar Hijri) calendar at that instant in Tehran.</summary>
    public static JalaliDate Jalali(DateTimeOffset instant)
    {
        var local = Local(instant).Date;
        var day = _last;
        if (day.Local != local)
        {
            _last = day = new Day(local, new JalaliDate(Calendar.GetYear(local), Calendar.GetMonth(local), Calendar.GetDayOfMonth(local)));
        }

        return day.Jalali;
    }

    private sealed record Day(DateTime Local, JalaliDate Jalali);
}

/// <summary>A day of the Jalali calendar, for example 1405/09/03.</summary>
public readonly record struct JalaliDate(int Year, int Month, int Day)
{
    /// <summary>Latin digits, <c>1405/09/03</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}/{Month:00}/{Day:00}");
}
