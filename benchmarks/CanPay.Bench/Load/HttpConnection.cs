using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CanPay.Bench;

/// <summary>One HTTP/1.1 connection that costs as little as possible: the machine is there for the gateway.</summary>
internal sealed class HttpConnection(IPEndPoint server) : IDisposable
{
    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();

    private readonly byte[] _out = new byte[8 * 1024];
    private byte[] _in = new byte[64 * 1024];
    private Socket? _socket;
    private int _outLength;
    private int _length;
    private int _bodyStart;
    private int _bodyLength;

    public int Port => server.Port;

    public int Status { get; private set; }

    public ReadOnlySpan<byte> Head => _in.AsSpan(0, _bodyStart);

    public ReadOnlySpan<byte> Body => _in.AsSpan(_bodyStart, _bodyLength);

    public void Begin() => _outLength = 0;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_out.AsSpan(_outLength));
        _outLength += bytes.Length;
    }

    public void Write(string text) => _outLength += Encoding.UTF8.GetBytes(text, _out.AsSpan(_outLength));

    public void Write(long number)
    {
        Utf8Formatter.TryFormat(number, _out.AsSpan(_outLength), out var written);
        _outLength += written;
    }

    /// <summary>Sends what was written and reads the whole answer.</summary>
    public async ValueTask Send()
    {
        if (_socket is null)
        {
            _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await _socket.ConnectAsync(server);
        }

        await _socket.SendAsync(_out.AsMemory(0, _outLength));
        _length = 0;
        int headEnd;
        do
        {
            await Receive();
            headEnd = _in.AsSpan(0, _length).IndexOf(EndOfHead);
        }
        while (headEnd < 0);

        _bodyStart = headEnd + EndOfHead.Length;
        Status = Number(9, 3);
        if (Find("\r\nContent-Length: "u8) is { } lengthAt)
        {
            _bodyLength = Number(lengthAt, 12);
            while (_length < _bodyStart + _bodyLength)
            {
                await Receive();
            }
        }
        else if (Find("\r\nTransfer-Encoding: chunked"u8) is not null)
        {
            while (!_in.AsSpan(_bodyStart, _length - _bodyStart).EndsWith("\r\n0\r\n\r\n"u8) && !_in.AsSpan(_bodyStart, _length - _bodyStart).SequenceEqual("0\r\n\r\n"u8))
            {
                await Receive();
            }

            _bodyLength = _length - _bodyStart;
        }
        else
        {
            _bodyLength = 0;
        }
    }

    public void Dispose() => _socket?.Dispose();

    private int Number(int at, int length) =>
        Utf8Parser.TryParse(_in.AsSpan(at, length), out int number, out _) ? number : throw new IOException("The answer is not HTTP.");

    private int? Find(ReadOnlySpan<byte> name)
    {
        var at = Head.IndexOf(name);
        return at < 0 ? null : at + name.Length;
    }

    private async ValueTask Receive()
    {
        if (_length == _in.Length)
        {
            Array.Resize(ref _in, _in.Length * 2);
        }

        var read = await _socket!.ReceiveAsync(_in.AsMemory(_length));
        if (read == 0)
        {
            throw new IOException("The gateway closed the connection.");
        }

        _length += read;
    }
}
