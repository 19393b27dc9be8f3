using System.Net;

namespace CanPay.Tests.Faults;

/// <summary>Gateway and simulated card network as processes of their own, on free ports and in a folder of their own.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private const string AllIsWell = "Everything is true";

    private readonly Processes _processes = new();
    private readonly int _gatewayPort = FreePorts.Next();
    private readonly int _isoPort = FreePorts.Next();
    private readonly int _webPort = FreePorts.Next();
    private Running? _gateway;

    /// <param name="postgres">Connection string; none keeps the books in the data folder.</param>
    /// <param name="settings">As <c>Section__Key</c>.</param>
    public Installation(string? postgres, params (string Name, string Value)[] settings)
    {
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_gatewayPort}"), Timeout = TimeSpan.FromSeconds(60) };
        Settings = new(StringComparer.Ordinal)
        {
            ["CANPAY_DATA"] = _processes.Folder,
            ["Simulator__DataFolder"] = Path.Combine(_processes.Folder, "simulator"),
            ["Simulator__IsoPort"] = $"{_isoPort}",
            ["Simulator__WebPort"] = $"{_webPort}",
            ["Http__Urls"] = $"http://127.0.0.1:{_gatewayPort}",
            ["Acquiring__SwitchPort"] = $"{_isoPort}",
            ["Acquiring__AnswerTimeoutSeconds"] = "2",
            ["Acquiring__ResolveGraceSeconds"] = "1",
            ["Acquiring__QuarantineSeconds"] = "4",
            ["Checkout__QuickAnswerMs"] = "2000",
            ["Storage__AnswerTimeoutSeconds"] = "3",
            ["Jobs__RetrySeconds"] = "1",
            ["Jobs__LeaseSeconds"] = "4",
            ["Jobs__PollMs"] = "100",
        };
        if (postgres is not null)
        {
            Settings["Storage__Postgres"] = postgres;
        }

        foreach (var (name, value) in settings)
        {
            Settings[name] = value;
        }
    }

    public HttpClient Http { get; }

    public Dictionary<string, string> Settings { get; }

    /// <summary>A command line before the gateway's own.</summary>
    public IReadOnlyList<string> Entrance { get; init; } = [];

    public string Folder => _processes.Folder;

    /// <summary>What the gateway has said, line by line.</summary>
    public IReadOnlyList<string> Log => _gateway!.Said.Split('\n');

    public void StartSimulator() => _processes.Start(Programs.Simulator, Settings);

    public Running StartGateway() => _gateway = Begin(["serve"], _processes.Start);

    public Task Ready() => Wait.Until("the gateway is ready", async () => await Health("ready") is HttpStatusCode.OK);

    /// <returns>Nothing where nobody listens.</returns>
    public async Task<HttpStatusCode?> Health(string what)
    {
        try
        {
            using var answer = await Http.GetAsync($"/health/{what}");
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Every invariant holds, nothing is under way, and the network's books say the same as ours.</summary>
    public async Task AssertHealthy()
    {
        var said = await Doctor();
        Assert.True(said.Contains(AllIsWell, StringComparison.Ordinal), said);
    }

    /// <summary>No payment is between two ends any more.</summary>
    public Task Quiet() => Wait.Until(
        "the doctor finds nothing under way", async () => (await Doctor()).Contains(AllIsWell, StringComparison.Ordinal));

    private Task<string> Doctor() => Begin(
        ["doctor", "--quiesced", "--network-journal", $"http://127.0.0.1:{_webPort}/books.json"], Processes.Run);

    private T Begin<T>(string[] arguments, Func<string, IReadOnlyDictionary<string, string>, string[], T> start) => Entrance.Count > 0
        ? start(Entrance[0], Settings, [.. Entrance.Skip(1), Programs.Gateway, .. arguments])
        : start(Programs.Gateway, Settings, arguments);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _processes.DisposeAsync();
    }
}

/// <summary>Patience that is generous and has an end.</summary>
internal static class Wait
{
    public static Task Until(string what, Func<Task<bool>> condition) => Processes.Until(what, condition);

    public static Task Until(string what, Func<bool> condition) => Processes.Until(what, () => Task.FromResult(condition()));
}
