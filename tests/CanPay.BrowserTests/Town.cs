using System.Diagnostics;
using System.Text.Json;
using Microsoft.Playwright;

namespace CanPay.BrowserTests;

/// <summary>Gateway, simulator and shop as processes on free ports, and a Chromium to visit them.</summary>
public sealed class Town : IAsyncLifetime
{
    private static readonly string[] ChromiumArguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
        "--lang=fa", "--accept-lang=fa-IR,fa", // a payer's, unless a test says Locale
    ];

    private readonly string _data = Directory.CreateTempSubdirectory("canpay-town-").FullName;
    private readonly List<Process> _processes = [];
    private readonly int _gatewayPort = FreePorts.Next();
    private readonly int _isoPort = FreePorts.Next();
    private readonly int _webPort = FreePorts.Next();
    private readonly int _shopPort = FreePorts.Next();
    private readonly HttpClient _http = new();
    private IPlaywright _playwright = null!;

    public string Shop => $"http://127.0.0.1:{_shopPort}";

    public string Gateway => $"http://127.0.0.1:{_gatewayPort}";

    public IBrowser Chromium { get; private set; } = null!;

    public static string Root { get; } = FindRoot();

    public async ValueTask InitializeAsync()
    {
        Start("CanPay.Simulator", "canpay-simulator");
        await Ready($"http://127.0.0.1:{_webPort}/health");
        Start("CanPay.Gateway", "canpay", "serve");
        await Ready($"{Gateway}/health/ready");
        Start("Shop", "Shop");
        await Ready($"{Shop}/health");
        _playwright = await Playwright.CreateAsync();
        Chromium = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ChromiumArguments });
    }

    public async ValueTask DisposeAsync()
    {
        await Chromium.DisposeAsync();
        _playwright.Dispose();
        _http.Dispose();
        foreach (var process in _processes)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(_data, recursive: true);
    }

    /// <summary>What the banks booked for a card, by its last digits.</summary>
    public async Task<JsonElement[]> Books(string lastDigits)
    {
        var books = JsonDocument.Parse(await _http.GetStringAsync($"http://127.0.0.1:{_webPort}/books.json"));
        return [.. books.RootElement.EnumerateArray().Where(entry => entry.GetProperty("card").GetString()!.EndsWith(lastDigits, StringComparison.Ordinal))];
    }

    public async Task<JsonElement[]> AllBooks() =>
        [.. JsonDocument.Parse(await _http.GetStringAsync($"http://127.0.0.1:{_webPort}/books.json")).RootElement.EnumerateArray()];

    /// <summary>The last SMS to a mobile.</summary>
    public async Task<string> LastSms(string mobile)
    {
        for (var i = 0; i < 100; i++)
        {
            using var messages = JsonDocument.Parse(await _http.GetStringAsync($"http://127.0.0.1:{_webPort}/sms.json"));
            if (messages.RootElement.EnumerateArray().LastOrDefault(sms => sms.GetProperty("to").GetString() == mobile) is { ValueKind: JsonValueKind.Object } last)
            {
                return last.GetProperty("text").GetString()!;
            }

            await Task.Delay(50);
        }

        throw new TimeoutException($"No SMS to {mobile}.");
    }

    private void Start(string project, string program, params string[] arguments)
    {
        var file = Path.Combine(Root, "artifacts", "bin", project, new DirectoryInfo(AppContext.BaseDirectory).Name, program);
        var process = Process.Start(new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["CANPAY_DATA"] = _data,
                ["Simulator__IsoPort"] = $"{_isoPort}",
                ["Simulator__WebPort"] = $"{_webPort}",
                ["Simulator__SlowApprovalSeconds"] = "2.5",
                ["Http__Urls"] = Gateway,
                ["Acquiring__SwitchPort"] = $"{_isoPort}",
                ["Acquiring__AnswerTimeoutSeconds"] = "4",
                ["Checkout__QuickAnswerMs"] = "800",
                ["Checkout__RefreshSeconds"] = "1",
                ["Jobs__RetrySeconds"] = "1",
                ["Sms__Url"] = $"http://127.0.0.1:{_webPort}/sms",
                ["Peyvand__Url"] = $"http://127.0.0.1:{_webPort}/peyvand",
                ["Cards__CodesApartSeconds"] = "1",
                ["Shop__Url"] = Shop,
                ["CanPay__BaseUrl"] = Gateway + "/",
            },
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _processes.Add(process);
    }

    private async Task Ready(string url)
    {
        // As long as a busy machine may take for it.
        for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < TimeSpan.FromMinutes(2);)
        {
            try
            {
                if ((await _http.GetAsync(url)).IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(50);
        }

        throw new TimeoutException($"{url} did not get ready.");
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CanPay.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The repository was not found.");
        }

        return folder.FullName;
    }
}
