using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using CanPay.Gateway.Kernel;
using Microsoft.Net.Http.Headers;

namespace CanPay.Gateway.Http;

/// <summary>The two shapes of every answer of the merchants' API, key for key as the guide prints them.</summary>
public static class Envelope
{
    private static readonly JsonWriterOptions Options = new()
    {
        // Persian stays readable; what could leave a string or a script element is still escaped.
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    /// <summary><c>{"status":true,"data":{…}}</c></summary>
    public static string Success(Action<Utf8JsonWriter> writeData)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteBoolean("status", true);
            json.WriteStartObject("data");
            writeData(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary><c>{"status":false,"error":…,"code":…,"message":…,"description":…}</c></summary>
    public static string Error(Refusal refusal, bool english)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteBoolean("status", false);
            json.WriteString("error", refusal.Name);
            json.WriteNumber("code", refusal.Code);
            json.WriteString("message", Text(refusal.Message, refusal, english));
            var more = refusal.Explanation is { } explanation ? " " + (english ? explanation.English : explanation.Persian) : "";
            json.WriteString("description", Text(refusal.Description, refusal, english) + more);
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Answers with success.</summary>
    public static Task WriteSuccess(this HttpResponse response, string body) =>
        Write(response, StatusCodes.Status200OK, body);

    /// <summary>Answers with a refusal, in the language that the caller prefers.</summary>
    /// <returns>The body.</returns>
    public static async Task<string> WriteRefusal(this HttpResponse response, Refusal refusal)
    {
        if (refusal.RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        var body = Error(refusal, PrefersEnglish(response.HttpContext.Request));
        await Write(response, refusal.HttpStatus, body);
        return body;
    }

    /// <summary>Persian, unless the header asks for English more.</summary>
    public static bool PrefersEnglish(HttpRequest request)
    {
        if (!StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptLanguage, out var languages))
        {
            return false;
        }

        return Quality("en") > Quality("fa");

        double Quality(string language) => languages
            .Where(value => value.Value == language || value.Value.StartsWith(language + "-", StringComparison.OrdinalIgnoreCase))
            .Select(value => value.Quality ?? 1)
            .DefaultIfEmpty(0)
            .Max();
    }

    private static Task Write(HttpResponse response, int status, string body)
    {
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        var bytes = System.Text.Encoding.UTF8.GetBytes(body);
        response.ContentLength = bytes.Length;
        return response.Body.WriteAsync(bytes).AsTask();
    }

    private static string Text(Text text, Refusal refusal, bool english)
    {
        var result = english ? text.English : text.Persian;
        foreach (var (name, value) in refusal.Details)
        {
            result = result.Replace("{" + name + "}", value, StringComparison.Ordinal);
        }

        return result;
    }
}
