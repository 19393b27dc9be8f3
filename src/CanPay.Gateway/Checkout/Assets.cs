using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using CanPay.Gateway.Http;

namespace CanPay.Gateway.Checkout;

/// <summary>Style, scripts and font of the page: inside the program, named by their content, so that browsers may keep them for ever.</summary>
internal static class Assets
{
    private const string Root = "/ipg/assets/";
    private const string Prefix = "CanPay.Gateway.Checkout.Assets.";

    private static readonly FrozenDictionary<string, Asset> ByAddress = Load();
    private static readonly FrozenDictionary<string, string> Addresses =
        ByAddress.ToFrozenDictionary(pair => pair.Value.Name, pair => Root + pair.Key, StringComparer.Ordinal);

    /// <summary>Everything, with its address.</summary>
    public static IEnumerable<(string Path, byte[] Content)> All => ByAddress.Select(pair => (Root + pair.Key, pair.Value.Content));

    /// <summary>The address of an asset, by its file's name.</summary>
    public static string Address(string name) => Addresses[name];

    public static void Map(WebApplication app) => app.MapGet(Root + "{file}", (string file, HttpContext context) =>
    {
        if (!ByAddress.TryGetValue(file, out var asset))
        {
            return Results.NotFound();
        }

        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.Vary = "Accept-Encoding";
        if (asset.Compressed is null || !context.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal))
        {
            return Results.Bytes(asset.Content, asset.ContentType);
        }

        context.Response.Headers.ContentEncoding = "br";
        return Results.Bytes(asset.Compressed, asset.ContentType);
    }).WithMetadata(new AccessAttribute(Caller.Anyone));

    private static FrozenDictionary<string, Asset> Load()
    {
        var assembly = typeof(Assets).Assembly;
        var contents = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(name => name[Prefix.Length..], name => Bytes(assembly.GetManifestResourceStream(name)!), StringComparer.Ordinal);

        // The style names the font, so the font's address goes in before the style gets its own.
        const string Font = "vazirmatn.woff2";
        var assets = new Dictionary<string, Asset>(StringComparer.Ordinal);
        Add(Font);
        foreach (var name in contents.Keys.Where(name => name != Font))
        {
            var text = System.Text.Encoding.UTF8.GetString(contents[name])
                .Replace("{font}", Root + assets.First(pair => pair.Value.Name == Font).Key, StringComparison.Ordinal)
                .Replace("{banks}", Banks.Table, StringComparison.Ordinal);
            contents[name] = System.Text.Encoding.UTF8.GetBytes(text);
            Add(name);
        }

        return assets.ToFrozenDictionary(StringComparer.Ordinal);

        void Add(string name)
        {
            var content = contents[name];
            var hash = Convert.ToHexStringLower(SHA256.HashData(content))[..10];
            var file = $"{Path.GetFileNameWithoutExtension(name)}.{hash}{Path.GetExtension(name)}";
            assets[file] = Path.GetExtension(name) switch
            {
                ".css" => new Asset(name, "text/css; charset=utf-8", content, Compress(content)),
                ".js" => new Asset(name, "text/javascript; charset=utf-8", content, Compress(content)),
                _ => new Asset(name, "font/woff2", content, null),
            };
        }
    }

    private static byte[] Bytes(Stream stream)
    {
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        stream.Dispose();
        return memory.ToArray();
    }

    private static byte[] Compress(byte[] content)
    {
        using var memory = new MemoryStream();
        using (var brotli = new BrotliStream(memory, CompressionLevel.SmallestSize))
        {
            brotli.Write(content);
        }

        return memory.ToArray();
    }

    private sealed record Asset(string Name, string ContentType, byte[] Content, byte[]? Compressed);
}
