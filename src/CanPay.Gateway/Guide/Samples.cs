using System.Globalization;
using System.Text;

namespace CanPay.Gateway.Guide;

/// <summary>The whole shops of <c>samples/</c>, one language beside the other.</summary>
internal static class Samples
{
    private const string Prefix = "CanPay.Gateway.Guide.Samples.";

    /// <summary>In the order in which they are shown: folder, name, how it is coloured.</summary>
    private static readonly (string Folder, string Name, string Language)[] Known =
    [
        ("php", "PHP", "php"), ("csharp", "C#", "csharp"), ("python", "Python", "python"), ("node", "Node.js", "js"),
        ("java", "Java", "java"), ("go", "Go", "go"), ("curl", "curl", "bash"),
    ];

    /// <summary>What is code; a sample's read-me, project and lock files are not.</summary>
    private static readonly string[] CodeFiles = [".php", ".cs", ".py", ".mjs", ".js", ".java", ".go", ".sh"];

    /// <summary>Folder, file and text of each file of code.</summary>
    public static IReadOnlyList<(string Folder, string File, string Text)> All { get; } = [.. Read()];

    public static string Html(GuideWords words)
    {
        var html = new StringBuilder("<div class=\"tabs samples\" data-tabs=\"language\">");
        foreach (var (folder, name, language) in Known)
        {
            var files = All.Where(sample => sample.Folder == folder).ToList();
            if (files.Count == 0)
            {
                continue;
            }

            html.Append(CultureInfo.InvariantCulture, $"<section class=\"tab\"><p class=\"tab-name\"><bdi>{name}</bdi></p>\n");
            foreach (var (_, file, text) in files)
            {
                html.Append(Markup.CodeBox(text, language, $"{words.WholeShop}: {file}"));
            }

            html.Append("</section>");
        }

        return html.Append("</div>\n").ToString();
    }

    private static IEnumerable<(string Folder, string File, string Text)> Read()
    {
        var assembly = typeof(Samples).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            // "…Samples.../../samples/php/index.php": the folder and the file are its end.
            var parts = resource.Replace('\\', '/').Split('/');
            if (parts is not [.., var folder, var file] || !CodeFiles.Contains(Path.GetExtension(file)))
            {
                continue;
            }

            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return (folder, file, reader.ReadToEnd().ReplaceLineEndings("\n"));
        }
    }
}
