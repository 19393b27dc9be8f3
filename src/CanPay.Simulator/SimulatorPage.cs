using System.Globalization;
using System.Net;
using System.Text;

namespace CanPay.Simulator;

/// <summary>The page for people. A script counts the seconds and loads it again; without one the browser does so by itself.</summary>
internal sealed class SimulatorPage(Books books, Pins pins, SwitchServer server, Faults faults, DateTimeOffset now)
{
    private const int RowsOnPage = 50;

    private readonly IReadOnlyList<Entry> _entries = books.Entries;
    private readonly IReadOnlyList<Sms> _messages = books.Messages;
    private readonly IReadOnlyCollection<Peer> _peers = server.Peers;

    public string Html() => $"""
        <!doctype html>
        <html lang="fa" dir="rtl">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width,initial-scale=1">
        <noscript><meta http-equiv="refresh" content="10"></noscript>
        <title>شبیه‌ساز شبکهٔ کارت</title>
        <link rel="stylesheet" href="/simulator.css">
        <link rel="icon" href="data:,">
        <script src="/simulator.js" defer></script>
        </head>
        <body>
        <header><div>
        <div><h1>شبیه‌ساز شبکهٔ کارت</h1><p>سوییچ و بانک‌های صادرکنندهٔ محیط آزمایشی؛ هیچ پولی جابه‌جا نمی‌شود.</p></div>
        <nav><a href="#books">دفتر</a><a href="#sms">پیامک‌ها</a><a href="#lines">خط‌ها</a><a href="#control">خطاها</a></nav>
        </div></header>
        <main id="live">
        {Warning()}
        {Sums()}
        {Cards()}
        {Book()}
        {Texts()}
        {Lines()}
        {Control}
        </main>
        <footer>برای برنامه‌ها: <a href="/books.json">books.json</a> و <a href="/sms.json">sms.json</a></footer>
        </body>
        </html>
        """;

    private string Warning() => books.Failure is { } failure ? Note($"دفتر نوشته نمی‌شود و به هیچ پیامی پاسخ داده نمی‌شود: {Latin(failure)}")
        : faults.IsSignedOff ? Note("سوییچ از شبکه خارج است و به هر پیامی ۹۸۶ پاسخ می‌دهد.")
        : faults.PausedUntil > now ? Note("سوییچ مکث کرده است و هنوز به پیامی رسیدگی نمی‌کند.")
        : "";

    private string Sums()
    {
        var approved = _entries.Where(entry => entry is { Kind: Entry.Purchase, Outcome: Entry.Approved }).ToList();
        var given = _entries.Where(entry => entry is { Kind: Entry.Reversal, Outcome: Entry.Reversed })
            .Select(entry => entry.Original).ToHashSet(StringComparer.Ordinal);
        var back = approved.Where(entry => given.Contains(entry.Original)).ToList();
        var refunds = _entries.Where(entry => entry is { Kind: Entry.Refund, Outcome: Entry.Refunded }).ToList();
        var taken = Total(approved);
        var returned = Total(back) + Total(refunds);
        return $"""
            <section class="sums" aria-label="جمع‌ها">
            <div><span>خرید تاییدشده</span><b>{Number(approved.Count)}</b><small>{Number(taken)} ریال</small></div>
            <div><span>برگشت‌خورده</span><b>{Number(back.Count + refunds.Count)}</b><small>{Number(returned)} ریال</small></div>
            <div class="net"><span>خالص گرفته‌شده</span><b>{Number(taken - returned)}</b><small>ریال</small></div>
            <div><span>درگاه‌های وصل</span><b>{Number(_peers.Count(peer => peer.IsSignedOn))}</b><small>{LastEcho()}</small></div>
            </section>
            """;

        static long Total(List<Entry> entries) => entries.Sum(entry => entry.Amount);
    }

