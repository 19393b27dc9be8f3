using System.Diagnostics;

namespace CanPay.Bench.Ha;

/// <summary>Programs that run to their end.</summary>
internal static class Shell
{
    public static (int Code, string Output, string Error) Try(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    public static string Run(string program, params string[] arguments)
    {
        var (code, output, error) = Try(program, arguments);
        return code == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error.Trim()}");
    }

    /// <summary>One command line of words without blanks.</summary>
    public static void Ip(string words) => Run("ip", words.Split(' '));

    public static bool Finds(string program) => Try("/bin/sh", "-c", $"command -v {program}").Code == 0;
}
