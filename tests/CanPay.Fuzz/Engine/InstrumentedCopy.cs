using System.Security.Cryptography;

namespace CanPay.Fuzz.Engine;

/// <summary>This program once more, with the product's assemblies instrumented: what is shipped is never touched.</summary>
internal static class InstrumentedCopy
{
    private static readonly string[] Assemblies = ["canpay.dll", "CanPay.Iso8583.dll", "CanPay.Client.dll", "canpay-simulator.dll"];

    /// <summary>Written by whoever makes a program out of Razor pages and guides, not by hand, or never given anybody's input.</summary>
    private static readonly string[] LeftOut = ["CanPay.Gateway.Guide", "CanPay.Gateway.Storage", "AspNetCoreGeneratedDocument"];

    /// <summary>Where the last thing that the copy was made from is noted.</summary>
    private const string Mark = "made-from";

    /// <returns>The copy's program, to be run by <c>dotnet</c>.</returns>
    public static string Make()
    {
        var source = AppContext.BaseDirectory;
        var artifacts = Path.GetFullPath(Path.Combine(source, "../../.."));
        var target = Path.Combine(artifacts, "fuzz", "instrumented-" + Path.GetFileName(source.TrimEnd('/')));
        var program = Path.Combine(target, typeof(InstrumentedCopy).Assembly.GetName().Name + ".dll");
        Directory.CreateDirectory(Path.Combine(artifacts, "fuzz"));
        using var turn = TakeTurn(target + ".lock");
        var mark = string.Join('\n', Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => $"{Path.GetRelativePath(source, file)} {File.GetLastWriteTimeUtc(file).Ticks} {new FileInfo(file).Length}"));
        mark = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(mark)));
        if (File.Exists(Path.Combine(target, Mark)) && File.ReadAllText(Path.Combine(target, Mark)) == mark)
        {
            return program;
        }

        if (Directory.Exists(target))
        {
            Directory.Delete(target, recursive: true);
        }

        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        foreach (var assembly in Assemblies)
        {
            Instrument(Path.Combine(target, assembly), name => !LeftOut.Any(left => name.StartsWith(left, StringComparison.Ordinal)));
        }

        File.WriteAllText(Path.Combine(target, Mark), mark);
        return program;
    }

    private static void Instrument(string assembly, Func<string, bool> isMeant)
    {
        if (!SharpFuzz.Fuzzer.Instrument(assembly, isMeant, SharpFuzz.Options.Value).Any())
        {
            throw new InvalidOperationException($"{assembly} has nothing to instrument.");
        }
    }

    private static FileStream TakeTurn(string file)
    {
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                Thread.Sleep(100);
            }
        }
    }
}
