using System.Globalization;
using System.Net;
using System.Text;

namespace CanPay.Simulator;

/// <summary>What the simulator shows over HTTP: a page for people, JSON for programs, and some faults on demand.</summary>
internal static class SimulatorWeb
{
    private const int RowsOnPage = 50;

    public static void Map(WebApplication app)
    {
        app.MapGet("/", (Books books, Pins pins, SwitchServer server) =>
            Results.Content(Page(books, pins, server), "text/html; charset=utf-8"));
        app.MapGet("/books.json", (Books books, string? rrn) => Results.Json(
            rrn is null ? books.Entries : [.. books.Entries.Where(entry => entry.Rrn == rrn)], BooksJson.Default.IReadOnlyListEntry));
        app.MapGet("/sms.json", (Books books) => Results.Json(books.Messages, BooksJson.Default.IReadOnlyListSms));
        app.MapPost("/sms", async (HttpRequest request, Books books, TimeProvider clock) =>
        {
            var form = await request.ReadFormAsync();
            await books.Book(new Sms(form["to"].ToString(), form["text"].ToString(), clock.GetUtcNow()));
            return Results.Ok();
        });
        app.MapPost("/control/drop-lines", (SwitchServer server) =>
        {
            server.DropLines();
            return Results.Ok();
        });
        app.MapGet("/health", () => Results.Text("ok"));
    }

    private static string Page(Books books, Pins pins, SwitchServer server)
    {
        var entries = books.Entries;
        var reversed = entries.Where(entry => entry is { Kind: Entry.Reversal, Outcome: Entry.Reversed })
            .Select(entry => entry.Rrn).ToHashSet(StringComparer.Ordinal);
        var approved = entries.Where(entry => entry is { Kind: Entry.Purchase, Outcome: Entry.Approved }).ToList();
        var net = approved.Where(entry => !reversed.Contains(entry.Rrn)).Sum(entry => entry.Amount);
        return $$"""
            <!doctype html><html lang="fa" dir="rtl"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width,initial-scale=1"><meta http-equiv="refresh" content="5">
            <title>شبیه‌ساز شبکهٔ کارت</title><style>{{Style}}</style></head><body>
            <header><h1>شبیه‌ساز شبکهٔ کارت</h1><p>سوییچ و بانک‌های صادرکنندهٔ محیط آزمایشی؛ هیچ پولی جابه‌جا نمی‌شود.</p></header>
            <main><section class="sums">
            {{Sum("خریدهای تاییدشده", approved.Count.ToString("N0", CultureInfo.InvariantCulture))}}
            {{Sum("برگشت‌ها", reversed.Count.ToString("N0", CultureInfo.InvariantCulture))}}
            {{Sum("ماندهٔ گرفته‌شده (ریال)", net.ToString("N0", CultureInfo.InvariantCulture))}}
            {{Sum("خط‌های وصل", server.Peers.Count(peer => peer.SignedOn).ToString(CultureInfo.InvariantCulture))}}
            </section>
            <section><h2>کارت‌های آزمایشی</h2>
            <p>CVV2 همهٔ کارت‌ها <b dir="ltr">123</b>، تاریخ انقضا هر ماهی در آینده (مثلاً <b dir="ltr">09/12</b>)، رمز دوم ثابت
            <b dir="ltr">12345</b> یا رمز پویای زیر که تا <b dir="ltr">{{pins.SecondsLeft}}</b> ثانیهٔ دیگر تازه می‌شود.</p>
            <div class="scroll"><table><thead><tr><th>شماره کارت</th><th>بانک</th><th>رفتار</th><th>رمز پویا</th></tr></thead><tbody>
            {{string.Concat(TestCard.All.Select(card => Row(Latin(Grouped(card.Pan)), Text(card.Bank), Text(card.Meaning), Latin(pins.Dynamic(card.Pan)))))}}
            </tbody></table></div></section>
            <section><h2>دفتر</h2><div class="scroll"><table><thead><tr><th>زمان</th><th>نوع</th><th>نتیجه</th><th>کد</th><th>مبلغ</th><th>کارت</th><th>شماره مرجع</th><th>تکرار</th></tr></thead><tbody>
            {{string.Concat(entries.Reverse().Take(RowsOnPage).Select(BookRow))}}
            </tbody></table></div>{{(entries.Count == 0 ? "<p class=empty>هنوز پیامی نرسیده است.</p>" : "")}}</section>
            <section><h2>پیامک‌ها</h2><div class="scroll"><table><thead><tr><th>زمان</th><th>به</th><th>متن</th></tr></thead><tbody>
            {{string.Concat(books.Messages.Reverse().Take(RowsOnPage).Select(sms => Row(Latin(Time(sms.At)), Latin(sms.To), Text(sms.Text))))}}
            </tbody></table></div>{{(books.Messages.Count == 0 ? "<p class=empty>پیامکی فرستاده نشده است.</p>" : "")}}</section>
            </main><footer>برای برنامه‌ها: <a href="/books.json">books.json</a> و <a href="/sms.json">sms.json</a></footer></body></html>
            """;
    }

