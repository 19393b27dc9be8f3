using System.Globalization;
using System.Net;
using System.Text;

namespace CanPay.Gateway.Guide;

/// <summary>The way of a payment as a picture: three that act, and what they say to each other, from top to bottom.</summary>
internal static class FlowDrawing
{
    private const int Width = 720;
    private const int Row = 56;
    private const int Top = 76;

    /// <summary>Where the three stand when text runs left to right; Persian reads from the other side.</summary>
    private static readonly int[] Lanes = [110, 360, 610];

    private static readonly Step[] Steps =
    [
        new(0, 2, "token: مبلغ، شماره فاکتور، نشانی بازگشت", "token: amount, invoice, callback"),
        new(2, 0, "لینک صفحهٔ پرداخت و توکن", "link of the payment page, token", IsAnswer: true),
        new(0, 1, "هدایت مشتری به لینک", "send the payer to the link"),
        new(1, 2, "شمارهٔ کارت و رمز پویا", "card and dynamic PIN"),
        new(2, 2, "پرسش از بانک مشتری", "the payer’s bank is asked"),
        new(2, 1, "بازگشت با فرم: success=1", "sent back by a form: success=1", IsAnswer: true),
        new(1, 0, "POST به callback_url", "POST to callback_url"),
        new(0, 2, "verify: توکن، تا ۱۵ دقیقه پس از پرداخت", "verify: token, within 15 minutes of paying", IsKey: true),
        new(2, 0, "کارت، شمارهٔ پیگیری، مبلغ", "card, tracking number, amount", IsAnswer: true),
        new(0, 1, "تحویل کالا", "the goods"),
    ];

    public static string Svg(GuideWords words)
    {
        var height = Top + (Steps.Length * Row) + 16;
        var title = words.IsEnglish ? "The way of a payment between shop, payer and CanPay" : "مسیر پرداخت میان فروشگاه، مشتری و CanPay";
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<div class=\"drawing\" tabindex=\"0\"><svg viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-label=\"{title}\" direction=\"{words.Direction}\">");
        svg.Append("<defs><marker id=\"tip\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto-start-reverse\"><path d=\"M0 0 10 5 0 10z\" class=\"tip\"/></marker>");
        svg.Append("<marker id=\"tip-key\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"5\" markerHeight=\"5\" orient=\"auto-start-reverse\"><path d=\"M0 0 10 5 0 10z\" class=\"tip key\"/></marker></defs>");
        string[] names = words.IsEnglish ? ["Your server", "The payer’s browser", "CanPay"] : ["سرور شما", "مرورگر مشتری", "CanPay"];
        for (var lane = 0; lane < Lanes.Length; lane++)
        {
            var x = X(lane, words);
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"lane\" x1=\"{x}\" x2=\"{x}\" y1=\"44\" y2=\"{height - 8}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"who who{lane}\" x=\"{x - 95}\" y=\"6\" width=\"190\" height=\"38\" rx=\"11\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"name\" x=\"{x}\" y=\"31\" text-anchor=\"middle\">{names[lane]}</text>");
        }

        for (var i = 0; i < Steps.Length; i++)
        {
            Draw(svg, Steps[i], Top + (i * Row) + 18, i + 1, words);
        }

        return svg.Append("</svg></div>\n").ToString();
    }

    private static void Draw(StringBuilder svg, Step step, int y, int number, GuideWords words)
    {
        var text = WebUtility.HtmlEncode(words.IsEnglish ? step.English : step.Persian);
        var shown = words.IsEnglish ? $"{number}. {text}" : $"{Checkout.Persian.Number(number)}. {text}";
        var (from, to) = (X(step.From, words), X(step.To, words));
        if (from == to)
        {
            var side = words.IsEnglish ? 1 : -1;
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"arrow\" d=\"M{from} {y - 8}h{34 * side}v18h{-28 * side}\" marker-end=\"url(#tip)\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"said\" x=\"{from - (12 * side)}\" y=\"{y + 6}\" text-anchor=\"end\">{shown}</text>");
            return;
        }

        var gap = from < to ? 4 : -4;
        var kind = step.IsKey ? " key" : step.IsAnswer ? " back" : "";
        svg.Append(CultureInfo.InvariantCulture, $"<line class=\"arrow{kind}\" x1=\"{from + gap}\" y1=\"{y}\" x2=\"{to - gap}\" y2=\"{y}\" marker-end=\"url(#{(step.IsKey ? "tip-key" : "tip")})\"/>");
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"said{kind}\" x=\"{(from + to) / 2}\" y=\"{y - 12}\" text-anchor=\"middle\">{shown}</text>");
    }

    private static int X(int lane, GuideWords words) => words.IsEnglish ? Lanes[lane] : Width - Lanes[lane];

    private sealed record Step(int From, int To, string Persian, string English, bool IsAnswer = false, bool IsKey = false);
}
