using System.Net.Http.Json;
using System.Text.Json;
using CanPay.Simulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace CanPay.Tests.Simulator;

/// <summary>A simulator of its own on free ports, with its books in a folder of its own.</summary>
internal sealed class Sandbox : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _folder;

    private readonly TimeProvider? _clock;

    private Sandbox(WebApplication app, string folder, TimeProvider? clock)
    {
        _app = app;
        _folder = folder;
        _clock = clock;
        Http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.First()) };
    }

    public HttpClient Http { get; }

    public string BooksFile => Path.Combine(_folder, "books.jsonl");

    public Pins Pins => _app.Services.GetRequiredService<Pins>();

    public IReadOnlyList<Entry> Books => _app.Services.GetRequiredService<Books>().Entries;

    public SwitchServer Switch => _app.Services.GetRequiredService<SwitchServer>();

    public static Task<Sandbox> Start(TimeProvider? clock = null) => StartOn(Directory.CreateTempSubdirectory("canpay-sandbox-").FullName, clock);

    /// <summary>For what looks at dynamic PINs twice: they change every two minutes.</summary>
    public static Task<Sandbox> StartWithStandingClock() => Start(new FakeTimeProvider(DateTimeOffset.UtcNow));

    public static async Task<Sandbox> StartOn(string folder, TimeProvider? clock = null, params string[] settings)
    {
        var app = SimulatorHost.Build(
            ["--Simulator:IsoPort=0", "--Simulator:WebPort=0", $"--Simulator:DataFolder={folder}", "--Simulator:SlowApprovalSeconds=0.4", .. settings],
            builder =>
            {
                builder.Logging.ClearProviders();
                if (clock is not null)
                {
                    builder.Services.AddSingleton(clock);
                }
            });
        try
        {
            await app.StartAsync();
            return new Sandbox(app, folder, clock);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>What a process that is killed at this moment leaves behind, taken up by a new one.</summary>
    public async Task<Sandbox> KilledAndStartedAgain()
    {
        var folder = Directory.CreateTempSubdirectory("canpay-sandbox-").FullName;
        foreach (var file in Directory.GetFiles(_folder).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        return await StartOn(folder, _clock);
    }

    public async Task<Acquirer> Connect(bool signOn = true)
    {
        var acquirer = await Acquirer.Connect(Switch.Port);
        if (signOn)
        {
            Assert.Equal("800", (await acquirer.Ask(Acquirer.Network(801)))!.GetText(39));
        }

        return acquirer;
    }

    public Task<JsonElement> Json(string path) => Http.GetFromJsonAsync<JsonElement>(path);

    public async Task Control(string what) => (await Http.PostAsync("/control/" + what, null)).EnsureSuccessStatusCode();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
