using System.Text.Json;

namespace CanPay.Faults.Trials;

/// <summary>A trial or control that is over, as a line of the results file.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Lane">Its lane, or the name of the control.</param>
/// <param name="Payments">That were begun in it.</param>
/// <param name="Verified">That a merchant was told are its own.</param>
/// <param name="Seconds">From the first payment to the comparison of the books.</param>
/// <param name="Violations">What was found; of a control: that it did not lose.</param>
internal sealed record Outcome(
    DateTimeOffset At, string Lane, string Trial, Blow Blow, int Blows, int Payments, int Verified, double Seconds, IReadOnlyList<string> Violations);

/// <summary>What came of all trials; with a file also of those of earlier runs.</summary>
/// <param name="file">None: nothing is kept.</param>
internal sealed class Tally(string? file, CancellationToken stop)
{
    private readonly Lock _lock = new();
    private readonly List<Outcome> _outcomes = file is not null && File.Exists(file)
        ? [.. File.ReadLines(file).Where(line => line.Length > 0).Select(line => JsonSerializer.Deserialize<Outcome>(line)!)]
        : [];

    public int Violations => Sum(outcome => outcome.Violations.Count);

    public string LastLine =>
        $"violations={Violations} payments={Sum(outcome => outcome.Payments)} kills={Blows(Blow.Kill)} cuts={Blows(Blow.Cut)} faults={Blows(Blow.Fault)}";

    /// <summary>Whoever stops this program may have stopped those that it started, too: what is found from then on proves nothing.</summary>
    public void Add(Outcome outcome)
    {
        lock (_lock)
        {
            if (stop.IsCancellationRequested && outcome.Violations.Count > 0)
            {
                Console.WriteLine($"{outcome.Lane,-20}  {outcome.Trial,-38}  stopped");
                return;
            }

            _outcomes.Add(outcome);
            if (file is not null)
            {
                File.AppendAllText(file, JsonSerializer.Serialize(outcome) + "\n");
            }

            Console.WriteLine(
                $"{outcome.Lane,-20}  {outcome.Trial,-38}  {outcome.Payments,5} payments, {outcome.Verified,5} verified, {outcome.Seconds,5:0.0} s  "
                + (outcome.Violations.Count == 0 ? "ok" : "WRONG"));
            foreach (var violation in outcome.Violations)
            {
                Console.WriteLine("    " + violation);
            }
        }
    }

    public int Count(string lane, string trial)
    {
        lock (_lock)
        {
            return _outcomes.Count(outcome => outcome.Lane == lane && outcome.Trial == trial);
        }
    }

    private int Blows(Blow blow) => Sum(outcome => outcome.Blow == blow ? outcome.Blows : 0);

    private int Sum(Func<Outcome, int> of)
    {
        lock (_lock)
        {
            return _outcomes.Sum(of);
        }
    }
}
