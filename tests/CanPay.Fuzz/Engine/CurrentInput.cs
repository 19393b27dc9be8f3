using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;

namespace CanPay.Fuzz.Engine;

/// <summary>The input that is being run, in memory that outlives the process: a crash or a hang leaves it to be seen.</summary>
internal sealed unsafe class CurrentInput : IDisposable
{
    private const int Head = 12;
    private const int Size = Head + (1 << 17);

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _at;

    public CurrentInput(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, Size);
        _view = _file.CreateViewAccessor();
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _at);
    }

    /// <summary>How many inputs were begun.</summary>
    public long Count => BinaryPrimitives.ReadInt64LittleEndian(new ReadOnlySpan<byte>(_at, 8));

    public byte[] Get() => new ReadOnlySpan<byte>(_at + Head, Math.Clamp(BinaryPrimitives.ReadInt32LittleEndian(new(_at + 8, 4)), 0, Size - Head)).ToArray();

    public void Set(ReadOnlySpan<byte> input)
    {
        (*(long*)_at)++;
        *(int*)(_at + 8) = input.Length;
        input.CopyTo(new Span<byte>(_at + Head, Size - Head));
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
