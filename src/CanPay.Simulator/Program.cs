using System.Net.Sockets;
using CanPay.Simulator;

try
{
    await using var app = SimulatorHost.Build(args);
    await app.StartAsync();
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception e) when (e is IOException or SocketException or InvalidOperationException or UnauthorizedAccessException
    or Microsoft.Extensions.Options.OptionsValidationException)
{
    await Console.Error.WriteLineAsync(SimulatorHost.Explain(e));
    return 1;
}
