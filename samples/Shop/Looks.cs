using System.Globalization;

namespace CanPay.Samples.Shop;

/// <summary>How the shop looks, and how it writes numbers.</summary>
internal static class Looks
{
    private static readonly TimeZoneInfo Tehran = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tehran");
    private static readonly PersianCalendar Calendar = new();

    public const string NotACallback =
        """
        <!doctype html><html lang="fa" dir="rtl"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
        <title>سفارش پیدا نشد</title><link rel="stylesheet" href="/shop.css"><main><section class="panel done"><h1>سفارشی با این مشخصات پیدا نشد</h1>
        <p>اگر مبلغی از کارت شما کسر شده باشد، خودکار برمی‌گردد.</p><a class="btn" href="/">بازگشت به فروشگاه</a></section></main></html>
        """;

    public const string Css =
        """
        :root{color-scheme:light dark;--bg:#faf7f2;--card:#fff;--ink:#2b2320;--dim:#75665d;--line:#eadfd3;--brand:#9c3d1f;--brand-2:#c4622d;--on:#fff;--ok:#0b7a45;--ok-bg:#e5f6ed;--bad:#b3261e;--bad-bg:#fdeceb;--warn:#7a5200;--warn-bg:#fff4dc;--pic:#fbf1e4}
        @media(prefers-color-scheme:dark){:root{--bg:#14100e;--card:#1f1916;--ink:#f4ece6;--dim:#b7a699;--line:#3a2f29;--brand:#b04a27;--brand-2:#c4622d;--ok:#6fdba6;--ok-bg:#10291d;--bad:#ff9d94;--bad-bg:#361a19;--warn:#f3c968;--warn-bg:#2e2410;--pic:#2a211c}}
        *{box-sizing:border-box}body{margin:0;min-height:100vh;display:flex;flex-direction:column;background:var(--bg);color:var(--ink);font:400 16px/1.8 Vazirmatn,"Noto Sans Arabic",Tahoma,sans-serif}
        h1,h2,p,dl,dd{margin:0}a{color:var(--brand-2)}
        header{background:linear-gradient(120deg,var(--brand),var(--brand-2));color:var(--on)}header>div{max-width:66rem;margin:auto;padding:1rem;display:flex;justify-content:space-between;align-items:center;gap:1rem}
        header a{color:var(--on);text-decoration:none}.name{font-weight:700;font-size:1.25rem}.name small{display:block;font-weight:400;font-size:.8rem;opacity:.9;line-height:1.4}
        .orders{border:1.5px solid rgba(255,255,255,.55);border-radius:99px;padding:.3rem 1rem;white-space:nowrap}
        main{width:100%;max-width:66rem;margin:auto;margin-top:0;padding:1.25rem 1rem 2rem;flex:1}
        .lead{margin-bottom:1rem;color:var(--dim)}
        .grid{display:grid;gap:1rem;grid-template-columns:repeat(auto-fill,minmax(16rem,1fr))}
        .item,.panel{background:var(--card);border:1px solid var(--line);border-radius:18px;overflow:hidden;display:flex;flex-direction:column}
        .pic{background:var(--pic);display:grid;place-items:center;padding:1.1rem}.pic svg{width:7.5rem;height:7.5rem}
        .body{padding:1rem 1.1rem 1.15rem;display:grid;gap:.35rem;flex:1}.body h2{font-size:1.1rem}.body p{color:var(--dim);font-size:.92rem}
        .price{font-size:1.15rem;font-weight:700}.price small{font-weight:400;color:var(--dim);font-size:.85rem}
        .btn,button{display:flex;align-items:center;justify-content:center;min-height:3rem;width:100%;border:0;border-radius:12px;background:linear-gradient(120deg,var(--brand),var(--brand-2));color:var(--on);font:600 1rem Vazirmatn,Tahoma,sans-serif;text-decoration:none;cursor:pointer;padding:.4rem 1rem;margin-top:.5rem}
        .btn:hover,button:hover{filter:brightness(1.08)}:focus-visible{outline:3px solid var(--brand-2);outline-offset:2px}
        .quiet{background:none;border:1.5px solid var(--line);color:var(--dim)}
        .panel{max-width:32rem;margin:0 auto;padding:1.5rem 1.3rem;gap:.9rem}.panel .pic{border-radius:14px}
        label{font-weight:500}label small{font-weight:400;color:var(--dim)}input{width:100%;height:3rem;border:1.5px solid var(--line);border-radius:12px;background:var(--bg);color:var(--ink);font:500 1.05rem Vazirmatn,Tahoma,sans-serif;padding:0 .9rem;direction:ltr;text-align:center;margin-top:.3rem}
        dl{display:grid;gap:.45rem;border-top:1px dashed var(--line);padding-top:.9rem}dl div{display:flex;justify-content:space-between;gap:1rem}dt{color:var(--dim)}dd{font-weight:500;text-align:left;overflow-wrap:anywhere}
        .done{text-align:center}.done dl{text-align:right}.done h1{font-size:1.3rem}.done>p{color:var(--dim)}
        .mark{width:4.2rem;height:4.2rem;border-radius:50%;display:grid;place-items:center;margin:0 auto;background:var(--warn-bg);color:var(--warn)}.mark.paid{background:var(--ok-bg);color:var(--ok)}.mark.failed,.mark.cancelled{background:var(--bad-bg);color:var(--bad)}
        .note{background:var(--bad-bg);color:var(--bad);border-radius:12px;padding:.6rem .9rem}
        .list{display:grid;gap:.7rem;max-width:44rem;margin:0 auto}.list a{display:grid;grid-template-columns:1fr auto;gap:.1rem 1rem;background:var(--card);border:1px solid var(--line);border-radius:14px;padding:.8rem 1.1rem;color:var(--ink);text-decoration:none}.list small{color:var(--dim)}
        .tag{border-radius:99px;padding:0 .8rem;font-size:.85rem;background:var(--warn-bg);color:var(--warn);align-self:center}.tag.paid{background:var(--ok-bg);color:var(--ok)}.tag.failed,.tag.cancelled{background:var(--bad-bg);color:var(--bad)}
        footer{text-align:center;color:var(--dim);font-size:.85rem;padding:0 1rem 1.5rem}
        """;

    public static string Number(long number) => Digits(number.ToString("N0", CultureInfo.InvariantCulture).Replace(',', '٬'));

    public static string Digits(string text) =>
        string.Concat(text.Select(c => c is >= '0' and <= '9' ? (char)(c - '0' + '۰') : c));

    /// <summary>Day of the Jalali calendar and time in Tehran.</summary>
    public static string DateAndTime(DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, Tehran).DateTime;
        return Digits(string.Create(
            CultureInfo.InvariantCulture,
            $"{Calendar.GetYear(local)}/{Calendar.GetMonth(local):00}/{Calendar.GetDayOfMonth(local):00} ساعت {local:HH:mm}"));
    }

    public static string Name(OrderStatus status) => status switch
    {
        OrderStatus.Pending => "در انتظار پرداخت",
        OrderStatus.Checking => "در حال بررسی",
        OrderStatus.Paid => "پرداخت شد",
        OrderStatus.Cancelled => "لغو شد",
        OrderStatus.Failed => "ناموفق",
    };

    /// <summary>For programs and styles.</summary>
    public static string Code(OrderStatus status) => status switch
    {
        OrderStatus.Pending => "pending",
        OrderStatus.Checking => "unknown",
        OrderStatus.Paid => "paid",
        OrderStatus.Cancelled => "cancelled",
        OrderStatus.Failed => "failed",
    };
}
