using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace CanPay.Simulation;

/// <summary>What happened, as a number that two runs of a seed must agree on; and in words, where somebody wants to read it.</summary>
internal sealed class Trace(Timeline timeline, bool keeps)
{
    private readonly List<(long Ticks, long Payment, string Text)> _lines = [];

    public bool Keeps => keeps;

    /// <summary>Over everything that happened, in its order.</summary>
    public ulong Hash { get; private set; } = 0xCBF29CE484222325;

    /// <param name="payment">Whose story it belongs to; 0: everybody's.</param>
    public void Note(long payment, long what, [InterpolatedStringHandlerArgument("")] TraceText text)
    {
        Mix(timeline.Ticks);
        Mix(payment);
        Mix(what);
        if (keeps)
        {
            _lines.Add((timeline.Ticks, payment, text.ToString()));
        }
    }

    /// <summary>The story of one payment, with what happened to everybody meanwhile; 0: all stories.</summary>
    public IEnumerable<string> Lines(long payment)
    {
        var own = _lines.Where(line => line.Payment == payment).ToList();
        var (from, to) = own.Count > 0 ? (own[0].Ticks, own[^1].Ticks) : (0, long.MaxValue);
        return _lines
            .Where(line => payment == 0 || line.Payment == payment || (line.Payment == 0 && line.Ticks >= from && line.Ticks <= to))
            .Select(line => $"{Timeline.Beginning.AddTicks(line.Ticks):HH:mm:ss.fff}  {(payment == 0 && line.Payment != 0 ? $"[{line.Payment}] " : "")}{line.Text}");
    }

    /// <summary>The payment of which there is most to tell.</summary>
    public long Richest() => _lines.Where(line => line.Payment != 0).GroupBy(line => line.Payment).MaxBy(lines => lines.Count())?.Key ?? 0;

    private void Mix(long value)
    {
        unchecked
        {
            Hash = (Hash ^ (ulong)value) * 0x100000001B3;
            Hash ^= Hash >> 29;
        }
    }
}

/// <summary>Words that cost nothing where nobody reads them.</summary>
[InterpolatedStringHandler]
internal readonly ref struct TraceText
{
    private readonly StringBuilder? _text;

    public TraceText(int literalLength, int formattedCount, Trace trace, out bool isWanted)
    {
        isWanted = trace.Keeps;
        _text = isWanted ? new StringBuilder(literalLength + (8 * formattedCount)) : null;
    }

    public void AppendLiteral(string text) => _text!.Append(text);

    public void AppendFormatted<T>(T value) => _text!.Append(value);

    public void AppendFormatted(IFormattable value, string format) => _text!.Append(value.ToString(format, CultureInfo.InvariantCulture));

    public void AppendFormatted(DateTimeOffset? value, string format) => _text!.Append(value?.ToString(format, CultureInfo.InvariantCulture) ?? "never");

    public override string ToString() => _text?.ToString() ?? "";
}
