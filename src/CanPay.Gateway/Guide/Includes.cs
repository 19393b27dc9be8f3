using System.Globalization;
using System.Net;
using System.Text;
using CanPay.Gateway.Api;
using CanPay.Gateway.Guide.Description;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Guide;

/// <summary>What a chapter takes from elsewhere by a line like <c>{{call token}}</c>: made from the code, so that it cannot grow old.</summary>
internal sealed class Includes(GuideWords words, string baseUrl)
{
    private bool _isInTab;

    public string Html(string name, string argument) => name switch
    {
        "call" => Call(Calls.At(argument)),
        "object" => Fields(Shapes.Named(argument).Fields, isRequest: false),
        "errors" => Catalogue(),
        "flow" => FlowDrawing.Svg(words),
        "samples" => Samples.Html(words),
        "address" => Address(),
        "tabs" => OpenTabs(argument),
        "tab" => NextTab(argument),
        "/tabs" => CloseTabs(),
        _ => throw new InvalidDataException($"The guide has no '{{{{{name} {argument}}}}}'."),
    };

    private string Call(Operation operation)
    {
        var html = new StringBuilder();
        var url = $"{baseUrl}/api/ipg/{operation.Path}";
        html.Append(CultureInfo.InvariantCulture, $"<p class=\"endpoint\" dir=\"ltr\"><b>POST</b> <code>{WebUtility.HtmlEncode(url)}</code></p>");
        html.Append("<div class=\"call\"><div class=\"spec\">");
        html.Append(Heading(operation, "request", words.Request)).Append(Fields(operation.Request, isRequest: true));
        html.Append(Heading(operation, "answer", words.Answer)).Append(Fields(Shapes.Named(operation.Answer).Fields, isRequest: false));
        html.Append(Heading(operation, "errors", words.Errors)).Append(Errors(operation));
        html.Append(CultureInfo.InvariantCulture, $"<p class=\"scope\">{words.Scope}: <code dir=\"ltr\">{operation.Scope}</code></p>");
        html.Append("</div><div class=\"show\">");
        html.Append(Markup.CodeBox(operation.RequestExample, "json", $"{words.Request}: {operation.Path}"));
        html.Append(Markup.CodeBox(operation.AnswerExample.Replace(OpenApi.ProductionUrl, baseUrl, StringComparison.Ordinal), "json", words.Answer));
        return html.Append("</div></div>\n").ToString();
    }

    private string Heading(Operation operation, string part, string title)
    {
        var id = $"{operation.Id}-{part}";
        var link = WebUtility.HtmlEncode(string.Format(CultureInfo.InvariantCulture, words.LinkTo, $"{title}: {operation.Path}"));
        var level = operation.Path.Contains('/', StringComparison.Ordinal) ? 4 : 3; // which stands in a part of a chapter
        return $"<h{level} id=\"{id}\">{title}<a class=\"anchor\" href=\"#{id}\" aria-label=\"{link}\">#</a></h{level}>\n";
    }

    private string Fields(IReadOnlyList<Field> fields, bool isRequest)
    {
        var html = new StringBuilder("<dl class=\"fields\">");
        foreach (var field in fields)
        {
            html.Append(CultureInfo.InvariantCulture, $"<div><dt><code dir=\"ltr\">{field.Name}</code><span>{TypeName(field)}</span>");
            html.Append(isRequest
                ? $"<em class=\"{(field.Required ? "must" : "may")}\">{(field.Required ? words.Required : words.Optional)}</em>"
                : field.Nullable ? $"<em class=\"may\">{words.MayBeNull}</em>" : "");
            html.Append(CultureInfo.InvariantCulture, $"</dt><dd>{WebUtility.HtmlEncode(OpenApi.In(field.Meaning, words.IsEnglish))}");
            if (field.OneOf.Count > 0)
            {
                html.Append("<span class=\"values\">")
                    .AppendJoin(' ', field.OneOf.Select(value => $"<code dir=\"ltr\">{value}</code>")).Append("</span>");
            }

            if (field.Default is not null)
            {
                html.Append(CultureInfo.InvariantCulture, $" {(words.IsEnglish ? "Default" : "پیش‌فرض")} <code dir=\"ltr\">{field.Default}</code>.");
            }

            html.Append("</dd></div>");
        }

        return html.Append("</dl>\n").ToString();
    }

