using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using CanPay.Iso8583;

namespace CanPay.Tests.Iso8583;

/// <summary>A switch on a real socket: answers sign-on and echo by itself, and business messages as a test says.</summary>
internal sealed class ScriptedSwitch : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IMessageAuthenticator _mac;
    private readonly LengthPrefix _prefix;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private TcpClient? _client;

    public ScriptedSwitch(IMessageAuthenticator mac, LengthPrefix prefix = LengthPrefix.AsciiDigits4)
    {
        _mac = mac;
        _prefix = prefix;
        _listener.Start();
        _accepting = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public bool AnswersNetwork { get; set; } = true;

    public Func<IsoMessage, Task> OnRequest { get; set; } = _ => Task.CompletedTask;

    /// <summary>Looks at network management before it is answered.</summary>
    public Action<IsoMessage> OnNetwork { get; set; } = _ => { };

    /// <summary>Every message that came, in order.</summary>
    public ConcurrentQueue<IsoMessage> Received { get; } = new();

    public void Drop() => _client?.Close();

    public async Task Send(IsoMessage message, bool damage = false)
    {
        var start = MessageFraming.LengthOf(_prefix);
        var bytes = new byte[start + MessageCodec.MaxLength];
        var length = MessageFormat.Shetab.EncodeWithMac(message, _mac, bytes.AsSpan(start));
        MessageFraming.WritePrefix(length, bytes, _prefix);
        if (damage)
        {
            bytes[start + length - 1] ^= 1;
        }

        await SendRaw(bytes[..(start + length)]);
    }

    /// <summary>Bytes that are no message, with the right code at their end.</summary>
    public async Task SendMacked(byte[] bytes)
    {
        var mac = new byte[8];
        _mac.Compute(bytes, mac);
        byte[] body = [.. bytes, .. System.Text.Encoding.ASCII.GetBytes(Convert.ToHexString(mac))];
        var prefix = new byte[MessageFraming.LengthOf(_prefix)];
        MessageFraming.WritePrefix(body.Length, prefix, _prefix);
        await SendRaw([.. prefix, .. body]);
    }

    public async Task SendRaw(byte[] bytes)
    {
        await _writing.WaitAsync();
        try
        {
            await _client!.GetStream().WriteAsync(bytes);
        }
        finally
        {
            _writing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Listening ends last: a connection may be taken at this very moment, and the next is asked for after it.
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        _client?.Dispose();
        _writing.Dispose();
        _stop.Dispose();
    }

    private async Task Accept()
    {
        while (true)
        {
            try
            {
                _client = await _listener.AcceptTcpClientAsync(_stop.Token);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                return;
            }

            _ = Serve(_client);
        }
    }

    private async Task Serve(TcpClient client)
    {
        var bytes = new byte[MessageCodec.MaxLength];
        try
        {
            var reader = PipeReader.Create(client.GetStream());
            while (await MessageFraming.ReadAsync(reader, bytes, _prefix, CancellationToken.None) is var length and >= 0)
            {
                var message = new IsoMessage();
                MessageFormat.Shetab.Decode(bytes.AsSpan(0, length), message);
                Received.Enqueue(message);
                if (message.Mti == Mti.NetworkRequest)
                {
                    OnNetwork(message);
                    if (AnswersNetwork)
                    {
                        await Send(Exchanges.NetworkAnswer(message));
                    }
                }
                else if (Mti.IsAnswer(message.Mti))
                {
                    continue;
                }
                else
                {
                    _ = OnRequest(message);
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException or IsoFormatException)
        {
            // The test dropped the line.
        }
    }
}

/// <summary>Requests as an acquirer sends them, and what a switch answers.</summary>
internal static class Exchanges
{
    public static IsoMessage Request(int stan)
    {
        var message = new IsoMessage { Mti = Mti.FinancialRequest };
        message.SetNumber(4, 10_000, 12);
        message.SetNumber(11, stan, 6);
        message.Set(12, "261124143600");
        message.Set(37, "632814" + stan.ToString("000000"));
        message.Set(41, "00000001");
        message.SetNumber(49, 364, 3);
        return message;
    }

    public static IsoMessage Answer(IsoMessage request, string? approval = null)
    {
        var answer = new IsoMessage { Mti = Mti.AnswerTo(request.Mti) };
        foreach (var field in new[] { 4, 11, 12, 37, 41, 49 })
        {
            answer.Set(field, request.Get(field));
        }

        answer.Set(38, approval ?? "000000");
        answer.SetNumber(39, 0, 3);
        return answer;
    }

    public static IsoMessage NetworkAnswer(IsoMessage request, int actionCode = ActionCode.NetworkAccepted)
    {
        var answer = new IsoMessage { Mti = Mti.NetworkResponse };
        answer.Set(11, request.Get(11));
        answer.Set(12, request.Get(12));
        answer.SetNumber(39, actionCode, 3);
        return answer;
    }

    public static IsoMessage NetworkRequest(int function)
    {
        var request = new IsoMessage { Mti = Mti.NetworkRequest };
        request.Set(11, "000777");
        request.Set(12, "261124143600");
        request.SetNumber(24, function, 3);
        return request;
    }
}

/// <summary>Keeps what a line notices.</summary>
internal sealed class LineRecorder : ISwitchLineObserver
{
    private readonly ConcurrentQueue<LineEvent> _events = new();

    public IReadOnlyCollection<LineEvent> Events => _events;

    public void Noticed(LineEvent lineEvent) => _events.Enqueue(lineEvent);

    public bool Has(LineEventKind kind) => Count(kind) > 0;

    public int Count(LineEventKind kind) => _events.Count(each => each.Kind == kind);
}

/// <summary>Waits for what other threads bring about.</summary>
internal static class Eventually
{
    public static async Task Is(Func<bool> condition)
    {
        for (var i = 0; i < 500; i++)
        {
            if (condition())
            {
                return;
            }

            await Task.Delay(10);
        }

        Assert.Fail("What must come about did not.");
    }
}
