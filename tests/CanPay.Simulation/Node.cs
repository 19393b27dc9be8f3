using CanPay.Gateway;
using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Api;
using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Refunds;
using CanPay.Gateway.Storage.Postgres;
using CanPay.Gateway.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CanPay.Simulation;

/// <summary>
/// One process of the gateway: the product's own objects, put together as its host does, on ports of the simulation. Started
/// again it is another of this class; the killed one stops wherever it waits.
/// </summary>
#pragma warning disable CA1001 // a process that ends gives nothing back; of a killed one nothing may run any more
internal sealed class Node
#pragma warning restore CA1001
{
    private readonly World _world;
    private readonly NodeClock _machine;
    private readonly TimeProvider _clock;
    private readonly SwitchConnection _line;
    private readonly PaymentJobs _jobs;
    private readonly WebhookDeliveries _webhooks;
    private readonly Dictionary<string, ApiCall> _api;

    public Node(World world, int number)
    {
        _world = world;
        Number = number;
        _machine = new NodeClock(world.Timeline, Life) { Ahead = world.Swarm.OneClock ? TimeSpan.Zero : world.Chance.Seconds(-5, 5) };
        _clock = world.Swarm.OneClock || world.Bug.UsesOwnClock ? _machine : ClockOfStore();
        var ports = new NodeStore(world, Life);
        Store = world.Bug.Of(ports, world);
        var acquiringStore = world.Bug.Of((IAcquiringStore)ports);
        var settings = world.Settings;
        var jobs = new JobSignal();
        _line = new SwitchConnection(
            acquiringStore, world.Hsm, settings.Acquiring, _clock, Log<SwitchConnection>(),
            line => line with { Connect = _ => world.Network.Connect(Life), Chance = world.Chance.Part });
        var acquirer = world.Bug.Of(new DirectAcquirer(
            _line, world.Hsm, world.Vault, new TraceNumbers(acquiringStore, _clock), settings.Acquiring, _clock, Log<DirectAcquirer>()));
        IRefundStore refunds = ports;
        var events = world.Bug.Of((IWebhookStore)ports);
        var holds = new HoldGate(Store, _clock);
        var returns = new ReturnPayment(Store, acquirer, jobs, _clock);
        Authorize = new AuthorizePayment(
            Store, acquirer, new PayingGate(holds, acquirer, _clock), settings.Clocks, jobs, _clock, Log<AuthorizePayment>());
        _jobs = new PaymentJobs(
            Store,
            [
                new DuePayments(Store, acquirer, settings.Clocks, _clock, settings.Jobs, settings.Acquiring, Log<DuePayments>()),
                new DueRefunds(refunds, Store, acquirer, _clock, settings.Jobs, Log<DueRefunds>()),
            ],
            jobs, _clock, settings.Jobs, Log<PaymentJobs>());
        _webhooks = new WebhookDeliveries(
            events,
            new Delivery(
                events, new WebhookSender(world.Endpoints.ClientOf(Life), settings.Webhooks, _clock), world.Secrets, settings.Webhooks, _clock, Log<Delivery>()),
            Store, _clock, settings.Webhooks, Log<WebhookDeliveries>());
        var begin = new BeginRefund(refunds, acquirer, jobs);
        _api = new()
        {
            ["token"] = new CreateToken(
                Store, holds, settings.PublicUrl, settings.Clocks, settings.Sandbox, _clock, Log<CreateToken>()).Handle,
            ["verify"] = new VerifyPayment(Store, returns, settings.Limits, settings.Refunds, _clock, Log<VerifyPayment>()).Handle,
            ["reverse"] = new ReversePayment(Store, returns, settings.Limits, _clock, Log<ReversePayment>()).Handle,
            ["refund"] = new RefundPayment(Store, refunds, begin, holds, settings.Limits, _clock, Log<RefundPayment>()).Handle,
        };
    }

    private delegate Task<Result<string>> ApiCall(HttpRequest request, RequestFields fields, Merchant merchant, CancellationToken ct);

    public int Number { get; }

    public Lifeline Life { get; } = new();

    public IPaymentStore Store { get; }

    public AuthorizePayment Authorize { get; }

    /// <summary>It takes requests.</summary>
    public bool IsUp { get; private set; }

    public void Start()
    {
        IsUp = true;
        _world.Trace.Note(0, 100 + Number, $"node {Number}: starts");
        _ = _line.StartAsync(CancellationToken.None);
        _ = _jobs.StartAsync(CancellationToken.None);
        _ = _webhooks.StartAsync(CancellationToken.None);
    }

    /// <summary>As <c>kill -9</c> does; another is started in its place after that time.</summary>
    public void Kill(TimeSpan away)
    {
        _world.Trace.Note(0, 200 + Number, $"node {Number}: killed, back in {away.TotalSeconds:0.0} s");
        IsUp = false;
        Life.Kill();
        _world.Timeline.After(away, () => _world.Replace(this));
    }

    /// <summary>As SIGSTOP does.</summary>
    public void Stop(TimeSpan time)
    {
        if (Life.IsStopped)
        {
            return;
        }

        _world.Trace.Note(0, 300 + Number, $"node {Number}: stopped for {time.TotalSeconds:0.0} s");
        Life.Stop();
        _world.Timeline.After(time, GoOn);
    }

    public void GoOn()
    {
        if (Life.IsStopped)
        {
            _world.Trace.Note(0, 400 + Number, $"node {Number}: goes on");
            Life.GoOn();
        }
    }

    /// <summary>As SIGTERM does: what is under way is finished, within the host's patience.</summary>
    public void Drain()
    {
        _world.Trace.Note(0, 500 + Number, $"node {Number}: drains");
        IsUp = false;
        _ = Drained();
    }

    /// <summary>Its clock is set, and set right again after a while.</summary>
    public void Jump(int seconds, TimeSpan time)
    {
        _world.Trace.Note(0, 600 + Number, $"node {Number}: the clock jumps by {seconds} s for {time.TotalSeconds:0.0} s");
        Set(TimeSpan.FromSeconds(seconds));
        _world.Timeline.After(time, () => Set(TimeSpan.FromSeconds(-seconds)));

        void Set(TimeSpan by)
        {
            _machine.Ahead += by;
            if (_world.Swarm.OneClock)
            {
                _world.StoreAhead = _machine.Ahead;
            }
        }
    }

    /// <summary>One call of a merchant's program, admitted.</summary>
    public async Task<Result<string>> Call(string operation, Merchant merchant, byte[] body, string? key)
    {
        var context = new DefaultHttpContext();
        context.Request.ContentType = "application/json";
        context.Request.Body = new MemoryStream(body);
        if (key is not null)
        {
            context.Request.Headers["Idempotency-Key"] = key;
        }

        return (await RequestFields.Read(context.Request, CancellationToken.None)).Refused(out var refusal, out var fields)
            ? refusal
            : await _api[operation](context.Request, fields, merchant, CancellationToken.None);
    }

    private async Task Drained()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(45), _clock);
        await _jobs.StopAsync(patience.Token);
        await _webhooks.StopAsync(patience.Token);
        await Authorize.StopAsync(patience.Token);
        await _line.StopAsync(patience.Token);
        Life.Kill();
        _world.Timeline.After(_world.Chance.Seconds(0.5, 10), () => _world.Replace(this));
    }

    /// <summary>The product's clock of nodes that share a database server, which is asked for the time again and again.</summary>
    private DatabaseClock ClockOfStore()
    {
        var clock = new DatabaseClock(_machine);
        clock.Set(_world.StoreNow, clock.GetTimestamp());
        Ask();
        return clock;

        void Ask()
        {
            var asked = clock.GetTimestamp();
            var theirs = _world.StoreNow;
            _world.Timeline.After(_world.Chance.Ms(0, 2 * _world.Swarm.Skew.TotalMilliseconds), () => Life.Deliver(() =>
            {
                clock.Set(theirs, asked);
                _ = _machine.CreateTimer(_ => Ask(), null, TimeSpan.FromSeconds(10), Timeout.InfiniteTimeSpan);
            }));
        }
    }

    private static NullLogger<T> Log<T>() => NullLogger<T>.Instance;
}

