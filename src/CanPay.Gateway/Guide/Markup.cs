using System.Globalization;
using System.Net;
using Markdig;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Renderers.Html.Inlines;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace CanPay.Gateway.Guide;

/// <summary>The guide's Markdown as HTML: headings with links to themselves, code with its language, left to right in every text.</summary>
internal static class Markup
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables()
        .UseGenericAttributes()
        .UseCustomContainers()
        .UseEmphasisExtras()
        .DisableHtml()
        .Build();

    /// <param name="markdown">Text of our own; HTML in it is shown as text.</param>
    public static string Html(string markdown, GuideWords words)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.Replace<CodeBlockRenderer>(new Code(words));
        renderer.ObjectRenderers.Replace<HeadingRenderer>(new Heading(words));
        renderer.ObjectRenderers.Replace<CodeInlineRenderer>(new InlineCode());
        renderer.Render(document);
        writer.Flush();
        return writer.ToString()
            .Replace("<table>", "<div class=\"table\" tabindex=\"0\"><table>", StringComparison.Ordinal)
            .Replace("</table>", "</table></div>", StringComparison.Ordinal);
    }

    /// <summary>A box with code, its language said above it.</summary>
    public static string CodeBox(string code, string language, string title)
    {
        var caption = title.Length > 0 ? $"<figcaption><bdi>{WebUtility.HtmlEncode(title)}</bdi></figcaption>" : "";
        return $"<figure class=\"code\">{caption}<pre dir=\"ltr\" tabindex=\"0\"><code>{Highlight.Html(code.TrimEnd(), language)}</code></pre></figure>";
    }

    private static string PlainText(ContainerInline? inline) => inline is null ? "" : string.Concat(inline.Descendants().Select(part => part switch
    {
        LiteralInline literal => literal.Content.ToString(),
        CodeInline code => code.Content,
        _ => "",
    }));

    private sealed class Code(GuideWords words) : HtmlObjectRenderer<CodeBlock>
    {
        protected override void Write(HtmlRenderer renderer, CodeBlock block)
        {
            var fence = block as FencedCodeBlock;
            var language = fence?.Info ?? "";
            var title = fence?.Arguments is { Length: > 0 } said ? said : language switch
            {
                "http" => words.Request,
                "text" => "",
                "bash" => "Terminal",
                "json" => "JSON",
                "php" => "PHP",
                "csharp" => "C#",
                "python" => "Python",
                "js" => "Node.js",
                _ => language,
            };
            renderer.Write(CodeBox(block.Lines.ToString(), language, title));
        }
    }

    /// <summary>One level deeper than in the file: the page has a title above all chapters.</summary>
    private sealed class Heading(GuideWords words) : HtmlObjectRenderer<HeadingBlock>
    {
        protected override void Write(HtmlRenderer renderer, HeadingBlock heading)
        {
            var id = heading.TryGetAttributes()?.Id ?? throw new InvalidDataException($"The heading '{PlainText(heading.Inline)}' has no {{#id}}.");
            var level = heading.Level + 1;
            var name = WebUtility.HtmlEncode(string.Format(CultureInfo.InvariantCulture, words.LinkTo, PlainText(heading.Inline).Trim()));
            renderer.Write($"<h{level} id=\"{id}\">");
            renderer.WriteLeafInline(heading);
            renderer.Write($"<a class=\"anchor\" href=\"#{id}\" aria-label=\"{name}\">#</a></h{level}>\n");
        }
    }

    private sealed class InlineCode : HtmlObjectRenderer<CodeInline>
    {
        protected override void Write(HtmlRenderer renderer, CodeInline code) =>
            renderer.Write("<code dir=\"ltr\">").WriteEscape(code.Content).Write("</code>");
    }
}
