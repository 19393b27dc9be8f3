using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace CanPay.Faults.Site;

/// <summary>
/// An ext4 file system in a file, whose power can be cut: from one moment on nothing reaches it any more, and what was not
/// forced to it is gone. Root only.
/// </summary>
internal sealed class LoopDisk : IDisposable
{
    /// <summary><c>FS_IOC_SHUTDOWN</c>, of which 2 is: not even the file system's own journal is flushed.</summary>
    private const ulong Shutdown = 0x8004587D;
    private const uint WithoutFlush = 2;
    private const int Tries = 50;

    private readonly string _folder = Directory.CreateTempSubdirectory("canpay-power-").FullName;

    public LoopDisk(int megabytes)
    {
        using (var image = File.Create(Image))
        {
            image.SetLength(megabytes * 1024L * 1024);
        }

        Run("mkfs.ext4", "-q", "-F", Image);
        Directory.CreateDirectory(Folder);
        Mount();
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_111_111);
        File.SetUnixFileMode(Folder, (UnixFileMode)0b111_111_111);
    }

    public string Folder => Path.Combine(_folder, "disk");

    private string Image => Path.Combine(_folder, "image");

    /// <summary>Everything that is there now is on the disk when this returns.</summary>
    public void Sync() => Run("sync", "-f", Folder);

    public void CutPower()
    {
        var descriptor = Open(Folder, 0);
        var mode = WithoutFlush;
        if (descriptor < 0 || Ioctl(descriptor, Shutdown, ref mode) != 0)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The power could not be cut: error {Marshal.GetLastPInvokeError()}."));
        }

        _ = Close(descriptor);
    }

    /// <summary>Power is back. Nobody may have anything open there.</summary>
    public void Restore()
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                Run("umount", Folder);
                break;
            }
            catch (InvalidOperationException) when (tries < Tries)
            {
                Thread.Sleep(100); // the kernel has not buried the last of the dead yet
            }
        }

        Mount();
    }

    public void Dispose()
    {
        Run("umount", "--lazy", Folder);
        Directory.Delete(_folder, recursive: true);
    }

    private void Mount() => Run("mount", "-o", "loop", Image, Folder);

    private static void Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed: {said}");
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);

    [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static extern int Ioctl(int descriptor, ulong request, ref uint argument);
}
