using System.Text.Json;

namespace CanPay.Faults.Books;

/// <summary>What a merchant was told.</summary>
internal enum News
{
    /// <summary>Here is your token.</summary>
    Token,

    /// <summary>The money is yours.</summary>
    Verified,

    /// <summary>The payer gets it back, as you wish.</summary>
    Reversed,

    /// <summary>You came too late: the payer gets it back.</summary>
    Returned,

    /// <summary>A refund is written down.</summary>
    RefundTaken,

    /// <summary>The payer has got the refund.</summary>
    Refunded,

    /// <summary>A webhook that says that the money is the merchant's.</summary>
    VerifiedEvent,
}

/// <summary>One answer.</summary>
/// <param name="Amount">Rials; zero where the answer names none.</param>
/// <param name="Reference">Of the payment where it is verified, of the merchant where it is a refund.</param>
internal sealed record Told(News News, string Token, long Amount = 0, string? Reference = null)
{
    public DateTimeOffset At { get; init; } = DateTimeOffset.UtcNow;
}

/// <summary>The merchant's own book: every answer that came, on disk before anything is done with it.</summary>
internal sealed class MerchantLog : IDisposable
{
    private readonly string _file;
    private readonly FileStream _stream;
    private readonly Lock _lock = new();
    private int _verified;
    private int _kinds;

    public MerchantLog(string file)
    {
        _file = file;
        _stream = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.Read);
    }

    /// <summary>How many payments the merchant was told are verified.</summary>
    public int Verified => Volatile.Read(ref _verified);

    /// <summary>The merchant was told each of these at least once.</summary>
    public bool HasAll(params ReadOnlySpan<News> kinds)
    {
        foreach (var kind in kinds)
        {
            if ((Volatile.Read(ref _kinds) & (1 << (int)kind)) == 0)
            {
                return false;
            }
        }

        return true;
    }

    public void Write(Told told)
    {
        lock (_lock)
        {
            _stream.Write(JsonSerializer.SerializeToUtf8Bytes(told));
            _stream.WriteByte((byte)'\n');
            _stream.Flush(flushToDisk: true);
            _kinds |= 1 << (int)told.News;
        }

        if (told.News is News.Verified)
        {
            Interlocked.Increment(ref _verified);
        }
    }

    /// <summary>All of it, from the disk.</summary>
    public IReadOnlyList<Told> Read()
    {
        lock (_lock)
        {
            return [.. File.ReadLines(_file).Select(line => JsonSerializer.Deserialize<Told>(line)!)];
        }
    }

    public void Dispose() => _stream.Dispose();
}
