using System.Globalization;
using System.Net;
using System.Text;

namespace CanPay.Gateway.Guide;

/// <summary>The guide as one page of the web, and as the sheets of paper that become its PDF.</summary>
internal static class GuidePage
{
    public const string Logo =
        """<svg width="34" height="34" viewBox="0 0 38 38" aria-hidden="true"><rect width="38" height="38" rx="11" class="logo-box"/><path d="M26 13.2A9.2 9.2 0 1 0 26 25" fill="none" stroke="#fff" stroke-width="3.4" stroke-linecap="round"/><path d="m17.5 19 3 3 6-6.4" fill="none" stroke="#9ff0d0" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>""";

    /// <summary>Which chapters stand together in the menu: the id of the first, and the name of the group.</summary>
    private static readonly (string First, string Persian, string English)[] Groups =
    [
        ("introduction", "آغاز کار", "Getting started"),
        ("token", "پرداخت گام‌به‌گام", "A payment, step by step"),
        ("inquiry", "پس از پرداخت", "After the payment"),
        ("keys", "اتصال و امنیت", "Connection and safety"),
        ("sandbox", "آزمایش و نمونه‌ها", "Trying out, samples"),
    ];

    /// <param name="baseUrl">Of this gateway, as the public sees it.</param>
    /// <param name="address">Of a file of the guide, by its name without the hash.</param>
    public static string Html(GuideWords words, IReadOnlyList<Chapter> chapters, string baseUrl, Func<string, string> address)
    {
        var other = words.IsEnglish ? GuideWords.Persian : GuideWords.English;
        var page = new StringBuilder(300_000);
        page.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="{words.Language}" dir="{words.Direction}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{words.Title} | CanPay</title>
            <meta name="description" content="{words.Lead}">
            <link rel="preload" href="{address("font")}" as="font" type="font/woff2" crossorigin>
            <link rel="stylesheet" href="{address("guide.css")}">
            <link rel="alternate" hreflang="fa" href="{baseUrl}/documents?lang=fa">
            <link rel="alternate" hreflang="en" href="{baseUrl}/documents?lang=en">
            <link rel="icon" href="data:,">
            <script src="{address("theme.js")}"></script>
            <script src="{address("guide.js")}" defer></script>
            </head>
            <body data-index="{address($"search-{words.Language}.json")}" data-copy="{words.Copy}" data-copied="{words.Copied}" data-nothing="{words.NothingFound}">
            <a class="skip" href="#main">{words.Skip}</a>
            <header class="bar">
            <a class="menu-link" href="#menu" aria-label="{words.Contents}"><svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true"><path d="M3 5h16M3 11h16M3 17h16" stroke="currentColor" stroke-width="2" stroke-linecap="round"/></svg></a>
            <a class="home" href="#main">{Logo}<span>{words.Title}<small>{words.Brand}</small></span></a>
            <div class="search" role="search" hidden><input id="q" type="text" enterkeyhint="search" role="combobox" aria-expanded="false" aria-controls="found" aria-autocomplete="list" aria-label="{words.Search}" placeholder="{words.Search}" autocomplete="off"><kbd aria-hidden="true">/</kbd><div id="found" role="listbox" aria-label="{words.Search}" hidden></div></div>
            <div class="ways"><a href="/documents?lang={other.Language}" lang="{other.Language}" hreflang="{other.Language}" dir="{other.Direction}">{words.Other}</a><button id="theme" type="button" hidden aria-label="{words.Theme}"><svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true"><path d="M10 2a8 8 0 1 0 0 16z" fill="currentColor"/><circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" stroke-width="2"/></svg></button></div>
            </header>
            <nav id="menu" aria-label="{words.Contents}"><a class="close" href="#main">{words.Close}</a>

            """);
        Menu(page, words, chapters);
        page.Append(CultureInfo.InvariantCulture, $"""
            <p class="more"><a class="pdf" href="/documents/canpay-guide-{words.Language}.pdf">{words.Pdf}</a><a href="/documents/api?lang={words.Language}">{words.Reference}</a><a href="/documents/openapi.json"><bdi>openapi.json</bdi></a></p></nav>
            <main id="main" tabindex="-1">
            <div class="hero"><h1>{words.Title}</h1><p>{words.Lead}</p><p class="go"><a class="btn" href="#quick-start">{(words.IsEnglish ? "Quick start" : "شروع سریع")}</a><a class="btn quiet" href="/documents/canpay-guide-{words.Language}.pdf">{words.Pdf}</a><a class="btn quiet" href="/documents/api?lang={words.Language}">{words.Reference}</a></p></div>

            """);
        foreach (var chapter in chapters)
        {
            page.Append(CultureInfo.InvariantCulture, $"<article class=\"chapter\" aria-labelledby=\"{chapter.Id}\">\n{chapter.Html}</article>\n");
        }

        return page.Append("</main>\n<p id=\"told\" class=\"away\" role=\"status\"></p>\n</body>\n</html>\n").ToString();
    }

    /// <summary>The same text for paper: a cover, a table of contents whose page numbers whoever prints fills in, and the chapters.</summary>
    /// <param name="style">CSS with its fonts, put into the page.</param>
    public static string Paper(GuideWords words, IReadOnlyList<Chapter> chapters, string style)
    {
        var page = new StringBuilder(300_000);
        page.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="{words.Language}" dir="{words.Direction}" class="paper" data-theme="light">
            <head><meta charset="utf-8"><title>{words.Title} | CanPay</title><style>{style}{PaperEdges(words)}</style></head>
            <body>
            <section class="cover">{Logo}<div><p class="cover-brand">{words.Brand}</p><p class="cover-title">{words.Title}</p><p>{words.Lead}</p></div><p class="cover-foot"><span dir="ltr">{Description.OpenApi.ProductionUrl}/documents</span><span>{words.Version} <bdi>{Number("1.0", words)}</bdi></span></p></section>
            <section class="toc"><h2>{words.Contents}</h2><ol>

            """);
        foreach (var chapter in chapters)
        {
            page.Append(CultureInfo.InvariantCulture, $"<li><a href=\"#{chapter.Id}\"><span>{WebUtility.HtmlEncode(chapter.Title)}</span><b data-page-of=\"{chapter.Id}\"></b></a></li>\n");
        }

