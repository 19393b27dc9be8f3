namespace CanPay.Gateway.Operations;

/// <summary>An invariant that does not hold.</summary>
internal sealed record Finding(string Invariant, string Meaning, int Count, IReadOnlyList<string> Examples);

/// <summary>What several questions at once find.</summary>
internal sealed class Findings
{
    private const int ShownAtMost = 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<Invariant, (int Count, List<string> Examples)> _violations = [];

    public void Add(Invariant invariant, string violation)
    {
        lock (_lock)
        {
            var (count, examples) = _violations.GetValueOrDefault(invariant, (0, []));
            if (count < ShownAtMost)
            {
                examples.Add(violation);
            }

            _violations[invariant] = (count + 1, examples);
        }
    }

    /// <returns>Null when nothing violates it.</returns>
    public Finding? Of(Invariant invariant)
    {
        lock (_lock)
        {
            return _violations.TryGetValue(invariant, out var found) ? new(invariant.Name, invariant.Meaning, found.Count, found.Examples) : null;
        }
    }
}
