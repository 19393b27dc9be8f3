using System.Net;
using System.Text.Json;
using CanPay.Faults.Books;

namespace CanPay.Faults.Site;

/// <summary>The merchant's server: takes webhooks, and writes down which money they say is the merchant's.</summary>
internal sealed class Hook : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly MerchantLog _log;

    public Hook(MerchantLog log)
    {
        _log = log;
        Url = new Uri($"http://127.0.0.1:{FreePorts.Next()}/hook/");
        _listener.Prefixes.Add(Url.AbsoluteUri);
        _listener.Start();
        _ = Listen();
    }

    public Uri Url { get; }

    public void Dispose() => _listener.Close();

    private async Task Listen()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream);
                Keep(await reader.ReadToEndAsync());
                context.Response.StatusCode = (int)HttpStatusCode.NoContent;
                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException or JsonException or InvalidOperationException)
            {
                // The sender died in the midst of it: it sends again.
            }
        }
    }

    private void Keep(string body)
    {
        using var json = JsonDocument.Parse(body);
        if (json.RootElement.GetProperty("type").GetString() == "payment.verified")
        {
            var data = json.RootElement.GetProperty("data");
            _log.Write(new Told(
                News.VerifiedEvent, data.GetProperty("token").GetString()!, data.GetProperty("amount").GetInt64(), data.GetProperty("reference").GetString()));
        }
    }
}
