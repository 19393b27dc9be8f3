namespace CanPay.Fuzz.Engine;

/// <summary>An input for which something is not as it must be.</summary>
/// <param name="Kind"><c>exception</c>, <c>property</c>, <c>slow</c>, <c>memory</c>, <c>crash</c> or <c>hang</c>.</param>
/// <param name="What">Which one; the same fault has the same words.</param>
/// <param name="Hex">The input.</param>
internal sealed record Violation(string Target, string Kind, string What, string Hex)
{
    /// <summary>The same for the same fault: places and numbers in a message are left out.</summary>
    public string Key() => $"{Target} {Kind} {string.Concat(What.Where(c => !char.IsAsciiDigit(c)))}";
}

/// <summary>What became of a block.</summary>
/// <param name="Seconds">Of the processor.</param>
/// <param name="Accepted">Inputs that the target took; the others it refused.</param>
/// <param name="Found">Inputs that reached something new, the given ones not among them.</param>
internal sealed record BlockResult(
    string Target, ulong Seed, long Inputs, long Accepted, int Edges, int Found, double Seconds, IReadOnlyList<Violation> Violations);

/// <summary>A part of a campaign: the same seed and number of inputs are the same inputs.</summary>
/// <param name="IsBlind">Nothing that an input reaches is learned from: the control of what guidance is worth.</param>
internal sealed record Job(string Target, ulong Seed, long Inputs, bool IsBlind = false);