    private static string BookRow(Entry entry) =>
        $"<tr class=\"{entry.Outcome}\"><td>{Latin(Time(entry.At))}</td><td>{(entry.Kind == Entry.Purchase ? "خرید" : "برگشت")}</td>"
        + $"<td><span class=tag>{Outcome(entry)}</span></td><td>{Latin(entry.ActionCode.ToString("000", CultureInfo.InvariantCulture))}</td>"
        + $"<td>{Latin(entry.Amount.ToString("N0", CultureInfo.InvariantCulture))}</td><td>{Latin(entry.Card)}</td>"
        + $"<td>{Latin(entry.Rrn)}</td><td>{Latin(entry.Repeats.ToString(CultureInfo.InvariantCulture))}</td></tr>";

    private static string Outcome(Entry entry) => entry.Outcome switch
    {
        Entry.Approved => entry.Answered ? "تایید" : "تایید، بی‌پاسخ",
        Entry.Declined => "رد",
        Entry.NoAnswer => "بی‌پاسخ",
        Entry.Reversed => entry.OriginalKnown == true ? "برگشت داده شد" : "برگشت، بی‌اصل",
        _ => "پذیرفته نشد",
    };

    private static string Sum(string name, string value) => $"<div><span>{name}</span><b dir=ltr>{value}</b></div>";

    private static string Row(params ReadOnlySpan<string> cells)
    {
        var row = new StringBuilder("<tr>");
        foreach (var cell in cells)
        {
            row.Append("<td>").Append(cell).Append("</td>");
        }

        return row.Append("</tr>").ToString();
    }

    private static string Text(string text) => "<bdi>" + WebUtility.HtmlEncode(text) + "</bdi>";

    private static string Latin(string text) => "<bdi dir=ltr>" + WebUtility.HtmlEncode(text) + "</bdi>";

    private static string Grouped(string pan) => string.Join(' ', pan.Chunk(4).Select(group => new string(group)));

    private static string Time(DateTimeOffset at) => at.ToOffset(TimeSpan.FromMinutes(210)).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    private const string Style =
        """
        :root{color-scheme:light dark;--bg:#f4f6fa;--card:#fff;--ink:#16202f;--dim:#5b6879;--line:#e3e8ef;--brand:#0b6bcb;--ok:#0c7a43;--bad:#b3261e;--warn:#8a5a00}
        @media(prefers-color-scheme:dark){:root{--bg:#0f141b;--card:#18202b;--ink:#e8edf4;--dim:#9aa8ba;--line:#2a3544;--brand:#6db3ff;--ok:#5fd39a;--bad:#ff8a80;--warn:#f2c063}}
        *{box-sizing:border-box}body{margin:0;font:15px/1.8 Vazirmatn,"Noto Naskh Arabic",Tahoma,sans-serif;background:var(--bg);color:var(--ink)}
        header{padding:1.5rem 1rem;text-align:center}h1{margin:0;font-size:1.4rem}header p,footer,.empty{color:var(--dim);margin:.25rem 0}
        main{max-width:72rem;margin:0 auto;padding:0 1rem;display:grid;gap:1rem}section{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:1rem 1.25rem;min-width:0}
        h2{font-size:1.05rem;margin:0 0 .5rem}.sums{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:1rem}.sums span{display:block;color:var(--dim);font-size:.85rem}.sums b{font-size:1.35rem}
        .scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th,td{padding:.45rem .6rem;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}th{color:var(--dim);font-weight:500;font-size:.85rem}tr:last-child td{border-bottom:0}
        .tag{font-weight:600}.approved .tag{color:var(--ok)}.declined .tag,.refused .tag{color:var(--bad)}.no_answer .tag,.reversed .tag{color:var(--warn)}a{color:var(--brand)}footer{text-align:center;padding:1.25rem}
        """;
}
