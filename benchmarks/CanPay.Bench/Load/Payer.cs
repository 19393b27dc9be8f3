using System.Diagnostics;
using System.Text;

namespace CanPay.Bench;

/// <summary>One payer and the shop behind them, on one connection.</summary>
/// <param name="http">Kept open from payment to payment.</param>
/// <param name="kind">How far a payment goes.</param>
/// <param name="cards">For <see cref="LoadKind.Api"/>.</param>
internal sealed class Payer(HttpConnection http, LoadKind kind, CardStep? cards)
{
    /// <summary>Why the last payment did not come about.</summary>
    public string Failure { get; private set; } = "";

    /// <summary>How long the last verify took.</summary>
    public double VerifyMs { get; private set; }

    public async ValueTask<bool> Pay(string invoice)
    {
        Api(
            "token",
            $$"""{"merchant":"{{LoadGenerator.MerchantCode}}","amount":10000,"callback_url":"http://127.0.0.1:5090/payment/callback","invoice_id":"{{invoice}}"}""");
        await http.Send();
        if (!Is(200, "token"))
        {
            return false;
        }

        var token = Text(http.Body, "\"token\":\""u8, 30);
        return kind switch
        {
            LoadKind.Token => true,
            LoadKind.Page => await OpenPage(token),
            LoadKind.Payment => await OpenPage(token) && await SendCard(token) && await Verify(token),
            LoadKind.Api => await WriteCard(token) && await Verify(token),
        };
    }

    /// <summary>The payer arrives from the shop.</summary>
    private async ValueTask<bool> OpenPage(string token)
    {
        http.Begin();
        http.Write("GET /ipg/");
        http.Write(token);
        http.Write(" HTTP/1.1\r\nHost: 127.0.0.1\r\nReferer: http://127.0.0.1:5090/\r\n\r\n");
        await http.Send();
        return Is(200, "page");
    }

    /// <summary>The payer sends the form with the page's cookies.</summary>
    private async ValueTask<bool> SendCard(string token)
    {
        var form = Text(http.Body, "name=\"form\" type=\"hidden\" value=\""u8);
        var cookies = Cookies(http.Head);
        var body = $"pan=5022290000087122&cvv2=123&month=12&year=09&pin=12345&form={Uri.EscapeDataString(form)}";
        http.Begin();
        http.Write("POST /ipg/");
        http.Write(token);
        http.Write("/pay HTTP/1.1\r\nHost: 127.0.0.1:");
        http.Write(http.Port);
        http.Write("\r\nOrigin: http://127.0.0.1:");
        http.Write(http.Port);
        http.Write("\r\nContent-Type: application/x-www-form-urlencoded\r\nCookie: ");
        http.Write(cookies);
        http.Write("\r\nContent-Length: ");
        http.Write(body.Length);
        http.Write("\r\n\r\n");
        http.Write(body);
        await http.Send();
        return Is(303, "pay");
    }

    private async ValueTask<bool> WriteCard(string token)
    {
        if (await cards!.Pay(token))
        {
            return true;
        }

        Failure = "card";
        return false;
    }

    private async ValueTask<bool> Verify(string token)
    {
        var asked = Stopwatch.GetTimestamp();
        Api("verify", $$"""{"merchant":"{{LoadGenerator.MerchantCode}}","token":"{{token}}"}""");
        await http.Send();
        VerifyMs = Stopwatch.GetElapsedTime(asked).TotalMilliseconds;
        return Is(200, "verify");
    }

    private void Api(string operation, string json)
    {
        http.Begin();
        http.Write("POST /api/ipg/");
        http.Write(operation);
        http.Write(" HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ");
        http.Write(json.Length);
        http.Write("\r\n\r\n");
        http.Write(json);
    }

    private bool Is(int status, string step)
    {
        if (http.Status == status)
        {
            return true;
        }

        Failure = $"{step}: {http.Status} {Encoding.UTF8.GetString(http.Body[..Math.Min(120, http.Body.Length)])}";
        return false;
    }

    private static string Text(ReadOnlySpan<byte> body, ReadOnlySpan<byte> before, int length = -1)
    {
        var start = body.IndexOf(before) + before.Length;
        return Encoding.ASCII.GetString(body.Slice(start, length >= 0 ? length : body[start..].IndexOf((byte)'"')));
    }

    private static string Cookies(ReadOnlySpan<byte> head)
    {
        var cookies = "";
        for (var at = head.IndexOf("\r\nSet-Cookie: "u8); at >= 0; at = head.IndexOf("\r\nSet-Cookie: "u8))
        {
            head = head[(at + "\r\nSet-Cookie: ".Length)..];
            cookies += (cookies.Length > 0 ? "; " : "") + Encoding.ASCII.GetString(head[..head.IndexOf((byte)';')]);
        }

        return cookies;
    }
}
