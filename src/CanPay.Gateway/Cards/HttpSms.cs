using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Cards;

/// <summary>Sends SMS through a provider that takes a POST: what is posted is a setting.</summary>
internal sealed class HttpSms(HttpClient http, IOptions<SmsOptions> options, ILogger<HttpSms> log) : ISmsSender
{
    public bool IsThere => !string.IsNullOrEmpty(options.Value.Url);

    public async Task<bool> Send(string to, string text, CancellationToken ct)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, options.Value.Url) { Content = Content(to, text) };
            if (options.Value.Header?.Split(':', 2) is [var name, var value])
            {
                request.Headers.TryAddWithoutValidation(name.Trim(), value.Trim());
            }

            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            if (response.IsSuccessStatusCode)
            {
                return true;
            }

            log.SmsRefused((int)response.StatusCode);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            log.SmsNotSent(e.Message);
        }

        return false;
    }

    private ByteArrayContent Content(string to, string text)
    {
        Func<string, string> escaped = options.Value.ContentType == "application/json"
            ? value => JsonEncodedText.Encode(value).ToString()
            : Uri.EscapeDataString;
        var body = options.Value.Body
            .Replace("{to}", escaped(to), StringComparison.Ordinal)
            .Replace("{text}", escaped(text), StringComparison.Ordinal);
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue(options.Value.ContentType, "utf-8");
        return content;
    }
}
