using System.Globalization;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Checkout;

/// <summary>What payers read: numbers as they are written in Persian, and the words for whatever may happen.</summary>
internal static class Persian
{
    public static IReadOnlyDictionary<string, string> FieldErrors { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [CardForm.PanField] = "شمارهٔ کارت درست نیست؛ ۱۶ رقم روی کارت را وارد کنید.",
        [CardForm.Cvv2Field] = "CVV2 سه یا چهار رقم است.",
        [CardForm.MonthField] = "ماه از ۱ تا ۱۲ است.",
        [CardForm.YearField] = "سال انقضا گذشته یا نادرست است؛ دو رقم سال شمسی روی کارت را وارد کنید.",
        [CardForm.PinField] = "رمز دوم ۴ تا ۱۲ رقم است.",
    };

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

    /// <summary>
    /// Why a card was declined, and what the payer can do: every action code of the network. One text for whatever would tell a
    /// thief which of the card's data is wrong, so that the page is no oracle for guesses.
    /// </summary>
    public static string Decline(int actionCode) => actionCode switch
    {
        116 => "موجودی کارت برای این پرداخت کافی نیست. با کارت دیگری تلاش کنید یا حساب خود را شارژ کنید.",
        117 => "رمز دوم نادرست است. رمز پویای تازه بگیرید و دوباره تلاش کنید.",
        106 => "تعداد دفعات ورود رمز نادرست بیش از حد مجاز شده است. با بانک خود تماس بگیرید یا کارت دیگری امتحان کنید.",
        112 or 126 or 127 => "رمز دوم پذیرفته نشد. آن را دوباره وارد کنید.",
        121 => "مبلغ از سقف مجاز کارت شما بیشتر است. با کارت دیگری پرداخت کنید یا سقف آن را از بانک خود بپرسید.",
        123 => "تعداد تراکنش‌های امروز این کارت به سقف رسیده است. با کارت دیگری پرداخت کنید.",
        101 or 111 or 114 or 118 or 128 or 129 or 145 =>
            "مشخصات کارت تأیید نشد. شمارهٔ کارت، CVV2 و تاریخ انقضا را بررسی کنید یا کارت دیگری امتحان کنید.",
        104 or 119 or 125 or 135 or 141 or 142 => "این کارت برای پرداخت اینترنتی فعال نیست. با بانک خود تماس بگیرید یا کارت دیگری امتحان کنید.",
        100 or 102 or 122 or 124 or 935 => "بانک شما این پرداخت را نپذیرفت. با بانک خود تماس بگیرید یا کارت دیگری امتحان کنید.",
        113 or 115 or 161 => "بانک شما این نوع پرداخت را با این کارت انجام نمی‌دهد. با کارت بانک دیگری پرداخت کنید.",
        109 or 110 or 120 or 905 =>
            "شبکهٔ بانکی این پرداخت را برای این فروشگاه نپذیرفت و مبلغی کسر نشده است. به فروشگاه بازگردید و آن را آگاه کنید.",
        907 or 908 or 910 or 912 or 983 or 986 => "بانک صادرکنندهٔ کارت اکنون پاسخگو نیست و مبلغی کسر نشده است. "
            + "چند دقیقهٔ دیگر تلاش کنید یا با کارت بانک دیگری پرداخت کنید.",
        902 or 903 or 906 or 915 or 916 or 917 or 919 or 928 =>
            "شبکهٔ بانکی این درخواست را انجام نداد و مبلغی کسر نشده است. چند دقیقهٔ دیگر دوباره تلاش کنید.",
        (>= 400 and < 500) or 909 or 911 or 913 or 914 or 923 or 925 or 980 or 999 => "نتیجهٔ پرداخت مشخص نشد. اگر مبلغی از کارت شما کسر "
            + "شده باشد، خودکار و حداکثر تا ۷۲ ساعت برمی‌گردد.",
        _ => "بانک این پرداخت را انجام نداد. دوباره تلاش کنید یا کارت دیگری امتحان کنید.",
    };
}
