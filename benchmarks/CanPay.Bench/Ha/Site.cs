using System.Globalization;

namespace CanPay.Bench.Ha;

/// <summary>Two gateways and the simulated card network, on the client's machine. Their clocks are short, so that a trial is.</summary>
internal sealed class Site : IDisposable
{
    public const int AnswerSeconds = 5;
    public const int WindowSeconds = 40;
    private const int IsoPort = 5083;
    private const int WebPort = 5084;

    private readonly Network _network;
    private readonly Dictionary<string, string> _settings;

    public Site(Network network)
    {
        _network = network;
        Http = new HttpClient(network.Http(Network.Client)) { Timeout = TimeSpan.FromSeconds(15) };
        var data = Directory.CreateDirectory(Path.Combine(network.Folder, "gateways")).FullName;
        network.Start(Network.Client, "simulator", new Dictionary<string, string>
        {
            ["Simulator__IsoPort"] = Text(IsoPort),
            ["Simulator__WebPort"] = Text(WebPort),
            ["Simulator__DataFolder"] = Path.Combine(network.Folder, "simulator"),
            ["Logging__LogLevel__Default"] = "Warning",
        }, Machine.Executable("CanPay.Simulator", "canpay-simulator"));
        _settings = new Dictionary<string, string>
        {
            ["CANPAY_DATA"] = data,
            ["Storage__Postgres"] = $"Host={Cluster.Hosts};Username=canpay;Database=canpay",
            ["Acquiring__SwitchPort"] = Text(IsoPort),
            ["Acquiring__AnswerTimeoutSeconds"] = Text(AnswerSeconds),
            ["Acquiring__ResolveGraceSeconds"] = "5",
            ["Acquiring__QuarantineSeconds"] = "15",
            ["Payments__PageLifetimeSeconds"] = Text(WindowSeconds),
            ["Payments__VerifyWindowSeconds"] = Text(WindowSeconds),
            ["Http__MerchantRequestsPerSecond"] = "1000000",
            ["Http__MerchantBurst"] = "1000000",
            ["Http__AddressRequestsPerSecond"] = "1000000",
            ["Http__AddressBurst"] = "1000000",
            ["Jobs__LeaseSeconds"] = "15",
            ["Logging__LogLevel__Default"] = "Warning",
        };
        foreach (var origin in Origins)
        {
            // One after the other: the first makes the card keys that the second shares.
            network.Start(
                Network.Client, "gateway-" + origin.Port.ToString(CultureInfo.InvariantCulture),
                new Dictionary<string, string>(_settings) { ["Http__Urls"] = origin.GetLeftPart(UriPartial.Authority) },
                Machine.Executable("CanPay.Gateway", "canpay"), "serve");
            UntilReady(origin);
        }
    }

    public static Uri[] Origins { get; } = [new("http://127.0.0.1:5080"), new("http://127.0.0.1:5081")];

    public HttpClient Http { get; }

    /// <summary>The network's own books.</summary>
    public string Journal() => Http.GetStringAsync(new Uri($"http://127.0.0.1:{Text(WebPort)}/books.json")).Result;

    /// <summary>What <c>canpay doctor --quiesced --network-journal</c> says; nothing where all is true.</summary>
    public string? Doctor()
    {
        var (code, output, error) = _network.Try(Network.Client,
        [
            "env", .. _settings.Select(setting => $"{setting.Key}={setting.Value}"), Machine.Executable("CanPay.Gateway", "canpay"),
            "doctor", "--quiesced", "--network-journal", $"http://127.0.0.1:{Text(WebPort)}/books.json",
        ]);
        return code == 0 ? null : output + error;
    }

    public void Dispose() => Http.Dispose();

    private void UntilReady(Uri origin)
    {
        for (var i = 0; i < 240; i++)
        {
            try
            {
                using var answer = Http.GetAsync(new Uri(origin, "/health/ready")).Result;
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (AggregateException)
            {
                // Not listening yet.
            }

            Thread.Sleep(250);
        }

        throw new InvalidOperationException($"The gateway {origin} is not ready. Its words are in {_network.Folder}.");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
