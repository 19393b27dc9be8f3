using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace CanPay.Testing;

/// <summary>A line that can be made slow, dumb in one direction or both, or cut. Listens on a free port of this machine.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private static readonly TimeSpan RetransmitAfter = TimeSpan.FromMilliseconds(200);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, Socket> _lines = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Gate _toTarget = new();
    private readonly Gate _toClient = new();
    private readonly Task _accepting;

    public TcpProxy(int target)
    {
        Target = target;
        _listener.Start();
        _accepting = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Port of this machine to which new connections lead.</summary>
    public int Target { get; set; }

    /// <summary>How long each piece of data is on its way.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>
    /// Of a hundred pieces of data, how many are lost: they are sent again, later and later, as TCP does; one that is lost
    /// four times in a row ends its connection.
    /// </summary>
    public int LossPercent { get; set; }

    /// <summary>New connections are closed as soon as they are made.</summary>
    public bool IsRefusing { get; set; }

    public int Connections => _lines.Count;

    /// <summary>Nothing comes through any more, and nobody is told: connections stay open, and new ones can be made.</summary>
    public void Stall(bool toTarget = true, bool toClient = true)
    {
        if (toTarget)
        {
            _toTarget.Close();
        }

        if (toClient)
        {
            _toClient.Close();
        }
    }

    /// <summary>Everything flows again, first what was held back.</summary>
    public void Flow()
    {
        IsRefusing = false;
        (LossPercent, Delay) = (0, TimeSpan.Zero);
        _toTarget.Open();
        _toClient.Open();
    }

    /// <summary>Breaks every connection. What was held back is lost.</summary>
    public void Cut()
    {
        foreach (var (client, target) in _lines)
        {
            client.Close(timeout: 0);
            target.Close(timeout: 0);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _stop.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                if (IsRefusing)
                {
                    client.Close(timeout: 0);
                }
                else
                {
                    _ = Connect(client);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task Connect(Socket client)
    {
        using var target = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            try
            {
                await target.ConnectAsync(IPAddress.Loopback, Target, _stop.Token);
                _lines[client] = target;
                await Task.WhenAny(Pump(client, target, _toTarget), Pump(target, client, _toClient));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                // As if nobody listened.
            }
            finally
            {
                _lines.TryRemove(client, out _);
            }
        }
    }

    private async Task Pump(Socket from, Socket to, Gate gate)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is var count and > 0)
            {
                await gate.Passage.WaitAsync(_stop.Token);
                if (Delay > TimeSpan.Zero)
                {
                    await Task.Delay(Delay, _stop.Token);
                }

                if (!await ComesThrough())
                {
                    return;
                }

                for (var sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _stop.Token);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side is gone: so is the line.
        }
    }

    private async Task<bool> ComesThrough()
    {
        for (var tries = 0; Random.Shared.Next(100) < LossPercent; tries++)
        {
            if (tries == 3)
            {
                return false;
            }

            await Task.Delay(RetransmitAfter * (1 << tries), _stop.Token);
        }

        return true;
    }

    private sealed class Gate
    {
        private TaskCompletionSource _passage = Opened();

        public Task Passage => Volatile.Read(ref _passage).Task;

        public void Close()
        {
            if (Passage.IsCompleted)
            {
                Volatile.Write(ref _passage, new(TaskCreationOptions.RunContinuationsAsynchronously));
            }
        }

        public void Open() => _passage.TrySetResult();

        private static TaskCompletionSource Opened()
        {
            var opened = new TaskCompletionSource();
            opened.SetResult();
            return opened;
        }
    }
}
