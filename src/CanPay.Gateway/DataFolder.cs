using CanPay.Gateway.Kernel;

namespace CanPay.Gateway;

/// <summary>The folder that holds everything an installation must not lose: database and keys.</summary>
public sealed class DataFolder
{
    private DataFolder(string path) => Path = path;

    /// <summary>Absolute.</summary>
    public string Path { get; }

    /// <summary>The embedded database.</summary>
    public string DatabaseFile => System.IO.Path.Combine(Path, "canpay.db");

    public string KeysFolder => System.IO.Path.Combine(Path, "keys");

    /// <summary>Finds the folder and makes it where it is missing.</summary>
    /// <exception cref="StartException">It cannot be made or written.</exception>
    public static DataFolder Open(StorageOptions options)
    {
        var path = System.IO.Path.GetFullPath(
            NotBlank(options.DataFolder) ?? NotBlank(Environment.GetEnvironmentVariable("CANPAY_DATA")) ?? "data");
        try
        {
            Directory.CreateDirectory(path);
            var probe = System.IO.Path.Combine(path, $".write-probe-{Environment.ProcessId}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException(
                $"The data folder {path} cannot be written: {e.Message} Give this user the right to write it, or name " +
                "another folder in CANPAY_DATA or Storage:DataFolder.");
        }

        return new DataFolder(path);
    }

    private static string? NotBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
