using CanPay.Faults.Site;

namespace CanPay.Faults.Trials;

/// <summary>As which of the last line's figures a trial counts.</summary>
internal enum Blow
{
    /// <summary>A process was killed.</summary>
    Kill,

    /// <summary>The power of a disk was cut.</summary>
    Cut,

    /// <summary>Network, disk, clock, a process that stood still.</summary>
    Fault,
}

/// <summary>Something that happens under load, and is over when <see cref="Strike"/> returns.</summary>
/// <param name="Quick">How often in the quick run.</param>
/// <param name="Long">How often in the long run.</param>
/// <param name="Blows">For how many it counts.</param>
internal sealed record Trial(string Name, Blow Blow, int Quick, int Long, Func<Stage, Task> Strike, int Blows = 1);

/// <summary>Trials that follow each other in one town.</summary>
/// <param name="Part">The command that runs it alone.</param>
/// <param name="Missing">What this machine lacks for it; none: nothing.</param>
internal sealed record Lane(string Name, string Part, Func<Task<Stage>> Open, IReadOnlyList<Trial> Trials, string? Missing = null);

/// <summary>A run that must lose what was acknowledged, or the lane beside it proves nothing.</summary>
/// <param name="Open">A careless town.</param>
/// <param name="Cut">Cuts the power, brings it back, and starts what has died.</param>
internal sealed record Control(string Name, string Part, Func<Task<Stage>> Open, Func<Stage, Task> Cut, string? Missing = null);

/// <summary>A town and what it stands on.</summary>
internal sealed class Stage(Town town) : IAsyncDisposable
{
    public Town Town => town;

    public LoopDisk? Power { get; init; }

    public SmallDisk? Small { get; init; }

    /// <summary>When the power was last cut.</summary>
    public DateTimeOffset? CutAt { get; set; }

    /// <summary>The file that says by how much the clocks of the gateways are wrong.</summary>
    public string? Clock { get; init; }

    public static async Task<Stage> Open(TownPlan plan) => new(await Town.Open(plan));

    public async ValueTask DisposeAsync()
    {
        await town.DisposeAsync();
        Power?.Dispose();
        Small?.Dispose();
        if (Clock is not null)
        {
            File.Delete(Clock);
        }
    }
}
