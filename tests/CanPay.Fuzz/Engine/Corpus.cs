using System.Globalization;
using System.Text;

namespace CanPay.Fuzz.Engine;

/// <summary>Inputs in a text file for each target: one a line, what is not printable ASCII as <c>\xNN</c>; lines with <c>#</c> say something.</summary>
internal static class Corpus
{
    public static IReadOnlyList<byte[]> Of(Target target)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "Corpus", target.Name + ".txt");
        IEnumerable<byte[]> inputs = File.Exists(file) ? File.ReadLines(file).Where(line => line.Length > 0 && line[0] != '#').Select(Parse) : [];
        return [.. inputs.DefaultIfEmpty([])];
    }

    public static string Line(ReadOnlySpan<byte> input)
    {
        var line = new StringBuilder();
        foreach (var b in input)
        {
            _ = b is > 0x20 and < 0x7F and not (byte)'\\' and not (byte)'#' || (b is 0x20 && line.Length > 0)
                ? line.Append((char)b)
                : line.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
        }

        return line.Length == 0 ? "\\x" : line.ToString();
    }

    public static byte[] Parse(string line)
    {
        var input = new List<byte>(line.Length);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] != '\\')
            {
                input.Add((byte)line[i]);
            }
            else if (i + 3 < line.Length)
            {
                input.Add(byte.Parse(line.AsSpan(i + 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 3;
            }
            else
            {
                break; // the empty input
            }
        }

        return [.. input];
    }
}
