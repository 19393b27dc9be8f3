using System.Buffers.Text;
using System.Security.Cryptography;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Acquiring.Keys;

/// <summary>Files of secrets, which nobody but this user may read, and the file of key-encryption keys among them.</summary>
internal static class KeyFiles
{
    private static readonly TimeSpan OthersMayTake = TimeSpan.FromSeconds(10);

    /// <summary>The bytes of a file of secrets; the caller zeroes them.</summary>
    /// <exception cref="StartException">Others can read it, or it cannot be read.</exception>
    public static byte[] ReadPrivate(string file, string what)
    {
        try
        {
            if (!OperatingSystem.IsWindows()
                && (File.GetUnixFileMode(file) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != UnixFileMode.None)
            {
                throw new StartException($"{what} {file} can be read by other users. Run: chmod 600 {file}");
            }

            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"{what} {file} cannot be read: {e.Message}");
        }
    }

    /// <summary>The keys of a file, the last first: it is the one that wraps.</summary>
    /// <exception cref="StartException">It cannot be read, or holds something else.</exception>
    public static IReadOnlyList<byte[]> ReadKeks(string file) => ParseKeks(ReadPrivate(file, "The file of key-encryption keys"), file);

    /// <summary>As <see cref="ReadKeks"/>.</summary>
    /// <param name="text">What the file holds. Zeros when this returns.</param>
    /// <param name="file">Its name, for messages.</param>
    internal static IReadOnlyList<byte[]> ParseKeks(byte[] text, string file)
    {
        try
        {
            var keys = new List<byte[]>();
            foreach (var range in text.AsSpan().Split((byte)'\n'))
            {
                var line = text.AsSpan(range).Trim(" \r\t"u8);
                if (line.Length > 0)
                {
                    keys.Insert(0, Parse(line) ?? throw new StartException(
                        $"The file of key-encryption keys {file} cannot be read: each line takes base64 of 32 bytes. Restore the file from where it is kept."));
                }
            }

            return keys.Count > 0 ? keys : throw new StartException($"The file of key-encryption keys {file} is empty. Restore it from where it is kept.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    /// <returns>The 32 bytes, or null.</returns>
    public static byte[]? Parse(ReadOnlySpan<byte> base64)
    {
        Span<byte> decoded = stackalloc byte[Base64.GetMaxDecodedFromUtf8Length(Math.Min(base64.Length, 256))];
        var isKey = base64.Length <= 256
            && Base64.DecodeFromUtf8(base64, decoded, out _, out var length) is System.Buffers.OperationStatus.Done && length == SoftwareKek.KeyLength;
        var key = isKey ? decoded[..SoftwareKek.KeyLength].ToArray() : null;
        CryptographicOperations.ZeroMemory(decoded);
        return key;
    }

    /// <summary>Makes the file with a first key where it is missing; of many processes that try at once one does.</summary>
    public static void MakeFirst(string file, Func<byte[]> newKey) => Change(file, () => File.Exists(file) ? null : newKey());

    /// <summary>Adds a key to the file, which wraps from now on; the others open still.</summary>
    public static void Add(string file, byte[] key) => Change(file, () => key);

    private static void Change(string file, Func<byte[]?> key)
    {
        try
        {
            MakeFolder(Path.GetDirectoryName(file)!);
            using var turn = TakeTurn(file);
            if (key() is { } added)
            {
                Write(file, added);
                CryptographicOperations.ZeroMemory(added);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The file of key-encryption keys {file} cannot be written: {e.Message}");
        }
    }

    /// <summary>Written whole under another name first: a crash leaves no half key file behind.</summary>
    private static void Write(string file, byte[] added)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var draft = $"{file}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        Span<byte> line = stackalloc byte[Base64.GetMaxEncodedToUtf8Length(SoftwareKek.KeyLength)];
        using (var stream = new FileStream(draft, options))
        {
            if (File.Exists(file))
            {
                var present = ReadPrivate(file, "The file of key-encryption keys");
                stream.Write(present);
                if (present is not [.., (byte)'\n'])
                {
                    stream.WriteByte((byte)'\n');
                }

                CryptographicOperations.ZeroMemory(present);
            }

            Base64.EncodeToUtf8(added, line, out _, out _);
            stream.Write(line);
            stream.WriteByte((byte)'\n');
            CryptographicOperations.ZeroMemory(line);
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, file, overwrite: true);
    }

    private static void MakeFolder(string folder)
    {
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
    }

    /// <summary>One process at a time changes the file. One that dies gives its turn back.</summary>
    private static FileStream TakeTurn(string file)
    {
        FileStream? turn = null;
        IOException? last = null;
        SpinWait.SpinUntil(
            () =>
            {
                try
                {
                    turn = new FileStream(file + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                }
                catch (IOException e)
                {
                    last = e;
                }

                return turn is not null;
            },
            OthersMayTake);
        return turn ?? throw last!;
    }
}
