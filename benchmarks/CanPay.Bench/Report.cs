using System.Globalization;
using System.Text;

namespace CanPay.Bench;

/// <summary>The figures, as a table for people and as one line for programs.</summary>
internal sealed class Report(Plan plan)
{
    private readonly List<string[]> _rows = [];
    private readonly List<string[]> _cpu = [];
    private readonly List<(string Name, string Value)> _values = [];
    private readonly List<string> _notes = [];

    public static void Progress(string text) =>
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():HH:mm:ss}  {text}"));

    /// <summary>Ours against a reference of the same rounds: the ratio of the medians.</summary>
    public void Ratio(string name, string what, double ours, double reference, double target, string unit = "/s")
    {
        var ratio = ours / reference;
        _rows.Add([name, what, Number(ours) + unit, Number(reference) + unit, Two(ratio), ">= " + Plain(target), ratio >= target ? "met" : "NOT MET"]);
        _values.Add((name, Two(ratio)));
    }

    /// <summary>A figure without a reference; its target is a maximum, where it has one.</summary>
    public void Value(string name, string what, double value, string unit, double? atMost = null)
    {
        var met = atMost is not { } limit ? "" : value <= limit ? "met" : "NOT MET";
        _rows.Add([name, what, Short(value) + unit, "", "", atMost is { } most ? "<= " + Plain(most) : "report", met]);
        _values.Add((name, Short(value)));
    }

    /// <summary>For programs only.</summary>
    public void Also(string name, double value) => _values.Add((name, Short(value)));

    /// <summary>Where the CPU time of one payment, or of pgbench's transaction, goes.</summary>
    public void Cpu(string what, List<Sample> samples)
    {
        var cpu = samples.Select(sample => sample.Cpu!).ToList();
        _cpu.Add(
        [
            what, Number(samples.Median()), Of(c => c.Gateway), Of(c => c.Server), Of(c => c.Simulator), Of(c => c.Load), Of(c => c.Total),
            Verify(latency => latency.Median), Verify(latency => latency.P99),
        ]);

        string Verify(Func<Latency, double> part) => samples[0].Load is { Verify.Max: > 0 } ? Short(Rounds.Median(samples.Select(sample => part(sample.Load!.Verify)))) : "";

        string Of(Func<CpuMicros, double> part) => Number(Rounds.Median(cpu.Select(part)));
    }

    public void Note(string text) => _notes.Add(text);

    /// <summary>The last line is <c>name=value</c> pairs.</summary>
    public string Print(string machine)
    {
        var text = new StringBuilder().AppendLine().AppendLine(machine).AppendLine();
        Table(text, ["figure", "what", "ours", "reference", "ratio", "target", ""], _rows);
        if (_cpu.Count > 0)
        {
            text.AppendLine().AppendLine("CPU microseconds for one payment (transaction, token) at full load, and latency of verify; medians of the rounds").AppendLine();
            Table(text, ["load", "per second", "gateway", "server", "simulator", "client", "together", "verify p50 ms", "p99 ms"], _cpu);
        }

        text.AppendLine();
        _notes.ForEach(note => text.AppendLine("- " + note));
        text.AppendLine().Append(string.Join(' ', _values.Prepend(("mode", plan.Name)).Select(pair => $"{pair.Item1}={pair.Item2}")));
        return text.ToString();
    }

    private static void Table(StringBuilder text, string[] head, List<string[]> rows)
    {
        var widths = head.Select((name, i) => rows.Select(row => row[i].Length).Append(name.Length).Max()).ToArray();
        Line(head);
        text.AppendLine("|" + string.Join('|', widths.Select(width => new string('-', width + 2))) + "|");
        rows.ForEach(Line);

        void Line(string[] cells) => text.AppendLine("| " + string.Join(" | ", cells.Select((cell, i) => cell.PadRight(widths[i]))) + " |");
    }

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Two(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Plain(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Short(double value) => value.ToString(value is > 100 or 0 ? "0" : "0.0", CultureInfo.InvariantCulture);
}
