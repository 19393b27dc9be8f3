using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage.Sqlite;
using CanPay.Gateway.Webhooks;
using CanPay.Iso8583;

namespace CanPay.Simulation;

/// <summary>One seed: nodes, books, network, merchants and payers, from a morning's first payment until all is final.</summary>
internal sealed class World : IDisposable
{
    /// <summary>Payers come during this time; then it is calm, and what was begun must end.</summary>
    private static readonly TimeSpan Day = TimeSpan.FromMinutes(20);

    /// <summary>The longest way to an end: a page that expires, a window to verify, the quarantine, and repetitions between.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromMinutes(45);

    /// <summary>As the merchants' guide promises.</summary>
    private static readonly TimeSpan GuidesWindow = TimeSpan.FromMinutes(15);

    /// <summary>A write may be under way so long, or be repeated so long.</summary>
    private static readonly TimeSpan Unpunctual = TimeSpan.FromSeconds(60);

    /// <summary>A clock that was an hour fast has made work due an hour later.</summary>
    private static readonly TimeSpan LongestJump = TimeSpan.FromMinutes(60);

    private readonly List<Node> _nodes = [];
    private readonly Installation _installation;
    private readonly Dictionary<string, long> _payments = [];
    private readonly Dictionary<int, TimeSpan> _machines = [];
    private long _standbyHasAll;
    private long _clockSetAt;

    public World(ulong seed, int payments, PlantedBug bug, bool keepsTrace, Installation installation)
    {
        Seed = seed;
        Bug = bug;
        _installation = installation;
        Chance = new Chance(seed);
        Swarm = new Swarm(Chance);
        Trace = new Trace(Timeline, keepsTrace);
        Faults = new Faults(this);
        Books = new Books(installation.NewBooks(), Swarm.HasStandby);
        var clock = new StoreClock(this);
        Payments = new SqliteStore(Books, clock);
        Refunds = new SqliteRefunds(Payments, clock);
        Events = new SqliteWebhooks(Payments, clock);
        Network = new CardNetwork(this);
        Issuers = new Issuers(this);
        Endpoints = new Endpoints(this);
        Settings = new Settings(Swarm);
        bug.Change?.Invoke(Settings);
        bug.Sabotage?.Invoke(Books);
        for (var i = 0; i < Swarm.Nodes; i++)
        {
            SetMachine(i + 1, Swarm.OneClock ? TimeSpan.Zero : Chance.Seconds(-5, 5));
            _nodes.Add(new Node(this, i + 1));
        }

        Stories = [.. Enumerable.Range(1, payments).Select(number => new Story(this, number))];
    }

    public ulong Seed { get; }

    public PlantedBug Bug { get; }

    public Timeline Timeline { get; } = new();

    public Chance Chance { get; }

    public Swarm Swarm { get; }

    public Trace Trace { get; }

    public Faults Faults { get; }

    public Books Books { get; }

    public SqliteStore Payments { get; }

    public SqliteRefunds Refunds { get; }

    public SqliteWebhooks Events { get; }

    public CardNetwork Network { get; }

    public Issuers Issuers { get; }

    public Endpoints Endpoints { get; }

    public Settings Settings { get; }

    public IReadOnlyList<Story> Stories { get; }

    public SoftwareHsm Hsm => _installation.Hsm;

    public CardVault Vault => _installation.Vault;

    public SealedSecrets Secrets => _installation.Secrets;

    public IReadOnlyList<Merchant> Merchants => _installation.Merchants;

    /// <summary>What the product threw at its callers and should not.</summary>
    public List<string> Defects { get; } = [];

    /// <summary>The present by the store's clock.</summary>
    public DateTimeOffset StoreNow => Timeline.Now + StoreAhead;

    /// <summary>Nothing goes wrong any more.</summary>
    public bool IsCalm { get; private set; }

    /// <summary>How far the store's clock is ahead of the truth.</summary>
    private TimeSpan StoreAhead => Swarm.OneClock ? MachineAhead(1) : TimeSpan.Zero;

    /// <summary>Plays it all.</summary>
    /// <returns>What must not be; nothing where all is well.</returns>
    public IReadOnlyList<string> Play()
    {
        // An event like all others: from here on only the one thread touches anything.
        Timeline.After(TimeSpan.Zero, Dawn);
        Timeline.Run();
        Books.Dispose();
        return new Checker(this, _installation).Violations();
    }

    /// <summary>A node that takes requests, at random as a load balancer does; none while all are away.</summary>
    public Node? Any()
    {
        var up = _nodes.Where(node => node.IsUp).ToList();
        return up.Count == 0 ? null : Chance.Of(up);
    }

    public void Replace(Node gone)
    {
        var place = _nodes.IndexOf(gone);
        if (place >= 0)
        {
            gone.Life.Kill();
            _nodes[place] = new Node(this, gone.Number);
            _nodes[place].Start();
        }
    }

    public void TakeStoreDown(TimeSpan time)
    {
        Trace.Note(0, 20, $"store: down for {time.TotalSeconds:0.0} s");
        Books.IsDown = true;
        Timeline.After(time, () => Books.IsDown = false);
    }

