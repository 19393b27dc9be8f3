using System.Net;
using System.Text.RegularExpressions;

namespace CanPay.Testing;

/// <summary>A payer's browser without scripts: cookies, forms, redirects.</summary>
internal sealed partial class Browser : IDisposable
{
    public const string ApprovedCard = "5022290000087122";

    private readonly HttpClient _http;
    private readonly HttpClient _scripts;
    private readonly string _origin;

    /// <param name="gateway">Where it goes.</param>
    /// <param name="cookies">Those of another tab of the same browser.</param>
    public Browser(Uri gateway, CookieContainer? cookies = null)
    {
        _origin = gateway.GetLeftPart(UriPartial.Authority);
        cookies ??= new CookieContainer();
        _http = new HttpClient(new HttpClientHandler { CookieContainer = cookies }) { BaseAddress = gateway };
        _scripts = new HttpClient(new HttpClientHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = gateway };
    }

    public async Task<HttpResponseMessage> Open(string token, string? referrer = "http://127.0.0.1:5090/")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/ipg/{token}");
        if (referrer is not null)
        {
            request.Headers.Referrer = new Uri(referrer);
        }

        return await _http.SendAsync(request);
    }

    /// <summary>Opens the page, fills in the form, and sends it.</summary>
    public async Task<string> Pay(string token, string card = ApprovedCard, string pin = "12345")
    {
        var form = FormToken(await (await Open(token)).Content.ReadAsStringAsync());
        return await (await Send(token, "pay", form, card, pin)).Content.ReadAsStringAsync();
    }

    /// <summary>The text of a page of ours, by its address.</summary>
    public async Task<string> Page(string path) => await (await _http.GetAsync(path)).Content.ReadAsStringAsync();

    /// <summary>Sends a form of ours with these fields; the page that comes of it.</summary>
    public async Task<string> Submit(string token, string action, string form, params (string Name, string Value)[] fields)
    {
        var all = fields.ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal);
        all["form"] = form;
        return await (await Post($"/ipg/{token}/{action}", all, _origin)).Content.ReadAsStringAsync();
    }

    public Task<HttpResponseMessage> Send(string token, string action, string form, string card = "", string pin = "") => Post(
        $"/ipg/{token}/{action}",
        new() { ["pan"] = card, ["cvv2"] = "123", ["month"] = "12", ["year"] = "09", ["pin"] = pin, ["form"] = form },
        _origin);

    public async Task<HttpResponseMessage> Post(string path, Dictionary<string, string> fields, string? origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields) };
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        return await _http.SendAsync(request);
    }

    /// <summary>Sends what a script of our page sends, and follows nothing.</summary>
    public async Task<HttpResponseMessage> Fetch(string path, Dictionary<string, string> fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields) };
        request.Headers.Add("Origin", _origin);
        request.Headers.Accept.ParseAdd("application/json");
        return await _scripts.SendAsync(request);
    }

    public static string FormToken(string page) =>
        FormField().Match(page) is { Success: true } match ? match.Groups[1].Value : throw new InvalidOperationException("The page has no form.");

    public void Dispose()
    {
        _http.Dispose();
        _scripts.Dispose();
    }

    [GeneratedRegex("""name="form" type="hidden" value="([^"]+)""")]
    private static partial Regex FormField();
}
