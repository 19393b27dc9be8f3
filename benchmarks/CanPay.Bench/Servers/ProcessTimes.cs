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

    /// <summary>CPU seconds of the whole machine: used by anybody, and all there were.</summary>
    public static (double Busy, double All) OfMachine()
    {
        // user, nice, system, idle, waiting for disks, interrupts, soft interrupts, stolen by the host
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8)
            .Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return ((ticks.Sum() - ticks[3] - ticks[4]) / TicksPerSecond, ticks.Sum() / TicksPerSecond);
    }
}
