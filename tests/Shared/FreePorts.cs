using System.Net;
using System.Net.Sockets;

namespace CanPay.Testing;

/// <summary>Ports for servers that are started later, in this process or another.</summary>
/// <remarks>
/// A port that the system chose for a listener is one that it gives to the next outgoing connection as well, and before a server
/// has started that has happened. So they are taken, each once in a process, from below those that Linux gives to connections
/// (32768 to 60999 unless told otherwise).
/// </remarks>
internal static class FreePorts
{
    private const int First = 10_000;
    private const int Count = 22_000;

    private static int _next = Random.Shared.Next(Count);

    public static int Next()
    {
        for (var i = 0; i < Count; i++)
        {
            var port = First + ((int)((uint)Interlocked.Increment(ref _next) % Count));
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"No port from {First} to {First + Count - 1} is free.");
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
