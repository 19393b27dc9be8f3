using System.Diagnostics;

namespace CanPay.Testing;

/// <summary>A file system of a few megabytes, which a test can fill and empty.</summary>
/// <remarks>
/// Only root may mount. An ordinary user mounts in a namespace of its own, which a process keeps open. From outside it is
/// reached through that process's root; but SQLite follows links before it opens a file, and ends up outside again, so that
/// who keeps books there must enter.
/// </remarks>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _mountPoint = Directory.CreateTempSubdirectory("canpay-disk-").FullName;
    private readonly Process? _keeper;

    public SmallDisk(int megabytes)
    {
        var options = $"size={megabytes}m,mode=777";
        if (Environment.UserName == "root")
        {
            File.SetUnixFileMode(_mountPoint, (UnixFileMode)0b111_111_111);
            Run("mount", "-t", "tmpfs", "-o", options, "canpay-test", _mountPoint);
            (Folder, Inside, Entrance) = (_mountPoint, _mountPoint, []);
            return;
        }

        _keeper = Process.Start(new ProcessStartInfo(
            "unshare",
            ["--map-root-user", "--mount", "sh", "-c", $"mount -t tmpfs -o {options} canpay-test '{_mountPoint}' && echo mounted && exec cat"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        if (_keeper.StandardOutput.ReadLine() is not "mounted")
        {
            throw new InvalidOperationException("No disk could be mounted.");
        }

        (Folder, Inside) = ($"/proc/{_keeper.Id}/root{_mountPoint}", _mountPoint);
        Entrance = ["nsenter", "--target", $"{_keeper.Id}", "--user", "--mount", "--preserve-credentials"];
    }

    /// <summary>As this process reaches it.</summary>
    public string Folder { get; }

    /// <summary>As programs reach it that were started by <see cref="Entrance"/>.</summary>
    public string Inside { get; }

    /// <summary>The command line that starts what follows it where the disk is; nothing where it is everywhere.</summary>
    public IReadOnlyList<string> Entrance { get; }

    private string Ballast => Path.Combine(Folder, "ballast");

    /// <summary>Not a byte is left.</summary>
    public void Fill()
    {
        using var ballast = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var block = new byte[64 * 1024];
        for (var size = block.Length; size >= 512;)
        {
            try
            {
                ballast.Write(block, 0, size);
            }
            catch (IOException)
            {
                size /= 2;
            }
        }
    }

    public void Empty() => File.Delete(Ballast);

    public void Dispose()
    {
        if (_keeper is not null)
        {
            _keeper.Kill(entireProcessTree: true);
            _keeper.WaitForExit();
            _keeper.Dispose();
        }
        else
        {
            Run("umount", "--lazy", _mountPoint);
        }

        Directory.Delete(_mountPoint, recursive: true);
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed");
        }
    }
}
