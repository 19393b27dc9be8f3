using System.Diagnostics;

namespace CanPay.Bench;

/// <summary>A gateway process, with the simulated card network in another.</summary>
internal sealed class Gateway : IDisposable
{
    private readonly Machine _machine;
    private readonly Process _simulator;
    private readonly List<(Process Process, int Port)> _nodes = [];

    /// <param name="settings">Of the gateway, beside those that lift the limits on one merchant and one address.</param>
    public Gateway(Machine machine, IReadOnlyDictionary<string, string> settings, int nodes = 1)
    {
        _machine = machine;
        var data = Directory.CreateDirectory(Path.Combine(machine.Folder, $"data-{Guid.NewGuid():N}")).FullName;
        var isoPort = Machine.FreePort();
        var webPort = Machine.FreePort();
        _simulator = machine.Start(Machine.Executable("CanPay.Simulator", "canpay-simulator"), [], new Dictionary<string, string>
        {
            ["Simulator__IsoPort"] = $"{isoPort}",
            ["Simulator__WebPort"] = $"{webPort}",
            ["Simulator__DataFolder"] = Path.Combine(data, "simulator"),
            ["Logging__LogLevel__Default"] = "Warning",
        });
        for (var i = 0; i < nodes; i++)
        {
            var port = Machine.FreePort();
            var own = new Dictionary<string, string>(settings)
            {
                ["CANPAY_DATA"] = data,
                ["Http__Urls"] = $"http://127.0.0.1:{port}",
                ["Acquiring__SwitchPort"] = $"{isoPort}",
                ["Http__MerchantRequestsPerSecond"] = "1000000",
                ["Http__MerchantBurst"] = "1000000",
                ["Http__AddressRequestsPerSecond"] = "1000000",
                ["Http__AddressBurst"] = "1000000",
                ["Logging__LogLevel__Default"] = "Warning",
            };
            var begun = Stopwatch.GetTimestamp();
            _nodes.Add((machine.Start(Machine.Executable("CanPay.Gateway", "canpay"), ["serve"], own), port));
            WaitUntilReady(port);
            StartMs = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        }
    }

    /// <summary>From the start of the last node until it was ready.</summary>
    public double StartMs { get; }

    public int Pid => _nodes[0].Process.Id;

    public int Port => _nodes[0].Port;

    /// <summary>CPU seconds of the gateway and of the simulator.</summary>
    public (double Gateway, double Simulator) Cpu =>
        (_nodes.Sum(node => Machine.CpuSeconds(node.Process.Id)), Machine.CpuSeconds(_simulator.Id));

    /// <summary>Load from a process of its own; with several nodes, one for each, at the same time.</summary>
    public LoadResult Load(LoadKind kind, int clients, double warmUp, double seconds)
    {
        var bench = Environment.ProcessPath!;
        var results = _nodes.AsParallel().WithDegreeOfParallelism(_nodes.Count).Select(node => LoadResult.FromJson(
            Machine.Run(bench, "load", $"{node.Port}", $"{kind}", $"{clients / _nodes.Count}", $"{warmUp}", $"{seconds}"))).ToList();
        return results[0] with
        {
            PerSecond = results.Sum(result => result.PerSecond),
            Verify99Ms = results.Max(result => result.Verify99Ms),
        };
    }

    public void Dispose()
    {
        _nodes.ForEach(node => _machine.Stop(node.Process));
        _machine.Stop(_simulator);
    }

    private void WaitUntilReady(int port)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        var patience = Stopwatch.StartNew();
        while (patience.Elapsed < TimeSpan.FromSeconds(60))
        {
            try
            {
                if (http.GetAsync($"http://127.0.0.1:{port}/health/ready").Result.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (AggregateException)
            {
                // Not listening yet.
            }

            Thread.Sleep(10);
        }

        throw new InvalidOperationException($"The gateway is not ready: {File.ReadAllText(Path.Combine(_machine.Folder, "canpay.log"))}");
    }
}
