namespace CanPay.Simulation;

/// <summary>
/// What kind of bad day a seed is: each draws its own mixture of evils, most of them absent, so that what only shows where one of
/// them is alone shows, too. Probabilities are per call or message, times from one such evil to the next.
/// </summary>
internal sealed class Swarm
{
    private static readonly TimeSpan Never = TimeSpan.FromDays(1000);

    public Swarm(Chance chance)
    {
        Nodes = chance.Of([1, 2, 2, 3]);
        OneClock = Nodes == 1 && chance.Is(0.5);
        MerchantHurry = chance.Part();
        DeadlineShare = chance.Is(0.7) ? 0.1 + (0.4 * chance.Part()) : 0;
        DoubleShare = chance.Evil(0.6);
        PollMs = chance.Of([1_000, 3_000, 5_000, 10_000]);

        WriteRefused = chance.Evil(0.02);
        WriteUnknown = chance.Evil(0.03);
        ReadFails = chance.Evil(0.01);
        StoreSlow = chance.Evil(0.05);
        StoreDownEvery = Every(chance, 0.4, 60, 900);
        FailoverEvery = Every(chance, 0.4, 60, 900);
        ReplicationLagMs = chance.Is(0.5) ? 2 : chance.Of([300, 3_000]) * chance.Part();

        AimedFailover = HasStandby && chance.Is(0.5) ? 0.2 * chance.Part() : 0;
        if (AimedFailover > 0)
        {
            DoubleShare = Math.Max(DoubleShare, 0.3);
        }

        AimedKill = chance.Evil(0.005);
        KillEvery = Every(chance, 0.5, 15, 600);
        StopEvery = Every(chance, 0.4, 60, 900);
        JumpEvery = Every(chance, OneClock ? 0.8 : 0.3, 60, OneClock ? 300 : 900); // there it is everybody's clock
        DrainEvery = Every(chance, 0.3, 120, 900);
        Skew = TimeSpan.FromMilliseconds(chance.Is(0.5) ? 0 : 50 * chance.Part());

        LineDropEvery = Every(chance, 0.5, 10, 600);
        LineDeafEvery = Every(chance, 0.3, 60, 900);
        NetworkDownEvery = Every(chance, 0.3, 120, 1_200);
        RequestLost = chance.Evil(0.15);
        RequestLate = chance.Evil(0.15);
        RequestTwice = chance.Evil(0.1);
        AnswerLost = chance.Evil(0.2);
        AnswerLate = chance.Evil(0.2);
        AnswerTwice = chance.Evil(0.1);
        AnswerWrong = chance.Evil(0.05);
        AnswerElsewhere = chance.Evil(0.5);
        CodeUnknown = chance.Evil(0.1);
        Declines = 0.05 + (0.25 * chance.Part());
        ReversalRefused = chance.Evil(0.2);
        RefundDeclined = chance.Evil(0.3);
        ForgetsReversals = chance.Is(0.5);

        ReplyLost = chance.Evil(0.2);
        EndpointFails = chance.Evil(0.5);
    }

    public int Nodes { get; }

    /// <summary>An installation on one machine: the store judges by the node's clock, and jumps with it.</summary>
    public bool OneClock { get; }

    public int PollMs { get; }

    /// <summary>Share of merchants' programs that verify at once.</summary>
    public double MerchantHurry { get; }

    /// <summary>Share of verifications aimed at the very deadline.</summary>
    public double DeadlineShare { get; }

    /// <summary>Share of payers and merchants that do everything twice, at two nodes at once.</summary>
    public double DoubleShare { get; }

    public double WriteRefused { get; }

    public double WriteUnknown { get; }

    public double ReadFails { get; }

    public double StoreSlow { get; }

    public TimeSpan StoreDownEvery { get; }

    public TimeSpan FailoverEvery { get; }

    public double ReplicationLagMs { get; }

    /// <summary>A server stands by to take over, with what it has until then.</summary>
    public bool HasStandby => FailoverEvery < Never && !OneClock;

    public double AimedFailover { get; }

    public double AimedKill { get; }

    public TimeSpan KillEvery { get; }

    public TimeSpan StopEvery { get; }

    public TimeSpan JumpEvery { get; }

    public TimeSpan DrainEvery { get; }

    public TimeSpan Skew { get; }

    public TimeSpan LineDropEvery { get; }

    public TimeSpan LineDeafEvery { get; }

    public TimeSpan NetworkDownEvery { get; }

    public double RequestLost { get; }

    public double RequestLate { get; }

    public double RequestTwice { get; }

    public double AnswerLost { get; }

    public double AnswerLate { get; }

    public double AnswerTwice { get; }

    public double AnswerWrong { get; }

    public double AnswerElsewhere { get; }

    public double CodeUnknown { get; }

    public double Declines { get; }

    public double ReversalRefused { get; }

    public double RefundDeclined { get; }

    /// <summary>The network answers "original not found" to a reversal that overtook its purchase, and forgets it.</summary>
    public bool ForgetsReversals { get; }

    /// <summary>Of our answers to merchants.</summary>
    public double ReplyLost { get; }

    public double EndpointFails { get; }

    private static TimeSpan Every(Chance chance, double share, double from, double to) =>
        chance.Is(share) ? chance.Seconds(from, to) : Never;
}
