using System.Net;
using CanPay.Gateway;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage;
using CanPay.Gateway.Storage.Postgres;
using CanPay.Tests.EndToEnd;
using CanPay.Tests.Payments;
using Npgsql;

namespace CanPay.Tests.Faults;

/// <summary>A primary that must wait for its standby, and a standby that does not answer any more.</summary>
public sealed class StandbyTests : IAsyncDisposable
{
    private static readonly MerchantId Shop = new(1);

    private readonly PostgresServer _primary = new();
    private readonly TcpProxy _line;
    private readonly PostgresServer _standby;
    private readonly string _name;
    private readonly string _database;

    public StandbyTests()
    {
        _name = _primary.NewDatabase();
        _database = _primary.ConnectionString(_name);
        _line = new TcpProxy(_primary.Port);
        _standby = _primary.NewStandby(_line.Port);
    }

    public async ValueTask DisposeAsync()
    {
        await _line.DisposeAsync();
        _primary.Dispose();
        _standby.Dispose();
    }

    [Fact]
    public async Task While_the_standby_is_silent_nothing_is_acknowledged_and_nothing_is_told_from_what_can_be_seen()
    {
        await _primary.DemandStandby();
        await using var world = await World.Start(
            EngineKind.Postgres, $"--Storage:Postgres={_database}", "--Storage:AnswerTimeoutSeconds=2", "--Acquiring:ResolveGraceSeconds=60");
        var load = new PaymentLoad(world.Http);
        var paid = default(string);
        await Wait.Until("a payment comes through", async () => (paid = await load.PayAndVerify(World.ApprovedCard)) is not null);
        var token = await world.Token();
        using var browser = world.NewBrowser();
        await browser.Pay(token);
        await world.UntilStatus(token, PaymentStatus.Authorized);

        _line.Stall();

        Assert.Null(await load.Token());
        Assert.Null(await load.Verify(token));
        Assert.Null(await load.Verify(paid!)); // durable for long, but nobody could say so now
        await Wait.Until("the verification can be seen, though no standby has it", async () =>
        {
            await GiveUpWaiting();
            return (await Sql.Texts(_database, $"SELECT status FROM payments WHERE token = '{token}'"))[0] == "Verified";
        });
        Assert.Null(await load.Verify(token));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await world.Http.GetAsync("/health/ready")).StatusCode);
        Assert.Equal(4, load.TryAgain);

        _line.Flow();
        await Wait.Until("the gateway works again", async () => await load.Verify(token) is not null);
        await Wait.Until("what was told before is told again", async () => await load.Verify(paid!) == load.Verified[paid!]);
        Assert.Empty(load.WrongAnswers);
        await world.AssertHealthy();
    }

    [Fact]
    public async Task A_wait_for_the_standby_that_is_given_up_is_no_success()
    {
        await MakeShop();
        await _primary.DemandStandby();
        await using var node = new Node(_database, answerTimeoutSeconds: 60);
        _line.Stall();

        foreach (var write in (Func<Task>[])
        [
            () => node.Store.Create(A("47"), CancellationToken.None),
            () => node.Store.Beat("test", "node", SomePayment.Start, CancellationToken.None),
        ])
        {
            var outcome = Assert.ThrowsAsync<StoreUnavailableException>(write);
            await Wait.Until("the server gives up the wait", async () => await GiveUpWaiting() > 0);
            await outcome;
        }
    }

    /// <summary>The trial that says why: with the driver's own settings the same is a success, and the next failover loses it.</summary>
    [Fact]
    public async Task With_the_drivers_defaults_a_timed_out_commit_is_called_a_success_and_is_lost()
    {
        await Sql.Execute(_database, "CREATE TABLE told (who text)");
        await _primary.DemandStandby();
        _line.Stall();

        await Commit(_database + ";Pooling=false;Command Timeout=1", "by default");
        await Assert.ThrowsAnyAsync<NpgsqlException>(
            () => Commit(PostgresDatabase.Complete(_database + ";Pooling=false", answerTimeoutSeconds: 1), "by ours"));

        Assert.Contains("by default", await Sql.Texts(_database, "SELECT who FROM told"));
        _primary.Kill();
        _standby.Promote();
        Assert.Empty(await Sql.Texts(_standby.ConnectionString(_name), "SELECT who FROM told"));
    }

    [Fact]
    public async Task What_was_read_on_a_primary_that_has_been_replaced_is_not_told()
    {
        await MakeShop();
        await _primary.DemandStandby();
        await using var old = new Node(_database, answerTimeoutSeconds: 60);
        var payment = await Created(old.Store, A("47"));
        _line.Stall();
        var verdict = Assert.ThrowsAsync<StoreUnavailableException>(() => old.Store.Apply(
            new PaymentChange(payment, SomePayment.Taken(payment.Cancel("b1", SomePayment.Start)), "payer", SomePayment.Start)));
        await Wait.Until("the server gives up the wait", async () => await GiveUpWaiting() > 0);
        await verdict;
        var answer = new StoredAnswer("key", "hash", "{}", SomePayment.Start);
        var unheard = Assert.ThrowsAsync<StoreUnavailableException>(() => old.Store.Create(A("48") with { Answer = answer }, CancellationToken.None));
        await Wait.Until("the server gives up the wait", async () => await GiveUpWaiting() > 0);
        await unheard;
        var read = (await old.Store.Find(payment.Token, CancellationToken.None))!;
        Assert.Equal(PaymentStatus.Cancelled, read.Status);

        _standby.Promote();
        await using var present = new Node(_standby.ConnectionString(_name), answerTimeoutSeconds: 60);

        Assert.True(await present.Store.Settle(payment));
        Assert.False(await present.Store.Settle(read));
        Assert.False(await present.Store.Settle(Shop, answer));

        // Another move from the same version, and another payment under the same id, are not what was read either.
        var expired = SomePayment.Taken(payment.Expire(SomePayment.Later));
        Assert.Equal(ApplyResult.Applied, await present.Store.Apply(new PaymentChange(payment, expired, "clock", SomePayment.Later)));
        Assert.Equal(read.Version, expired.Version);
        Assert.False(await present.Store.Settle(read));
        Assert.False(await present.Store.Settle(expired with { Token = A("x").Token }));
        Assert.True(await present.Store.Settle(expired));
        var kept = await present.Store.KeepAnswer(Shop, answer, CancellationToken.None);
        Assert.True(await present.Store.Settle(Shop, kept));
    }

    /// <summary>As an operator or a stop of the server would: the wait ends, and the row can be seen. Returns how many waited.</summary>
    private async Task<int> GiveUpWaiting() =>
        (await Sql.Texts(_database, "SELECT pg_cancel_backend(pid)::text FROM pg_stat_activity WHERE wait_event = 'SyncRep'")).Count;

    private Task MakeShop() => Sql.Execute(
        _database,
        """
        INSERT INTO merchants (id, code, name, status, addresses, domains, min_amount_rials, max_amount_rials,
            referrer_policy, callback_method, allow_http_callback, terminal_id, acceptor_id, category_code, created_at_ms, version)
        VALUES (1, '111-222-333-444', 'Shop', 'Active', '127.0.0.0/8', 'site.com', 1000, 2000000000, 'Explain', 'Post', FALSE,
            '00000001', '000000000000001', '5999', 0, 1)
        """);

    private static NewPayment A(string invoice) => new(
        Shop, PaymentToken.New(DateTimeOffset.UnixEpoch), invoice, new Rials(10_000), new Uri("https://site.com/verify"), null,
        SomePayment.Start, SomePayment.Start.AddMinutes(15));

    private static async Task<Payment> Created(PostgresStore store, NewPayment payment)
    {
        Assert.IsType<CreateResult.Created>(await store.Create(payment, CancellationToken.None));
        return (await store.Find(payment.Token, CancellationToken.None))!;
    }

    private static async Task Commit(string connectionString, string who)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        PostgresServer.Execute(connection, $"INSERT INTO told VALUES ('{who}')");
#pragma warning disable RS0030 // what it does is the question here
        await transaction.CommitAsync();
#pragma warning restore RS0030
    }

    private sealed class Node : IAsyncDisposable
    {
        private readonly PostgresDatabase _database;

        public Node(string connectionString, int answerTimeoutSeconds)
        {
            _database = new PostgresDatabase(connectionString, answerTimeoutSeconds);
            Store = new PostgresStore(_database, new StorageOptions());
        }

        public PostgresStore Store { get; }

        public async ValueTask DisposeAsync()
        {
            await Store.DisposeAsync();
            await _database.DisposeAsync();
        }
    }
}