    /// <summary>Until the standby has what is written now: it takes one write after the other.</summary>
    public TimeSpan Replication(TimeSpan lag)
    {
        _standbyHasAll = Math.Max(_standbyHasAll, Timeline.Ticks + lag.Ticks);
        return TimeSpan.FromTicks(_standbyHasAll - Timeline.Ticks);
    }

    public void FailOver(TimeSpan time)
    {
        TakeStoreDown(time); // first, so that it is down for those who wait as well
        var lost = Books.FailOver();
        _standbyHasAll = Timeline.Ticks;
        Trace.Note(0, 21, $"store: fails over, {lost} writes are gone");
    }

    /// <summary>Whose message it is, for the trace.</summary>
    public long PaymentOf(IsoMessage message) => message.GetText(37) is { } rrn ? _payments.GetValueOrDefault(rrn) : 0;

    /// <summary>How far the clock of that node's machine is ahead of the truth. It outlives the node.</summary>
    public TimeSpan MachineAhead(int node) => _machines.GetValueOrDefault(node);

    public void SetMachine(int node, TimeSpan by)
    {
        _machines[node] = MachineAhead(node) + by;
        _clockSetAt = Timeline.Ticks;
    }

    /// <summary>What can be judged only at the instant at which it is written.</summary>
    public void Watch(PaymentChange change, Lifeline writer)
    {
        Aim(change, writer);
        var (before, after) = (change.Before, change.After);
        if (after.Status is PaymentStatus.Verified && StoreNow >= before.VerifyDeadline)
        {
            Defects.Add($"payment {after.Id.Value} was verified {(StoreNow - before.VerifyDeadline.Value).TotalMilliseconds} ms after its deadline");
        }

        if (after.Status is PaymentStatus.Authorized && after.VerifyDeadline is { } deadline
            && (after.AuthorizedAt + GuidesWindow != deadline || (!Swarm.OneClock && (deadline - GuidesWindow - StoreNow).Duration() > Unpunctual)))
        {
            Defects.Add($"payment {after.Id.Value}: the merchant has {(deadline - StoreNow).TotalSeconds} s to verify");
        }

        // By a clock that is set back while the write is on its way it is before the deadline, and by the one that decided it was not.
        var isClockNew = Swarm.OneClock && Timeline.Ticks - _clockSetAt < Unpunctual.Ticks;
        if (after is { Status: PaymentStatus.Reversing, ReversalCause: ReversalCause.NotVerified } && StoreNow < before.VerifyDeadline && !isClockNew)
        {
            Defects.Add($"payment {after.Id.Value} was returned before its deadline");
        }
    }

    /// <summary>What chance alone would hardly bring: the server goes before its standby has it, the node before it knows.</summary>
    private void Aim(PaymentChange change, Lifeline writer)
    {
        if (change.After.Status is PaymentStatus.Verified && Faults.Happens(Swarm.AimedFailover))
        {
            Timeline.After(Chance.Ms(1, 200), () => FailOver(Chance.Seconds(1, 10)));
        }

        if (Faults.Happens(Swarm.AimedKill))
        {
            _nodes.Find(node => node.Life == writer)?.Kill(Chance.Seconds(0.1, 60));
        }
    }

    /// <summary>The payment with that token, for the trace.</summary>
    public long NumberOf(string token) => Payments.Reading(session => session.Number(
        $"SELECT coalesce((SELECT id FROM payments WHERE token = {token}), 0)"));

    /// <summary>That reference on the line is of this payment.</summary>
    public void Remember(string rrn, PaymentId payment) => _payments[rrn] = payment.Value;

    public void Dispose()
    {
        Timeline.Dispose();
        Settings.Limits.Dispose();
    }

    private void Dawn()
    {
        _nodes.ForEach(node => node.Start());
        Faults.Begin();
        foreach (var story in Stories)
        {
            Timeline.After(Chance.Between(TimeSpan.FromSeconds(1), Day), story.Begin);
        }

        Timeline.After(Day + TimeSpan.FromMinutes(16), BecomeCalm);
    }

    private void BecomeCalm()
    {
        Trace.Note(0, 30, $"calm");
        IsCalm = true;
        Books.IsDown = false;
        Network.Heal();
        _nodes.ForEach(node => node.GoOn());
        Look();
    }

    /// <summary>Ends the seed when all is final, or when the time for it is over.</summary>
    private void Look()
    {
        var isOver = Timeline.Ticks > (Day + TimeSpan.FromMinutes(16) + Calm + (Swarm.OneClock ? LongestJump : TimeSpan.Zero)).Ticks || Checker.IsQuiet(Books);
        if (isOver)
        {
            Timeline.Stop();
        }
        else
        {
            Timeline.After(TimeSpan.FromSeconds(10), Look);
        }
    }

    /// <summary>The clock of the database server.</summary>
    private sealed class StoreClock(World world) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => world.StoreNow;
    }
}
