using System.Collections.Frozen;
using System.Security.Cryptography;
using CanPay.Gateway.Checkout;
using CanPay.Gateway.Http;

namespace CanPay.Gateway.Guide;

/// <summary>All that stands under <c>/documents</c>, rendered when it is first asked for, with this gateway's own public address in it.</summary>
internal sealed class GuideLibrary(PublicUrl publicUrl)
{
    private const string Root = "/documents/";
    private const string Prefix = "CanPay.Gateway.Guide.";

    private readonly Lazy<Shelf> _shelf = new(() => new Shelf(publicUrl.Base));

    public GuideFile Page(string language) => _shelf.Value.Pages[language];

    /// <summary>A file by the last part of its address; null where there is none.</summary>
    public GuideFile? Find(string name) => _shelf.Value.Files.GetValueOrDefault(name);

    public GuideFile OpenApi(string language) => _shelf.Value.Descriptions[language];

    /// <summary>What becomes the PDF, and the hash of all that it depends on.</summary>
    public static (string Html, string Hash) Paper(string language)
    {
        var words = GuideWords.Of(language);
        var style = string.Join('\n', Resource("Assets.guide.css").Split('\n').Where(line => !line.StartsWith("@font-face", StringComparison.Ordinal)))
            + Resource("Assets.paper.css");
        foreach (var font in (ReadOnlySpan<string>)["paper-400.woff2", "paper-700.woff2"])
        {
            style = style.Replace(
                $"{{{font}}}", $"data:font/woff2;base64,{Convert.ToBase64String(Bytes(Prefix + "Assets." + font))}", StringComparison.Ordinal);
        }

        var html = GuidePage.Paper(words, Chapter.All(words, Description.OpenApi.ProductionUrl), style);

        // On paper there is no site around it.
        html = html.Replace("href=\"/", $"href=\"{Description.OpenApi.ProductionUrl}/", StringComparison.Ordinal);
        return (html, Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(html))));
    }

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(GuideLibrary).Assembly.GetManifestResourceStream(Prefix + name)!);
        return reader.ReadToEnd();
    }

    private static byte[] Bytes(string resource)
    {
        using var stream = typeof(GuideLibrary).Assembly.GetManifestResourceStream(resource)!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    private sealed class Shelf
    {
        private readonly Dictionary<string, GuideFile> _files = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> _addresses = new(StringComparer.Ordinal);

        public Shelf(string baseUrl)
        {
            var font = Assets.All.First(asset => asset.Path.EndsWith(".woff2", StringComparison.Ordinal)).Path;
            _addresses["font"] = font;
            Add("guide.css", GuideFile.Text(Resource("Assets.guide.css").Replace("{font}", font, StringComparison.Ordinal), "text/css"));
            Add("guide.js", GuideFile.Text(Resource("Assets.guide.js"), "text/javascript"));
            Add("theme.js", GuideFile.Text(Resource("Assets.theme.js"), "text/javascript"));
            var pages = new Dictionary<string, GuideFile>(StringComparer.Ordinal);
            var descriptions = new Dictionary<string, GuideFile>(StringComparer.Ordinal);
            foreach (var words in (ReadOnlySpan<GuideWords>)[GuideWords.Persian, GuideWords.English])
            {
                var chapters = Chapter.All(words, baseUrl);
                Add($"search-{words.Language}.json", GuideFile.Text(SearchIndex.Json(chapters), "application/json"));
                pages[words.Language] = GuideFile.Text(GuidePage.Html(words, chapters, baseUrl, name => _addresses[name]), "text/html");
                descriptions[words.Language] = GuideFile.Text(Description.OpenApi.Document(baseUrl, words.IsEnglish), "application/json");
            }

            const string Pdfs = Prefix + "Pdf.";
            foreach (var resource in typeof(GuideLibrary).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Pdfs, StringComparison.Ordinal)))
            {
                _files[resource[Pdfs.Length..]] = GuideFile.Binary(Bytes(resource), "application/pdf");
            }

            Pages = pages;
            Descriptions = descriptions;
            Files = _files.ToFrozenDictionary(StringComparer.Ordinal);
        }

        public Dictionary<string, GuideFile> Pages { get; }

        public Dictionary<string, GuideFile> Descriptions { get; }

        public FrozenDictionary<string, GuideFile> Files { get; }

        /// <summary>Named by its content, so that browsers may keep it for ever.</summary>
        private void Add(string name, GuideFile file)
        {
            var full = $"{Path.GetFileNameWithoutExtension(name)}.{file.Hash[..10]}{Path.GetExtension(name)}";
            _files[full] = file;
            _addresses[name] = Root + full;
        }
    }
}
