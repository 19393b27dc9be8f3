using System.Text;
using System.Text.Json;
using CanPay.Gateway.Kernel;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace CanPay.Gateway.Http;

/// <summary>What a caller sent, whether as JSON or as a form: lenient about how, strict about what.</summary>
public sealed class RequestFields
{
    public const int MaxBodyBytes = 16 * 1024;

    private const int MaxDepth = 8;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Dictionary<string, FieldValue> _values;
    private readonly ReadOnlyMemory<byte> _body;

    private RequestFields(Dictionary<string, FieldValue> values, ReadOnlyMemory<byte> body)
    {
        _values = values;
        _body = body;
    }

    /// <summary>As it came, for people.</summary>
    public string Body => Encoding.UTF8.GetString(_body.Span);

    /// <summary>Reads the whole body.</summary>
    /// <exception cref="OperationCanceledException">The caller hung up.</exception>
    public static async Task<Result<RequestFields>> Read(HttpRequest request, CancellationToken ct)
    {
        if (Kind(request.ContentType) is not { } kind)
        {
            return HttpRefusals.UnsupportedMediaType;
        }

        if (await ReadBody(request, ct) is not { } bytes)
        {
            return HttpRefusals.BodyTooLarge;
        }

        var body = bytes.AsMemory();
        if (body.Span.StartsWith("\uFEFF"u8))
        {
            body = body[3..];
        }

        // PHP's curl calls a JSON body a form unless told otherwise; no form begins with a brace.
        var isJson = body.Span.TrimStart(" \t\r\n"u8) is [(byte)'{', ..];
        return kind switch
        {
            BodyKind.Json => ReadJson(body),
            BodyKind.Form or BodyKind.Unnamed when isJson => ReadJson(body),
            BodyKind.Form => ReadForm(body),
            BodyKind.Unnamed when body.IsEmpty => HttpRefusals.MalformedBody,
            _ => HttpRefusals.UnsupportedMediaType,
        };
    }

    /// <summary>The field's value; absent, null and "" are the same.</summary>
    public FieldValue? Find(string name) => _values.TryGetValue(name, out var value) && !value.IsAbsent ? value : null;

    private static BodyKind? Kind(string? contentType)
    {
        if (string.IsNullOrWhiteSpace(contentType))
        {
            return BodyKind.Unnamed;
        }

        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)
            || (type.Charset.HasValue && !type.Charset.Value.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase)
                && !type.Charset.Value.Trim('"').Equals("utf8", StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        return type.MediaType.Value?.ToLowerInvariant() switch
        {
            "application/json" or "text/json" => BodyKind.Json,
            "application/x-www-form-urlencoded" => BodyKind.Form,
            _ => null,
        };
    }

    private static async Task<byte[]?> ReadBody(HttpRequest request, CancellationToken ct)
    {
        if (request.ContentLength > MaxBodyBytes)
        {
            return null;
        }

        // Chunked bodies say no length: one byte more than allowed is read to notice that there is more.
        var buffer = new byte[(int)(request.ContentLength ?? MaxBodyBytes) + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
        return length > MaxBodyBytes ? null : buffer[..length];
    }

    private static Result<RequestFields> ReadJson(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(
                body, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind is not JsonValueKind.Object)
            {
                return HttpRefusals.MalformedBody;
            }

            var values = new Dictionary<string, FieldValue>(StringComparer.Ordinal);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                values[property.Name] = property.Value.ValueKind switch
                {
                    JsonValueKind.String => new FieldValue(property.Value.GetString(), IsNumber: false),
                    JsonValueKind.Number => new FieldValue(property.Value.GetRawText(), IsNumber: true),
                    JsonValueKind.Null => FieldValue.Absent,
                    _ => FieldValue.Unfit,
                };
            }

            return new RequestFields(values, body);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is no valid Unicode.
            return HttpRefusals.MalformedBody;
        }
    }

    private static Result<RequestFields> ReadForm(ReadOnlyMemory<byte> body)
    {
        try
        {
            var values = new Dictionary<string, FieldValue>(StringComparer.Ordinal);
            foreach (var pair in new QueryStringEnumerable(StrictUtf8.GetString(body.Span)))
            {
                if (!values.TryAdd(pair.DecodeName().ToString(), new FieldValue(pair.DecodeValue().ToString(), IsNumber: false)))
                {
                    return HttpRefusals.MalformedBody;
                }
            }

            return new RequestFields(values, body);
        }
        catch (DecoderFallbackException)
        {
            return HttpRefusals.MalformedBody;
        }
    }

    private enum BodyKind
    {
        Json,
        Form,
        Unnamed,
    }
}

/// <summary>The value of a field as text.</summary>
/// <param name="Text">None where it was something that no field of ours is: an object, an array, true, false.</param>
/// <param name="IsNumber">It came as a JSON number.</param>
public readonly record struct FieldValue(string? Text, bool IsNumber)
{
    public static FieldValue Absent { get; } = new("", IsNumber: false);

    public static FieldValue Unfit { get; } = new(null, IsNumber: false);

    public bool IsAbsent => Text is "";

    /// <summary>Folded and trimmed, for fields whose form is ours: amounts, mobiles, tokens, merchant codes.</summary>
    public string? Plain => Text is null ? null : Digits.Fold(Text).Trim();
}
