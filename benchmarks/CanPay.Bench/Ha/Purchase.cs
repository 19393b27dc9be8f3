using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace CanPay.Bench.Ha;

/// <summary>
/// One payment with a patient payer and a patient shop: what failed is looked up and tried again, at the other gateway. The
/// card is sent again only where the page shows the form again.
/// </summary>
internal sealed class Purchase(HttpClient http, Ledger ledger, string invoice, int first)
{
    private const string Merchant = "111-222-333-444";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);
    private int _turn = first;

    public string? Token { get; private set; }

    /// <summary>The reference that verify was answered with.</summary>
    public string? Reference { get; private set; }

    /// <summary>A card or a verify was sent, and no answer said what came of it.</summary>
    public bool WasInDoubt { get; private set; }

    private Uri Gateway => Site.Origins[_turn % Site.Origins.Length];

    public async Task Make(CancellationToken patience)
    {
        try
        {
            Token = await Order(patience);
            if (await Pay(patience))
            {
                await Verify(patience);
            }
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            // What became of it the books say.
        }
    }

    private async Task<string> Order(CancellationToken patience)
    {
        while (true)
        {
            var body = $$"""{"merchant":"{{Merchant}}","amount":10000,"callback_url":"http://127.0.0.1:5090/payment/callback","invoice_id":"{{invoice}}"}""";
            if (await Call("token", body, patience) is (200, { } data))
            {
                var token = data.GetProperty("data").GetProperty("token").GetString()!;
                ledger.Add(new Acknowledgement(AcknowledgementKind.Token, token, null));
                return token;
            }

            await Elsewhere(patience);
        }
    }

    /// <returns>Whether the page said that it is paid.</returns>
    private async Task<bool> Pay(CancellationToken patience)
    {
        while (true)
        {
            var (status, page) = await Send(new HttpRequestMessage(HttpMethod.Get, new Uri(Gateway, $"/ipg/{Token}"))
            {
                Headers = { Referrer = new Uri("http://127.0.0.1:5090/") },
            }, patience);
            if (status == 200 && page.Contains("name=\"success\" value=\"1\"", StringComparison.Ordinal))
            {
                ledger.Add(new Acknowledgement(AcknowledgementKind.Paid, Token!, null));
                return true;
            }

            if (status == 200 && page.Contains("name=\"success\" value=\"0\"", StringComparison.Ordinal))
            {
                return false;
            }

            if (status == 200 && Form(page) is { } form)
            {
                WasInDoubt |= await SendCard(form, patience) is not 303;
            }
            else
            {
                await Elsewhere(patience);
            }
        }
    }

    private async Task<int> SendCard(string form, CancellationToken patience)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Gateway, $"/ipg/{Token}/pay"))
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["pan"] = "5022290000087122",
                ["cvv2"] = "123",
                ["month"] = "12",
                ["year"] = "09",
                ["pin"] = "12345",
                ["form"] = form,
            }),
        };
        request.Headers.Add("Origin", Gateway.GetLeftPart(UriPartial.Authority));
        return (await Send(request, patience)).Status;
    }

    private async Task Verify(CancellationToken patience)
    {
        while (true)
        {
            var (status, data) = await Call("verify", $$"""{"merchant":"{{Merchant}}","token":"{{Token}}"}""", patience);
            if (status == 200)
            {
                Reference = data!.Value.GetProperty("data").GetProperty("reference").GetString();
                ledger.Add(new Acknowledgement(AcknowledgementKind.Verified, Token!, Reference));
                return;
            }

            if (status is > 400 and < 500 && data!.Value.GetProperty("error").GetString() != "payment_in_progress")
            {
                return;
            }

            WasInDoubt = true;
            await Elsewhere(patience);
        }
    }

    private async Task<(int Status, JsonElement? Body)> Call(string operation, string json, CancellationToken patience)
    {
        var (status, body) = await Send(new HttpRequestMessage(HttpMethod.Post, new Uri(Gateway, $"/api/ipg/{operation}"))
        {
            Content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        }, patience);
        return (status, status == 0 ? null : JsonDocument.Parse(body).RootElement);
    }

    /// <returns>Status 0 where there was no answer.</returns>
    private async Task<(int Status, string Body)> Send(HttpRequestMessage request, CancellationToken patience)
    {
        using (request)
        {
            try
            {
                if (_cookies.Count > 0)
                {
                    request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
                }

                using var answer = await http.SendAsync(request, patience);
                foreach (var cookie in answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
                {
                    var pair = cookie.Split(';')[0].Split('=', 2);
                    _cookies[pair[0]] = pair[1];
                }

                return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(patience));
            }
            catch (Exception e) when (e is HttpRequestException or IOException
                || (e is OperationCanceledException && !patience.IsCancellationRequested))
            {
                return (0, "");
            }
        }
    }

    private Task Elsewhere(CancellationToken patience)
    {
        _turn++;
        return Task.Delay(Pause, patience);
    }

    private static string? Form(string page)
    {
        const string Before = "name=\"form\" type=\"hidden\" value=\"";
        var at = page.IndexOf(Before, StringComparison.Ordinal);
        return at < 0 ? null : System.Net.WebUtility.HtmlDecode(page[(at + Before.Length)..page.IndexOf('"', at + Before.Length)]);
    }
}
