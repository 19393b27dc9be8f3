using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Channels;

namespace CanPay.Simulator;

/// <summary>One message as the banks booked it.</summary>
/// <param name="Outcome">Of a purchase <c>approved</c>, <c>declined</c>, <c>no_answer</c>; of a reversal <c>reversed</c>, <c>refused</c>.</param>
/// <param name="Answered">An answer was sent.</param>
/// <param name="OriginalKnown">Of a reversal: its purchase had been seen.</param>
/// <param name="Repeats">How often the same message came again.</param>
internal sealed record Entry(
    string Rrn,
    string Stan,
    string Card,
    long Amount,
    string Kind,
    string Outcome,
    int ActionCode,
    bool Answered,
    DateTimeOffset At,
    string Terminal,
    string LocalTime,
    bool? OriginalKnown,
    int Repeats)
{
    public const string Purchase = "purchase";
    public const string Reversal = "reversal";
    public const string Approved = "approved";
    public const string Declined = "declined";
    public const string NoAnswer = "no_answer";
    public const string Reversed = "reversed";
    public const string Refused = "refused";

    /// <summary>What makes a message the same message; a reversal carries the identity of its purchase.</summary>
    [JsonIgnore]
    public string Key => $"{Kind}/{Identity(Stan, LocalTime, Terminal, Rrn)}";

    public static string Identity(string stan, string localTime, string terminal, string rrn) =>
        $"{stan}/{localTime}/{terminal}/{rrn}";
}

/// <summary>An SMS that somebody asked us to send.</summary>
internal sealed record Sms(string To, string Text, DateTimeOffset At);

/// <summary>The banks' books: a journal of JSON lines, on disk before anything is answered, read again at start.</summary>
internal sealed class Books : IAsyncDisposable
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];
    private readonly List<Sms> _messages = [];
    private readonly Lock _lock = new();
    private readonly FileStream _file;
    private readonly Channel<(byte[] Line, TaskCompletionSource Written)> _queue =
        Channel.CreateUnbounded<(byte[], TaskCompletionSource)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly Task _writing;

    public Books(string folder)
    {
        Directory.CreateDirectory(folder);
        _file = new FileStream(Path.Combine(folder, "books.jsonl"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        Replay();
        _writing = Write();
    }

    public IReadOnlyList<Entry> Entries
    {
        get
        {
            lock (_lock)
            {
                return [.. _order.Select(key => _entries[key])];
            }
        }
    }

    public IReadOnlyList<Sms> Messages
    {
        get
        {
            lock (_lock)
            {
                return [.. _messages];
            }
        }
    }

    /// <summary>Decides on what the books say now, and books the decision; returns when it is on disk.</summary>
    /// <param name="decide">Is given a look into the books; runs alone.</param>
    public async Task<Entry> Book(Func<Func<string, Entry?>, Entry> decide)
    {
        Entry entry;
        Task written;
        lock (_lock)
        {
            entry = decide(_entries.GetValueOrDefault);
            Keep(entry);
            written = Enqueue(new Line(entry, null));
        }

        await written;
        return entry;
    }

    public Task Book(Sms sms)
    {
        lock (_lock)
        {
            _messages.Add(sms);
            return Enqueue(new Line(null, sms));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writing;
        await _file.DisposeAsync();
    }

    private void Keep(Entry entry)
    {
        if (!_entries.ContainsKey(entry.Key))
        {
            _order.Add(entry.Key);
        }

        _entries[entry.Key] = entry;
    }

    private Task Enqueue(Line line)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Writer.TryWrite((JsonSerializer.SerializeToUtf8Bytes(line, BooksJson.Default.Line), written));
        return written.Task;
    }

    private async Task Write()
    {
        var waiting = new List<TaskCompletionSource>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            waiting.Clear();
            while (_queue.Reader.TryRead(out var next))
            {
                _file.Write(next.Line);
                _file.WriteByte((byte)'\n');
                waiting.Add(next.Written);
            }

            _file.Flush(flushToDisk: true);
            waiting.ForEach(written => written.SetResult());
        }
    }

    /// <summary>A last line that was cut off was never answered: it is cut away.</summary>
    private void Replay()
    {
        using var reader = new StreamReader(_file, leaveOpen: true);
        var content = reader.ReadToEnd();
        var whole = content.LastIndexOf('\n') + 1;
        foreach (var text in content[..whole].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var line = JsonSerializer.Deserialize(text, BooksJson.Default.Line)!;
            if (line.Entry is not null)
            {
                Keep(line.Entry);
            }

            if (line.Sms is not null)
            {
                _messages.Add(line.Sms);
            }
        }

        _file.SetLength(System.Text.Encoding.UTF8.GetByteCount(content[..whole]));
        _file.Seek(0, SeekOrigin.End);
    }

    internal sealed record Line(Entry? Entry, Sms? Sms);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Books.Line))]
[JsonSerializable(typeof(IReadOnlyList<Entry>))]
[JsonSerializable(typeof(IReadOnlyList<Sms>))]
internal sealed partial class BooksJson : JsonSerializerContext;
