using System.IO.Compression;
using System.Security.Cryptography;

namespace CanPay.Gateway.Guide;

/// <summary>Something that is sent as it is, as often as it is asked for: made and compressed once.</summary>
internal sealed class GuideFile
{
    private GuideFile(byte[] content, byte[]? compressed, string contentType)
    {
        Content = content;
        Compressed = compressed;
        ContentType = contentType;
        Hash = Convert.ToHexStringLower(SHA256.HashData(content))[..16];
    }

    public byte[] Content { get; }

    public byte[]? Compressed { get; }

    public string ContentType { get; }

    public string Hash { get; }

    public static GuideFile Text(string text, string contentType)
    {
        var content = System.Text.Encoding.UTF8.GetBytes(text);
        using var memory = new MemoryStream();
        using (var brotli = new BrotliStream(memory, CompressionLevel.SmallestSize))
        {
            brotli.Write(content);
        }

        return new GuideFile(content, memory.ToArray(), contentType + "; charset=utf-8");
    }

    public static GuideFile Binary(byte[] content, string contentType) => new(content, null, contentType);

    /// <summary>Sends it, or says that the browser has it.</summary>
    /// <param name="cache">Value of <c>Cache-Control</c>.</param>
    public async Task Send(HttpContext context, string cache)
    {
        var response = context.Response;
        var tag = $"\"{Hash}\"";
        response.Headers.CacheControl = cache;
        response.Headers.ETag = tag;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.Append("Vary", "Accept-Encoding");
        if (context.Request.Headers.IfNoneMatch.ToString().Contains(tag, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var body = Content;
        if (Compressed is not null && context.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal))
        {
            response.Headers.ContentEncoding = "br";
            body = Compressed;
        }

        response.ContentType = ContentType;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(body);
        }
    }
}
