using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Operations;

/// <summary>
/// How a node ends. SIGTERM: it says "not ready", goes on serving until balancers have turned away, stops listening, finishes
/// what is under way with callers and with the network, signs off, and exits with 0. SIGINT, or a second SIGTERM: the same
/// without waiting for balancers.
/// </summary>
internal sealed class NodeLifetime(
    Drain drain,
    IHostApplicationLifetime application,
    IOptions<HttpOptions> http,
    IOptions<SandboxOptions> sandbox,
    TimeProvider clock,
    ILogger<NodeLifetime> log) : IHostLifetime, IDisposable
{
    private const int UsualSeconds = 5;

    private readonly List<PosixSignalRegistration> _signals = [];
    private ITimer? _drained;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => On(signal, mayWait: true)));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => On(signal, mayWait: false)));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGQUIT, signal => On(signal, mayWait: false)));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _signals.ForEach(signal => signal.Dispose());
        _drained?.Dispose();
    }

    private void On(PosixSignalContext signal, bool mayWait)
    {
        // Not the end of the process, as it would be by default.
        signal.Cancel = true;
        var seconds = http.Value.DrainSeconds ?? (sandbox.Value.Enabled ? 0 : UsualSeconds);
        if (!drain.Begin() || !mayWait || seconds == 0)
        {
            application.StopApplication();
            return;
        }

        log.Leaving(seconds);
        _drained = clock.CreateTimer(_ => application.StopApplication(), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
    }
}
