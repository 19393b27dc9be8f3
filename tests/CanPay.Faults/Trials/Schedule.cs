namespace CanPay.Faults.Trials;

/// <summary>Which trials are still to be made, and which of them beside each other.</summary>
internal sealed class Schedule(Tally tally, CancellationToken stop)
{
    /// <summary>Much of a trial is waiting for deadlines: more towns than this machine has cores.</summary>
    private const int TownsAtOnce = 4;

    /// <summary>Trials after which a town is built anew: its books are read whole after each of them.</summary>
    private const int TrialsOfATown = 15;

    private readonly Referee _referee = new(tally, stop);

    /// <summary>Each as often as it is wanted, less what the tally has already.</summary>
    /// <param name="wanted">How often a trial is wanted in all.</param>
    public async Task Run(IReadOnlyList<Lane> lanes, IReadOnlyList<Control> controls, Func<Trial, int> wanted)
    {
        var queues = lanes.Where(lane => Can(lane.Name, lane.Missing))
            .Select(lane => Mixed(lane, wanted).Chunk(TrialsOfATown).Select(chunk => (Func<Task>)(() => _referee.Run(lane, chunk))).ToList())
            .Append([
                .. controls.Where(control => Can(control.Name, control.Missing) && tally.Count(control.Name, "control") == 0)
                    .Select(control => (Func<Task>)(() => _referee.Run(control))),
            ])
            .ToList();

        // In turns, so that a run that is stopped has something of all.
        var work = Enumerable.Range(0, queues.Max(queue => queue.Count)).SelectMany(i => queues.Where(queue => i < queue.Count).Select(queue => queue[i]));
        await Parallel.ForEachAsync(work, new ParallelOptions { MaxDegreeOfParallelism = TownsAtOnce }, async (one, _) =>
        {
            if (!stop.IsCancellationRequested)
            {
                await one();
            }
        });
    }

    /// <summary>The first trials of the quick run, and again from the beginning where more are asked for.</summary>
    /// <returns>How often each is wanted.</returns>
    public static Func<Trial, int> First(int cycles, IReadOnlyList<Lane> lanes)
    {
        var quick = lanes.Where(lane => lane.Missing is null).SelectMany(lane => lane.Trials).SelectMany(trial => Enumerable.Repeat(trial, trial.Quick)).ToList();
        var wanted = Enumerable.Range(0, quick.Count == 0 ? 0 : cycles).CountBy(i => quick[i % quick.Count]).ToDictionary();
        return trial => wanted.GetValueOrDefault(trial);
    }

    private List<Trial> Mixed(Lane lane, Func<Trial, int> wanted)
    {
        var left = lane.Trials.Select(trial => (Trial: trial, Count: wanted(trial) - tally.Count(lane.Name, trial.Name))).ToList();
        var mixed = new List<Trial>();
        for (var round = 0; left.Any(one => one.Count > round); round++)
        {
            mixed.AddRange(left.Where(one => one.Count > round).Select(one => one.Trial));
        }

        return mixed;
    }

    private static bool Can(string name, string? missing)
    {
        if (missing is not null)
        {
            Console.WriteLine($"{name}: NOT RUN, nothing of it is counted: {missing}.");
        }

        return missing is null;
    }
}
