using System.Globalization;

namespace CanPay.Bench;

/// <summary>CPU times of a process in seconds, from its <c>stat</c> file.</summary>
/// <param name="EndedChildren">Of children that have ended and were waited for.</param>
internal sealed record ProcessTimes(int Pid, int Parent, double Own, double EndedChildren)
{
    private const double TicksPerSecond = 100;

    /// <returns>None where the process has just ended.</returns>
    public static ProcessTimes? Read(string folder)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return new ProcessTimes(
                int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture),
                int.Parse(fields[1], CultureInfo.InvariantCulture),
                (Ticks(11) + Ticks(12)) / TicksPerSecond,
                (Ticks(13) + Ticks(14)) / TicksPerSecond);

            double Ticks(int index) => double.Parse(fields[index], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