    private string TypeName(Field field) => (field.Kind, words.IsEnglish) switch
    {
        (Kind.Rials, true) => "integer, rials",
        (Kind.Rials, false) => "عدد صحیح، ریال",
        (Kind.Whole, true) => "integer",
        (Kind.Whole, false) => "عدد صحیح",
        (Kind.Flag, true) => "true or false",
        (Kind.Flag, false) => "true یا false",
        (Kind.Instant, true) => "time, ISO 8601",
        (Kind.Instant, false) => "زمان ISO 8601",
        (Kind.Object, true) => "object",
        (Kind.Object, false) => "شیء",
        (Kind.List or Kind.Texts, true) => "list",
        (Kind.List or Kind.Texts, false) => "فهرست",
        (_, true) => "string",
        (_, false) => "متن",
    };

    private string Errors(Operation operation)
    {
        var html = new StringBuilder("<ul class=\"errs\">");
        foreach (var refusal in OpenApi.Catalogued(operation.Errors))
        {
            html.Append(CultureInfo.InvariantCulture, $"<li><a href=\"#error-{refusal.Code}\" dir=\"ltr\"><b>{refusal.Code}</b> {refusal.Name}</a></li>");
        }

        return html.Append(CultureInfo.InvariantCulture, $"<li><a href=\"#errors-common\">{words.CommonErrors}</a></li></ul>\n").ToString();
    }

    private string Catalogue()
    {
        var html = new StringBuilder("<dl class=\"catalogue\">");
        foreach (var refusal in ErrorCatalogue.All)
        {
            html.Append(CultureInfo.InvariantCulture, $"<div id=\"error-{refusal.Code}\"><dt><a href=\"#error-{refusal.Code}\">{refusal.Code}</a> ")
                .Append(CultureInfo.InvariantCulture, $"<code dir=\"ltr\">{refusal.Name}</code> <span dir=\"ltr\">HTTP {refusal.HttpStatus}</span></dt>")
                .Append(CultureInfo.InvariantCulture, $"<dd><b>{Escaped(refusal.Message)}</b> {Escaped(refusal.Description)}</dd></div>");
        }

        return html.Append("</dl>\n").ToString();
    }

    private string Escaped(Text text) => WebUtility.HtmlEncode(OpenApi.In(text, words.IsEnglish));

    private string Address() => words.IsEnglish
        ? $"""
          <div class="box address"><p><b>This browser reaches us from</b> <output id="address" dir="ltr"><a href="/documents/address">show the address</a></output></p>
          <p>But it is your server that calls us. Ask there:</p>{Markup.CodeBox($"curl {baseUrl}/documents/address", "bash", "Terminal")}</div>
          """
        : $"""
          <div class="box address"><p><b>همین مرورگر با این IP به ما می‌رسد:</b> <output id="address" dir="ltr"><a href="/documents/address" dir="rtl">نمایش IP</a></output></p>
          <p>ولی آن‌که ما را فراخوانی می‌کند سرور شماست. روی سرور بپرسید:</p>{Markup.CodeBox($"curl {baseUrl}/documents/address", "bash", "Terminal")}</div>
          """;

    private string OpenTabs(string group)
    {
        _isInTab = false;
        return $"<div class=\"tabs\" data-tabs=\"{group}\">";
    }

    private string NextTab(string title)
    {
        var closing = _isInTab ? "</section>" : "";
        _isInTab = true;
        return $"{closing}<section class=\"tab\"><p class=\"tab-name\"><bdi>{WebUtility.HtmlEncode(title)}</bdi></p>\n";
    }

    private string CloseTabs()
    {
        _isInTab = false;
        return "</section></div>\n";
    }
}