    private string Cards()
    {
        var rows = new StringBuilder();
        foreach (var card in TestCard.All)
        {
            var kind = card.Behaviour switch
            {
                Behaviour.Approve => "ok",
                Behaviour.Decline => "bad",
                Behaviour.Silence or Behaviour.LoseAnswer or Behaviour.AnswerLate or Behaviour.DropLine => "warn",
            };
            var code = card.Behaviour is Behaviour.Decline ? " " + Latin(Code(card.ActionCode)) : "";
            rows.Append(CultureInfo.InvariantCulture, $"""
                <tr><td data-label="شماره کارت"><code data-copy="{card.Pan}">{Grouped(card.Pan)}</code></td>
                <td data-label="بانک">{Text(card.Bank)}</td>
                <td data-label="رفتار"><span class="tag {kind}">{Text(card.Meaning)}{code}</span></td>
                <td data-label="رمز پویا"><code data-copy="{pins.Dynamic(card.Pan)}">{pins.Dynamic(card.Pan)}</code></td></tr>

                """);
        }

        return $"""
            <section id="cards"><h2>کارت‌های آزمایشی</h2>
            <p class="dim">CVV2 همهٔ کارت‌ها {Latin(TestCard.Cvv2)}، تاریخ انقضا هر ماهی در آینده (مانند ماه {Latin("12")} سال
            {Latin("09")})، رمز دوم ایستا {Latin(TestCard.StaticPin)} یا رمز پویای هر کارت که تا
            <b class="seconds" data-seconds="{pins.SecondsLeft}">{Number(pins.SecondsLeft)}</b> ثانیهٔ دیگر عوض می‌شود.</p>
            <table><thead><tr><th>شماره کارت</th><th>بانک</th><th>رفتار</th><th>رمز پویا</th></tr></thead><tbody>
            {rows}</tbody></table></section>
            """;
    }

    private string Book()
    {
        var rows = new StringBuilder();
        foreach (var entry in _entries.Reverse().Take(RowsOnPage))
        {
            var (kind, outcome) = Outcome(entry);
            var code = entry.Answered ? " " + Latin(Code(entry.ActionCode)) : "";
            var repeats = entry.Repeats == 0 ? "" : $" <small>({Number(entry.Repeats)} بار تکرار)</small>";
            rows.Append(CultureInfo.InvariantCulture, $"""
                <tr><td data-label="زمان">{Latin(When(entry.At))}</td>
                <td data-label="پیام">{(entry.Kind == Entry.Purchase ? "خرید" : entry.Kind == Entry.Refund ? "بازگرداندن وجه" : "برگشت")}{repeats}</td>
                <td data-label="نتیجه"><span class="tag {kind}">{outcome}{code}</span></td>
                <td data-label="مبلغ (ریال)" class="number">{Number(entry.Amount)}</td>
                <td data-label="کارت">{Latin(entry.Card)}</td>
                <td data-label="شماره مرجع"><code data-copy="{WebUtility.HtmlEncode(entry.Rrn)}">{WebUtility.HtmlEncode(entry.Rrn)}</code></td></tr>

                """);
        }

        var more = _entries.Count > RowsOnPage ? $"<p class=\"dim\">{Number(RowsOnPage)} پیام آخر از {Number(_entries.Count)} پیام.</p>" : "";
        return _entries.Count == 0 ? Empty("books", "دفتر", "هنوز پیامی نرسیده است.") : $"""
            <section id="books"><h2>دفتر</h2><table><thead><tr><th>زمان</th><th>پیام</th><th>نتیجه</th><th>مبلغ (ریال)</th><th>کارت</th>
            <th>شماره مرجع</th></tr></thead><tbody>
            {rows}</tbody></table>{more}</section>
            """;
    }

    private string Texts()
    {
        var rows = string.Concat(_messages.Reverse().Take(RowsOnPage).Select(sms =>
            $"<tr><td data-label=\"زمان\">{Latin(When(sms.At))}</td><td data-label=\"به\">{Latin(sms.To)}</td>"
            + $"<td data-label=\"متن\" class=\"text\">{Text(sms.Text)}</td></tr>\n"));
        return rows.Length == 0 ? Empty("sms", "پیامک‌ها", "پیامکی فرستاده نشده است.") : $"""
            <section id="sms"><h2>پیامک‌ها</h2><table><thead><tr><th>زمان</th><th>به</th><th>متن</th></tr></thead><tbody>
            {rows}</tbody></table></section>
            """;
    }

