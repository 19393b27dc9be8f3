using CanPay.Gateway.Kernel;

namespace CanPay.Faults.Site;

/// <summary>One <c>canpay serve</c>, which can die and be started again at the same address.</summary>
internal sealed class GatewayNode : IDisposable
{
    private readonly Processes _processes;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly string _program;
    private readonly string _argument;
    private readonly string _order;

    /// <param name="processes">Where it runs.</param>
    /// <param name="settings">As <c>Section__Key</c>, without its address.</param>
    /// <param name="program">And its one argument.</param>
    public GatewayNode(Processes processes, IReadOnlyDictionary<string, string> settings, string program, string argument)
    {
        (_processes, _program, _argument) = (processes, program, argument);
        var port = FreePorts.Next();
        _order = Path.Combine(processes.Folder, $"crash-{port}");
        Url = new Uri($"http://127.0.0.1:{port}");
        Http = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(8) };
        _settings = new Dictionary<string, string>(settings, StringComparer.Ordinal) { ["Http__Urls"] = Url.OriginalString, [CrashPoint.Variable] = _order };
    }

    public Uri Url { get; }

    public HttpClient Http { get; }

    public Running Process { get; private set; } = null!;

    public void Start() => Process = _processes.Start(_program, _settings, _argument);

    /// <summary>Waits until it takes payments.</summary>
    /// <exception cref="InvalidOperationException">It has ended instead.</exception>
    public Task Ready() => Processes.Until($"the gateway at {Url} is ready", async () =>
    {
        if (Process.HasExited)
        {
            throw new InvalidOperationException($"The gateway did not start: {Process.Said}");
        }

        return await Processes.IsReady(Http);
    });

    public void OrderToDieAt(string point) => File.WriteAllText(_order, point);

    /// <summary>It has died by itself where it was ordered to.</summary>
    public bool HasDiedAsOrdered()
    {
        if (!Process.HasExited || !File.Exists(_order + CrashPoint.Done))
        {
            return false;
        }

        File.Delete(_order + CrashPoint.Done);
        return true;
    }

    public void TakeOrderBack() => File.Delete(_order);

    public void Dispose() => Http.Dispose();
}
