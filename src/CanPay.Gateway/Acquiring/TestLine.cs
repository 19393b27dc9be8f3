using CanPay.Gateway.Acquiring.Direct;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Acquiring;

/// <summary>The line to the test switch, where there is one: like the line to the card network, with the sandbox's keys.</summary>
internal sealed class TestLine : IHostedService, IAsyncDisposable
{
    private readonly SwitchConnection? _line;

    public TestLine(
        IAcquiringStore store,
        CardVault vault,
        TraceNumbers traceNumbers,
        IOptions<AcquiringOptions> network,
        IOptions<SandboxOptions> sandbox,
        TimeProvider clock,
        ILoggerFactory logs)
    {
        if (sandbox.Value.SwitchHost is not { Length: > 0 } host)
        {
            return;
        }

        var options = Options.Create(new AcquiringOptions
        {
            SwitchHost = host,
            SwitchPort = sandbox.Value.SwitchPort,
            AcquirerId = network.Value.AcquirerId,
            AnswerTimeoutSeconds = network.Value.AnswerTimeoutSeconds,
            PinRequestTimeoutSeconds = network.Value.PinRequestTimeoutSeconds,
            EchoSeconds = network.Value.EchoSeconds,
            MaxInFlight = network.Value.MaxInFlight,
        });
        var hsm = new SoftwareHsm(new SandboxOptions { Enabled = true });
        _line = new SwitchConnection(store, hsm, options, clock, logs.CreateLogger<SwitchConnection>());
        Acquirer = new DirectAcquirer(_line, hsm, vault, traceNumbers, options, clock, logs.CreateLogger<DirectAcquirer>());
    }

    /// <summary>None where no test switch is set.</summary>
    public IAcquirer? Acquirer { get; }

    public Task StartAsync(CancellationToken cancellationToken) => _line?.StartAsync(cancellationToken) ?? Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => _line?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _line?.DisposeAsync() ?? ValueTask.CompletedTask;
}
