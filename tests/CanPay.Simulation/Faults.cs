namespace CanPay.Simulation;

/// <summary>Draws what goes wrong, and counts it. In the calm at the end nothing does.</summary>
internal sealed class Faults(World world)
{
    private Swarm Swarm => world.Swarm;

    private Chance Chance => world.Chance;

    /// <summary>What went wrong on purpose so far.</summary>
    public long Count { get; private set; }

    public bool Happens(double probability)
    {
        if (world.IsCalm || probability <= 0 || !Chance.Is(probability))
        {
            return false;
        }

        Count++;
        return true;
    }

    public CallFate Reading() => Fate(isWrite: false, Happens(Swarm.ReadFails) ? CallEnding.NotDone : CallEnding.Told);

    public CallFate Writing() => Fate(
        isWrite: true, Happens(Swarm.WriteRefused) ? CallEnding.NotDone : Happens(Swarm.WriteUnknown) ? CallEnding.NotTold : CallEnding.Told);

    /// <summary>Begins what happens to the whole installation again and again, until it is calm.</summary>
    public void Begin()
    {
        Again(Swarm.StoreDownEvery, () => world.TakeStoreDown(Chance.Seconds(0.2, 30)));
        if (Swarm.HasStandby)
        {
            Again(Swarm.FailoverEvery, () => world.FailOver(Chance.Seconds(1, 15)));
        }

        Again(Swarm.KillEvery, () => world.Any()?.Kill(Chance.Seconds(0.1, 120)));
        Again(Swarm.StopEvery, () => world.Any()?.Stop(Chance.Is(0.3) ? Chance.Seconds(60, 200) : Chance.Seconds(0.1, 20)));
        Again(Swarm.DrainEvery, () => world.Any()?.Drain());
        Again(Swarm.JumpEvery, () => world.Any()?.Jump(Chance.Of([-3_600, -60, -2, 2, 60, 3_600]), Chance.Seconds(1, 300)));
        Again(Swarm.LineDropEvery, () => world.Network.DropOne());
        Again(Swarm.LineDeafEvery, () => world.Network.DeafenOne());
        Again(Swarm.NetworkDownEvery, () => world.Network.GoAway(Chance.Seconds(1, 120)));
    }

    private CallFate Fate(bool isWrite, CallEnding ending) => new(
        isWrite,
        Travel(),
        Travel(),
        TimeSpan.FromMilliseconds(world.IsCalm ? 1 : Swarm.ReplicationLagMs * Chance.Part()),
        ending);

    private TimeSpan Travel() => Happens(Swarm.StoreSlow) ? Chance.Seconds(0.05, 5) : TimeSpan.FromMicroseconds(100 + (400 * Chance.Part()));

    private void Again(TimeSpan every, Action happen)
    {
        if (every > TimeSpan.FromDays(1))
        {
            return;
        }

        world.Timeline.After(every * (0.5 + Chance.Part()), () =>
        {
            if (!world.IsCalm)
            {
                Count++;
                happen();
                Again(every, happen);
            }
        });
    }
}
