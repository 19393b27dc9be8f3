namespace CanPay.Tests.Checkout;

/// <summary>Texts that want to be more than text: markup, script, attributes, addresses, marks that turn writing round.</summary>
internal static class HostileTexts
{
    private static readonly string[] Codes = ["alert(1)", "top.location='//x.ir'"];

    private static readonly string[] Shapes =
    [
        "<script>{0}</script>", "</title><script>{0}</script>", "\"><script>{0}</script>", "'><svg onload={0}>", "<img src=x onerror={0}>",
        "<iframe srcdoc='<script>{0}</script>'>", "<body onload={0}>", "<a href=javascript:{0}>x</a>", "<math><mi xlink:href=javascript:{0}>",
        "\" onfocus={0} autofocus x=\"", "' onmouseover='{0}", "\" style=\"x:expression({0})", "<style>@import'javascript:{0}'</style>",
        "<meta http-equiv=refresh content='0;url=javascript:{0}'>", "<base href='javascript:{0}//'>", "<object data=javascript:{0}>",
        "<embed src=javascript:{0}>", "<form action=javascript:{0}><button>", "<input type=image src=x onerror={0}>", "<details open ontoggle={0}>",
        "<video><source onerror={0}>", "<marquee onstart={0}>", "<svg><animate onbegin={0}>", "<!--><script>{0}</script-->", "]]><script>{0}</script>",
        "{{{{constructor.constructor('{0}')()}}}}", "${{{0}}}", "<%= {0} %>", "@({0})", "&lt;script&gt;{0}&lt;/script&gt;", "&#60;script&#62;{0}",
        "\\u003cscript\\u003e{0}", "%3Cscript%3E{0}", "<scr<script>ipt>{0}", "<SCRIPT/x>{0}</SCRIPT\t>", "<x contenteditable onblur={0}>", "`-{0}-`",
        "';{0};//", "\";{0};//", "</textarea><script>{0}</script>", "</noscript><script>{0}</script>", "<template><script>{0}</script>",
        "<link rel=stylesheet href=javascript:{0}>", "<isindex action=javascript:{0}>",
    ];

    private static readonly string[] Turned =
    [
        "\u202Egnp.exe", "Shop\u202Dabc", "\u2066a\u2069b", "\u2067\u202Bx\u202C", "\u200Fبانک\u200E", "\u061Cمرکزی", "pay\u202Epal", "a\u2068b\u2069c",
        "x\u0000y", "a\u0007b", "tab\there", "line\nbreak", "cr\rlf",
    ];

    /// <summary>More than a hundred.</summary>
    public static IEnumerable<string> All =>
        Shapes.SelectMany(shape => Codes.Select(code => string.Format(System.Globalization.CultureInfo.InvariantCulture, shape, code))).Concat(Turned);
}
