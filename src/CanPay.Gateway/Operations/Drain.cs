namespace CanPay.Gateway.Operations;

/// <summary>This node is leaving: it says so to load balancers and to whoever keeps a connection to it.</summary>
internal sealed class Drain
{
    private int _begun;

    public bool HasBegun => Volatile.Read(ref _begun) != 0;

    /// <returns>False where it had begun before.</returns>
    public bool Begin() => Interlocked.Exchange(ref _begun, 1) == 0;
}

internal static class DrainSetup
{
    /// <summary>While draining every answer ends its connection, so that the next request finds another node. Stands first.</summary>
    public static void UseDrain(this WebApplication app)
    {
        var drain = app.Services.GetRequiredService<Drain>();
        app.Use((context, next) =>
        {
            // HTTP/2 has no such header; there the server says GOAWAY when it stops.
            if (drain.HasBegun && context.Request.Protocol.StartsWith("HTTP/1", StringComparison.Ordinal))
            {
                context.Response.OnStarting(() =>
                {
                    context.Response.Headers.Connection = "close";
                    return Task.CompletedTask;
                });
            }

            return next(context);
        });
    }
}
