using System.Diagnostics;

namespace CanPay.Bench;

/// <summary>Nodes of a gateway on one database, with the simulated card network in a process of its own.</summary>
internal sealed class Gateway : IDisposable
{
    private readonly Machine _machine;
    private readonly Process _simulator;
    private readonly List<(Process Process, int Port)> _nodes = [];
    private readonly Dictionary<string, string> _settings;
    private readonly (string Program, string[] Arguments) _serve;

    /// <param name="machine">Where the processes run.</param>
    /// <param name="settings">Of the gateway, beside those that lift the limits on one merchant and one address.</param>
    /// <param name="folder">Of its keys and, without PostgreSQL, its books; the same again for the same database.</param>
    /// <param name="nodes">Processes that share the database and the card network.</param>
    /// <param name="keepsNothing">Hosted by the bench, with a store in memory.</param>
    public Gateway(Machine machine, IReadOnlyDictionary<string, string> settings, string folder, int nodes = 1, bool keepsNothing = false)
    {
        _machine = machine;
        _serve = keepsNothing ? (Environment.ProcessPath!, ["keeps-nothing"]) : (Machine.Executable("CanPay.Gateway", "canpay"), ["serve"]);
        var isoPort = FreePorts.Next();
        var data = Directory.CreateDirectory(Path.Combine(machine.Folder, "data-" + folder)).FullName;
        _simulator = machine.Start(Machine.Executable("CanPay.Simulator", "canpay-simulator"), [], new Dictionary<string, string>
        {
            ["Simulator__IsoPort"] = $"{isoPort}",
            ["Simulator__WebPort"] = $"{FreePorts.Next()}",
            ["Simulator__DataFolder"] = Path.Combine(data, $"simulator-{isoPort}"),
            ["Logging__LogLevel__Default"] = "Warning",
        });
        _settings = new Dictionary<string, string>(settings)
        {
            ["CANPAY_DATA"] = data,
            ["Acquiring__SwitchPort"] = $"{isoPort}",
            ["Http__MerchantRequestsPerSecond"] = "1000000",
            ["Http__MerchantBurst"] = "1000000",
            ["Http__AddressRequestsPerSecond"] = "1000000",
            ["Http__AddressBurst"] = "1000000",
            ["Logging__LogLevel__Default"] = "Warning",

            // Rounds of tokens alone leave payments that nobody pays: their end is not to fall into another's round.
            ["Payments__PageLifetimeSeconds"] = "86400",
        };
        for (var i = 0; i < nodes; i++)
        {
            StartNode();
        }
    }

    public int Pid => _nodes[0].Process.Id;

    public int[] Ports => [.. _nodes.Select(node => node.Port)];

    /// <summary>CPU seconds of the gateway and of the simulator.</summary>
    public (double Gateway, double Simulator) Cpu =>
        (_nodes.Sum(node => Machine.CpuSeconds(node.Process.Id)), Machine.CpuSeconds(_simulator.Id));

    /// <summary>One node more.</summary>
    /// <returns>Milliseconds from its start until it was ready.</returns>
    public double StartNode()
    {
        var port = FreePorts.Next();
        var begun = Stopwatch.GetTimestamp();
        var process = _machine.Start(
            _serve.Program, _serve.Arguments, new Dictionary<string, string>(_settings) { ["Http__Urls"] = $"http://127.0.0.1:{port}" });
        _nodes.Add((process, port));
        WaitUntilReady(process, port);
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }

    /// <summary>Stops the node that was started last.</summary>
    public void StopNode()
    {
        _machine.Stop(_nodes[^1].Process);
        _nodes.RemoveAt(_nodes.Count - 1);
    }

    public void Dispose()
    {
        _nodes.ForEach(node => _machine.Stop(node.Process));
        _machine.Stop(_simulator);
    }

    private void WaitUntilReady(Process process, int port)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        var patience = Stopwatch.StartNew();
        while (patience.Elapsed < TimeSpan.FromSeconds(60) && !process.HasExited)
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

        throw new InvalidOperationException($"The gateway is not ready: {File.ReadAllText(_machine.LogOf(_serve.Program))}");
    }
}
