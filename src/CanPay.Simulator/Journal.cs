using System.Text.Json;
using System.Threading.Channels;

namespace CanPay.Simulator;

/// <summary>The books' file: a line of JSON for each change. What arrives together is forced to disk together.</summary>
internal sealed class Journal : IAsyncDisposable
{
    private readonly FileStream _file;
    private readonly FileStream _lock;
    private readonly Channel<(byte[] Line, TaskCompletionSource Written)> _queue =
        Channel.CreateUnbounded<(byte[], TaskCompletionSource)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly Task _writing;
    private volatile string? _failure;

    /// <exception cref="IOException">Another process has it open, it cannot be written, or a line of it is damaged.</exception>
    public Journal(string folder, Action<Line> replay)
    {
        Make(folder);
        _lock = Lock(Path.Combine(folder, "books.lock"));
        try
        {
            _file = new FileStream(Path.Combine(folder, "books.jsonl"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            Replay(replay);
        }
        catch
        {
            _file?.Dispose();
            _lock.Dispose();
            throw;
        }

        _writing = Task.Run(Write);
    }

    /// <summary>Why nothing can be written any more, or null.</summary>
    public string? Failure => _failure;

    /// <summary>Lines reach the disk in the order of the calls; the task ends when this one is there.</summary>
    public Task Append(Line line)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _queue.Writer.TryWrite((JsonSerializer.SerializeToUtf8Bytes(line, BooksJson.Default.Line), written))
            ? written.Task
            : Task.FromException(new IOException(_failure ?? "The books are closed."));
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writing;
        await _file.DisposeAsync();
        await _lock.DisposeAsync();
    }

    private static void Make(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (IOException e)
        {
            throw new IOException($"The data folder {folder} cannot be made. Set Simulator__DataFolder to another. {e.Message}", e);
        }
    }

    /// <summary>
    /// Keeps a second simulator out. A locked range, because on Unix an open that shares with readers locks nothing, and one
    /// that shares nothing would keep back-ups out, too; in a file of its own, because closing any handle of a file gives its
    /// ranges back. The system lets go of it when the process ends, however it ends. macOS has no such locks in .NET.
    /// </summary>
    private static FileStream Lock(string file)
    {
        var stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
            {
                stream.Lock(0, 1);
            }

            return stream;
        }
        catch (IOException e)
        {
            stream.Dispose();
            throw new IOException(
                $"The books in {Path.GetDirectoryName(file)} are in use by another simulator. Stop it, or set Simulator__DataFolder.", e);
        }
    }

    private async Task Write()
    {
        var waiting = new List<TaskCompletionSource>();
        try
        {
            while (await _queue.Reader.WaitToReadAsync())
            {
                while (_queue.Reader.TryRead(out var next))
                {
                    waiting.Add(next.Written);
                    _file.Write(next.Line);
                    _file.WriteByte((byte)'\n');
                }

                _file.Flush(flushToDisk: true);
                waiting.ForEach(written => written.SetResult());
                waiting.Clear();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What may or may not be on disk is not known any more: nothing is answered until a restart has read it again.
            _failure = "The books cannot be written: " + e.Message;
            _queue.Writer.TryComplete();
            while (_queue.Reader.TryRead(out var next))
            {
                waiting.Add(next.Written);
            }

            waiting.ForEach(written => written.SetException(new IOException(_failure)));
        }
    }

    /// <summary>A last line without an end was never answered: it is cut away. Any other damage is for a person to judge.</summary>
    private void Replay(Action<Line> replay)
    {
        using var reader = new StreamReader(_file, leaveOpen: true);
        var number = 0;
        long whole = 0;
        while (reader.ReadLine() is { } text)
        {
            number++;
            var end = whole + System.Text.Encoding.UTF8.GetByteCount(text) + 1;
            if (end > _file.Length)
            {
                break;
            }

            try
            {
                replay(JsonSerializer.Deserialize(text, BooksJson.Default.Line) ?? throw new JsonException("It holds nothing."));
            }
            catch (JsonException e)
            {
                throw new IOException($"Line {number} of {_file.Name} is damaged. Restore the file, or move it away. {e.Message}", e);
            }

            whole = end;
        }

        _file.SetLength(whole);
        _file.Seek(0, SeekOrigin.End);
    }

    internal sealed record Line(Entry? Entry, Sms? Sms);
}
