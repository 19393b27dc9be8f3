using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace CanPay.Gateway.Guide;

/// <summary>
/// Colours code of any language of the guide: comments, texts, numbers and the words that languages keep for themselves. It reads
/// no grammar; where it is wrong, only a colour is.
/// </summary>
internal static partial class Highlight
{
    private static readonly HashSet<string> Words = new(StringComparer.Ordinal)
    {
        "abstract", "as", "async", "await", "break", "case", "catch", "class", "const", "continue", "def", "default", "defer", "do", "echo",
        "elif", "else", "except", "extends", "false", "False", "final", "finally", "fn", "for", "foreach", "from", "func", "function", "go",
        "if", "implements", "import", "in", "interface", "internal", "is", "lambda", "let", "match", "namespace", "new", "nil", "None", "not",
        "null", "or", "package", "pass", "private", "protected", "public", "raise", "range", "readonly", "record", "require", "return",
        "sealed", "static", "string", "struct", "switch", "this", "throw", "throws", "true", "True", "try", "type", "use", "using", "var", "void",
        "while", "with", "yield", "and", "int", "long", "bool", "export", "then", "fi", "done", "esac", "local",
    };

    /// <returns>HTML, escaped.</returns>
    public static string Html(string code, string language)
    {
        if (language is "text" or "")
        {
            return WebUtility.HtmlEncode(code);
        }

        var html = new StringBuilder(code.Length * 2);
        var at = 0;
        foreach (Match match in (language is "json" ? Json() : HashComments(language) ? WithHash() : WithSlashes()).Matches(code))
        {
            var kind = Kind(match);
            if (kind is null)
            {
                continue;
            }

            html.Append(WebUtility.HtmlEncode(code[at..match.Index]));
            html.Append("<i class=\"").Append(kind).Append("\">").Append(WebUtility.HtmlEncode(match.Value)).Append("</i>");
            at = match.Index + match.Length;
        }

        return html.Append(WebUtility.HtmlEncode(code[at..])).ToString();
    }

    private static bool HashComments(string language) => language is "python" or "bash" or "sh" or "curl" or "http";

    private static string? Kind(Match match) =>
        match.Groups["key"].Success ? "k"
        : match.Groups["text"].Success ? "s"
        : match.Groups["comment"].Success ? "c"
        : match.Groups["number"].Success || Words.Contains(match.Value) ? match.Groups["number"].Success ? "n" : "w"
        : null;

    [GeneratedRegex("""(?<key>"(?:[^"\\\n]|\\.)*"(?=\s*:))|(?<text>"(?:[^"\\\n]|\\.)*")|(?<number>-?\b[0-9][0-9.]*\b)|(?<word>\b[a-z]+\b)""", RegexOptions.ExplicitCapture, 2_000)]
    private static partial Regex Json();

    [GeneratedRegex("""(?<text>"{3}[\s\S]*?"{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?<comment>(?<![\w$&?/])#.*)|(?<number>\b[0-9][0-9_.]*\b)|(?<word>\b[A-Za-z_]+\b)""", RegexOptions.ExplicitCapture, 2_000)]
    private static partial Regex WithHash();

    [GeneratedRegex("""(?<comment>/\*[\s\S]*?\*/|(?<![:\w])//.*)|(?<text>"{3}[\s\S]*?"{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)|(?<number>\b[0-9][0-9_.]*\b)|(?<word>[$@]?\b[A-Za-z_]+\b)""", RegexOptions.ExplicitCapture, 2_000)]
    private static partial Regex WithSlashes();
}