    private string Lines()
    {
        var rows = string.Concat(_peers.OrderBy(peer => peer.Id).Select(peer =>
            $"<tr><td data-label=\"خط\">{Number(peer.Id)}</td><td data-label=\"پذیرنده\">{Latin(peer.Acquirer ?? "—")}</td>"
            + $"<td data-label=\"وضع\"><span class=\"tag {(peer.IsSignedOn ? "ok" : "warn")}\">{(peer.IsSignedOn ? "وارد شبکه" : "وارد نشده")}</span></td>"
            + $"<td data-label=\"آخرین پژواک\">{Latin(peer.LastEcho is { } echo ? When(echo) : "—")}</td></tr>\n"));
        return rows.Length == 0 ? Empty("lines", "خط‌ها", "درگاهی وصل نیست.") : $"""
            <section id="lines"><h2>خط‌ها</h2><table><thead><tr><th>خط</th><th>پذیرنده</th><th>وضع</th><th>آخرین پژواک</th></tr></thead><tbody>
            {rows}</tbody></table></section>
            """;
    }

    private static (string Kind, string Words) Outcome(Entry entry) => entry.Outcome switch
    {
        Entry.Approved => entry.Answered ? ("ok", "تایید شد") : ("warn", "تایید شد، بی‌پاسخ"),
        Entry.Declined => ("bad", "رد شد"),
        Entry.NoAnswer => ("warn", "بی‌پاسخ"),
        Entry.Refunded => ("info", "به کارت واریز شد"),
        Entry.Reversed => ("info", entry.OriginalKnown == true ? "برگشت داده شد" : "برگشت، خرید دیده نشده"),
        _ => ("bad", "پذیرفته نشد"),
    };

    private string LastEcho() => _peers.Max(peer => peer.LastEcho) is { } last ? "آخرین پژواک " + Latin(When(last)) : "هنوز پژواکی نرسیده";

    /// <summary>The day only where it is not today.</summary>
    private string When(DateTimeOffset at)
    {
        var time = TehranTime.Local(at).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        var day = TehranTime.JalaliDate(at);
        return day == TehranTime.JalaliDate(now) ? time : day + " " + time;
    }

    private static string Empty(string id, string title, string words) =>
        $"<section id=\"{id}\"><h2>{title}</h2><p class=\"dim\">{words}</p></section>";

    private static string Note(string html) => $"<p class=\"note\" role=\"status\">{html}</p>";

    private static string Text(string text) => "<bdi>" + WebUtility.HtmlEncode(text) + "</bdi>";

    private static string Latin(string text) => "<bdi dir=\"ltr\">" + WebUtility.HtmlEncode(text) + "</bdi>";

    private static string Grouped(string pan) => string.Join(' ', pan.Chunk(4).Select(group => new string(group)));

    private static string Code(int actionCode) => actionCode.ToString("000", CultureInfo.InvariantCulture);

    /// <summary>As numbers are written in Persian.</summary>
    private static string Number(long number) => string.Create(CultureInfo.InvariantCulture, $"{number:N0}").Aggregate(
        new StringBuilder(), (text, c) => text.Append(c is ',' ? '٬' : c is >= '0' and <= '9' ? (char)(c - '0' + '۰') : c)).ToString();

    private const string Control = """
        <section id="control"><h2>خطاهای دلخواه</h2>
        <p class="dim">برای آزمون‌ها؛ همان نشانی‌ها با POST برای برنامه‌ها هم هست، مانند
        <code>POST /control/drop-lines</code></p>
        <div class="buttons">
        <form method="post" action="/control/drop-lines"><button>قطع همهٔ خط‌ها</button></form>
        <form method="post" action="/control/pause?seconds=10"><button>مکث ۱۰ ثانیه‌ای سوییچ</button></form>
        <form method="post" action="/control/sign-off"><button>خروج سوییچ از شبکه</button></form>
        <form method="post" action="/control/sign-on"><button>ورود سوییچ به شبکه</button></form>
        <form method="post" action="/control/next-answer?fault=late&amp;seconds=5"><button>پاسخ بعدی: ۵ ثانیه دیر</button></form>
        <form method="post" action="/control/next-answer?fault=duplicate"><button>پاسخ بعدی: دوباره</button></form>
        <form method="post" action="/control/next-answer?fault=foreign"><button>پاسخ بعدی: پس از پاسخی بیگانه</button></form>
        <form method="post" action="/control/next-answer?fault=wrong-mac"><button>پاسخ بعدی: MAC نادرست</button></form>
        <form method="post" action="/control/next-answer?fault=lost"><button>پاسخ بعدی: گم می‌شود</button></form>
        <form method="post" action="/control/next-refund?decline=100"><button>بازگرداندن وجه بعدی: رد می‌شود</button></form>
        </div></section>
        """;
}