        page.Append("</ol></section>\n<main>\n");
        foreach (var chapter in chapters)
        {
            page.Append(CultureInfo.InvariantCulture, $"<article class=\"chapter\">\n{chapter.Html}</article>\n");
        }

        return page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void Menu(StringBuilder page, GuideWords words, IReadOnlyList<Chapter> chapters)
    {
        var open = false;
        foreach (var chapter in chapters)
        {
            if (Groups.FirstOrDefault(group => group.First == chapter.Id) is { First: not null } group)
            {
                page.Append(open ? "</ul>\n" : "").Append(CultureInfo.InvariantCulture, $"<p class=\"group\">{(words.IsEnglish ? group.English : group.Persian)}</p><ul>\n");
                open = true;
            }

            page.Append(CultureInfo.InvariantCulture, $"<li><a href=\"#{chapter.Id}\">{WebUtility.HtmlEncode(chapter.Title)}</a>");
            if (chapter.Sections.Count > 0)
            {
                page.Append("<ul>");
                foreach (var (id, title) in chapter.Sections)
                {
                    page.Append(CultureInfo.InvariantCulture, $"<li><a href=\"#{id}\">{WebUtility.HtmlEncode(title)}</a></li>");
                }

                page.Append("</ul>");
            }

            page.Append("</li>\n");
        }

        page.Append("</ul>\n");
    }

    /// <summary>What stands above and below each sheet, but for the cover; pages are counted in the language's own digits.</summary>
    private static string PaperEdges(GuideWords words) =>
        $$$"""
        @page{@top-left{content:"{{{(words.IsEnglish ? words.Title : words.Brand)}}}"}@top-right{content:"{{{(words.IsEnglish ? words.Brand : words.Title)}}}"}
        @bottom-center{content:counter(page{{{(words.IsEnglish ? "" : ",persian")}}})}}
        @page:first{@bottom-center{content:""}@top-left{content:""}@top-right{content:""}}
        """;

    private static string Number(string text, GuideWords words) => words.IsEnglish ? text : Checkout.Persian.Digits(text);
}