/// <summary>The settings of all nodes of a seed.</summary>
internal sealed class Settings
{
    public Settings(Swarm swarm)
    {
        Jobs = Options.Create(new JobOptions { PollMs = swarm.PollMs });
        Acquiring = Options.Create(new AcquiringOptions());
        Webhooks = Options.Create(new WebhookOptions { PollMs = swarm.PollMs * 2, MaxRetrySeconds = 60 });
    }

    public IOptions<JobOptions> Jobs { get; }

    public IOptions<AcquiringOptions> Acquiring { get; }

    public IOptions<WebhookOptions> Webhooks { get; }

    public IOptions<RefundOptions> Refunds { get; } = Options.Create(new RefundOptions());

    public IOptions<SandboxOptions> Sandbox { get; } = Options.Create(new SandboxOptions());

    public PublicUrl PublicUrl { get; } = new(Options.Create(new HttpOptions()));

    public RateLimits Limits { get; } = new(Options.Create(new HttpOptions
    {
        AddressRequestsPerSecond = 1_000_000,
        AddressBurst = 1_000_000,
        AddressRefusalsPerMinute = 1_000_000,
    }));

    public PaymentClocks Clocks { get; set; } = new(
        TimeSpan.FromSeconds(900), TimeSpan.FromSeconds(900), TimeSpan.FromSeconds(40), MaxDeclines: 5);
}
