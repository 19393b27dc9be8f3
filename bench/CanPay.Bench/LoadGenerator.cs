using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CanPay.Bench;

/// <summary>Many payers and their shops, in a process of their own.</summary>
internal sealed class LoadGenerator(int port, LoadKind kind, double warmUpSeconds, double seconds)
{
    private static readonly byte[] Origin = "http://127.0.0.1:5090"u8.ToArray();

    private readonly IPEndPoint _server = new(IPAddress.Loopback, port);
    private readonly string _run = RandomNumberGenerator.GetHexString(8);
    private readonly List<double> _verifyMs = [];
    private readonly Dictionary<string, int> _failures = [];
    private readonly long _begun = Stopwatch.GetTimestamp();
    private int _done;

    public async Task<LoadResult> Run(int clients)
    {
        var cpuAtWarm = TimeSpan.Zero;
        var work = Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => Client(client))));
        await Task.Delay(TimeSpan.FromSeconds(warmUpSeconds));
        cpuAtWarm = Process.GetCurrentProcess().TotalProcessorTime;
        Volatile.Write(ref _done, 0);
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        var done = Volatile.Read(ref _done);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime - cpuAtWarm;
        await work;
        _verifyMs.Sort();
        return new LoadResult(
            done / seconds,
            done == 0 ? 0 : cpu.TotalMicroseconds / done,
            _verifyMs.Count == 0 ? 0 : _verifyMs[_verifyMs.Count / 2],
            _verifyMs.Count == 0 ? 0 : _verifyMs[(int)(_verifyMs.Count * 0.99)],
            _failures);
    }

    private async Task Client(int number)
    {
        using var http = new HttpConnection(_server);
        var until = TimeSpan.FromSeconds(warmUpSeconds + seconds);
        for (var i = 0; Stopwatch.GetElapsedTime(_begun) < until; i++)
        {
            try
            {
                if (await One(http, $"{_run}-{number}-{i}"))
                {
                    Interlocked.Increment(ref _done);
                }
            }
            catch (Exception e) when (e is System.Net.Sockets.SocketException or IOException)
            {
                Fail(e.Message);
                return;
            }
        }
    }

    private async ValueTask<bool> One(HttpConnection http, string invoice)
    {
        Api(http, "token", $$"""{"merchant":"111-222-333-444","amount":10000,"callback_url":"http://127.0.0.1:5090/payment/callback","invoice_id":"{{invoice}}"}""");
        await http.Send();
        if (!Is(http, 200, "token"))
        {
            return false;
        }

        var token = Text(http.Body, "\"token\":\""u8, 30);
        if (kind is LoadKind.Token)
        {
            return true;
        }

        if (!await Pay(http, token))
        {
            return false;
        }

        if (kind is LoadKind.Page)
        {
            return true;
        }

        var asked = Stopwatch.GetTimestamp();
        Api(http, "verify", $$"""{"merchant":"111-222-333-444","token":"{{token}}"}""");
        await http.Send();
        if (!Is(http, 200, "verify"))
        {
            return false;
        }

        if (Stopwatch.GetElapsedTime(_begun).TotalSeconds > warmUpSeconds)
        {
            lock (_verifyMs)
            {
                _verifyMs.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }
        }

        return true;
    }

    /// <summary>The payer opens the page from the shop, and sends the form with the page's cookies.</summary>
    private async ValueTask<bool> Pay(HttpConnection http, string token)
    {
        http.Begin();
        http.Write("GET /ipg/");
        http.Write(token);
        http.Write(" HTTP/1.1\r\nHost: 127.0.0.1\r\nReferer: http://127.0.0.1:5090/\r\n\r\n");
        await http.Send();
        if (!Is(http, 200, "page") || kind is LoadKind.Page)
        {
            return kind is LoadKind.Page;
        }

        var form = Text(http.Body, "name=\"form\" type=\"hidden\" value=\""u8);
        var cookies = Cookies(http.Head);
        var body = $"pan=5022290000087122&cvv2=123&month=12&year=09&pin=12345&form={Uri.EscapeDataString(form)}";
        http.Begin();
        http.Write("POST /ipg/");
        http.Write(token);
        http.Write("/pay HTTP/1.1\r\nHost: 127.0.0.1:");
        http.Write(port);
        http.Write("\r\nOrigin: http://127.0.0.1:");
        http.Write(port);
        http.Write("\r\nContent-Type: application/x-www-form-urlencoded\r\nCookie: ");
        http.Write(cookies);
        http.Write("\r\nContent-Length: ");
        http.Write(body.Length);
        http.Write("\r\n\r\n");
        http.Write(body);
        await http.Send();
        return Is(http, 303, "pay");
    }

    private static void Api(HttpConnection http, string operation, string json)
    {
        http.Begin();
        http.Write("POST /api/ipg/");
        http.Write(operation);
        http.Write(" HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ");
        http.Write(json.Length);
        http.Write("\r\n\r\n");
        http.Write(json);
    }

    private bool Is(HttpConnection http, int status, string step)
    {
        if (http.Status == status)
        {
            return true;
        }

        Fail($"{step}: {http.Status} {Encoding.UTF8.GetString(http.Body[..Math.Min(120, http.Body.Length)])}");
        return false;
    }

    private void Fail(string what)
    {
        lock (_failures)
        {
            _failures[what] = _failures.GetValueOrDefault(what) + 1;
        }
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

internal enum LoadKind
{
    /// <summary>Token, page, card, verify.</summary>
    Payment,

    /// <summary>Token alone.</summary>
    Token,

    /// <summary>Token and page.</summary>
    Page,
}

/// <param name="PerSecond">Payments (or tokens) a second.</param>
/// <param name="CpuMicros">Of the load generator itself, for one.</param>
internal sealed record LoadResult(double PerSecond, double CpuMicros, double VerifyMedianMs, double Verify99Ms, Dictionary<string, int> Failures)
{
    public string ToJson() => JsonSerializer.Serialize(this);

    public static LoadResult FromJson(string json) => JsonSerializer.Deserialize<LoadResult>(json)!;
}
