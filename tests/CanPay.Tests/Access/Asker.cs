using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace CanPay.Tests.Access;

/// <summary>An answer.</summary>
/// <param name="Cookies">As <c>Set-Cookie</c> has them.</param>
/// <param name="Headers">Their names.</param>
internal sealed record Answer(int Status, string Body, string? Location, IReadOnlyList<string> Cookies, string Headers)
{
    /// <summary>The name of a refusal of the API.</summary>
    public string? Error => Regex.Match(Body, "\"error\":\"([a-z_]+)\"") is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>As somebody hears it who looks for differences; what was asked about is called X.</summary>
    public string About(string value) => Regex.Replace(
        $"{Status} {Location} [{Headers}] {Body}".Replace(value, "X", StringComparison.Ordinal),
        """[A-Z0-9]{30}|\d{4}-\d\d-\d\dT[0-9:.]+Z|(?<=name="(form|captcha)" type="hidden" value=")[^"]+|(?<=data-seconds=")\d+">[^<]+|data:image/[^"]+""", "~");
}

/// <summary>Somebody who calls the gateway from an address of their own, with cookies of their own.</summary>
internal sealed class Asker : IDisposable
{
    private readonly HttpClient _http;

    public Asker(Uri gateway, string from = "127.0.0.1")
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            CookieContainer = new CookieContainer(),
            ConnectCallback = async (context, ct) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
                await socket.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, ct);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        _http = new HttpClient(handler) { BaseAddress = gateway };
    }

    public string Origin => _http.BaseAddress!.GetLeftPart(UriPartial.Authority);

    public Task<Answer> Get(string path, string? referrer = null) => Send(HttpMethod.Get, path, content: null, request =>
        request.Headers.Referrer = referrer is null ? null : new Uri(referrer));

    /// <summary>A call of a merchant's server.</summary>
    public Task<Answer> Call(string path, Dictionary<string, object?> fields, string? key = null) => Send(
        HttpMethod.Post, path, JsonContent.Create(fields), request =>
            request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key));

    /// <summary>A form of a page.</summary>
    public Task<Answer> Form(string path, Dictionary<string, string> fields, string? origin) => Send(
        HttpMethod.Post, path, new FormUrlEncodedContent(fields), request =>
        {
            if (origin is not null)
            {
                request.Headers.Add("Origin", origin);
            }
        });

    public async Task<Answer> Send(HttpMethod method, string path, HttpContent? content, Action<HttpRequestMessage>? more = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        more?.Invoke(request);
        using var answer = await _http.SendAsync(request);
        var cookies = answer.Headers.TryGetValues("Set-Cookie", out var set) ? set.ToList() : [];
        var headers = string.Join(' ', answer.Headers.Concat(answer.Content.Headers).Select(header => header.Key)
            .Where(name => name is not ("Date" or "Content-Length" or "Transfer-Encoding")).Order(StringComparer.Ordinal));
        return new Answer(
            (int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.Location?.OriginalString, cookies, headers);
    }

    public void Dispose() => _http.Dispose();
}
