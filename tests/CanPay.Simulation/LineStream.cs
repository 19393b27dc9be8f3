namespace CanPay.Simulation;

/// <summary>A node's end of its connection to the card network. What it writes is one whole message each time.</summary>
internal sealed class LineStream(Lifeline life, Action<byte[]> send) : Stream
{
    private readonly Queue<byte[]> _received = new();
    private TaskCompletionSource? _waiting;
    private int _taken;

    public bool IsClosed { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Bytes come from the other side.</summary>
    public void Receive(byte[] bytes) => life.Deliver(() =>
    {
        if (!IsClosed)
        {
            _received.Enqueue(bytes);
            Wake();
        }
    });

    /// <summary>The connection broke, or the other side closed it.</summary>
    public void Break() => life.Deliver(Close);

    public override void Close()
    {
        IsClosed = true;
        Wake();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_received.Count == 0)
        {
            if (IsClosed)
            {
                return 0;
            }

            _waiting ??= new TaskCompletionSource();
            await _waiting.Task.WaitAsync(cancellationToken);
        }

        var bytes = _received.Peek();
        var count = Math.Min(buffer.Length, bytes.Length - _taken);
        bytes.AsSpan(_taken, count).CopyTo(buffer.Span);
        _taken += count;
        if (_taken == bytes.Length)
        {
            _received.Dequeue();
            _taken = 0;
        }

        return count;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (IsClosed)
        {
            return ValueTask.FromException(new IOException("The connection is closed."));
        }

        send(buffer.ToArray());
        return ValueTask.CompletedTask;
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Wake()
    {
        var waiting = _waiting;
        _waiting = null;
        waiting?.TrySetResult();
    }
}
