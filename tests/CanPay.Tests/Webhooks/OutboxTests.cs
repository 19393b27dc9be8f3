using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Webhooks;
using CanPay.Tests.Payments;
using CanPay.Tests.Storage;

namespace CanPay.Tests.Webhooks;

/// <summary>Events in the books, on both engines: born with their move, claimed by one, in order.</summary>
public abstract class OutboxTests : IAsyncDisposable
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly DeliveryLimits Limits = new(
        Lease: TimeSpan.FromSeconds(30), PerEndpoint: 3, FailuresBeforePause: 2, Pause: TimeSpan.FromSeconds(10), MaxPause: TimeSpan.FromSeconds(15));

    private readonly StoreEngine _engine;
    private readonly RetentionBooks _books;
    private int _endpoints;

    private protected OutboxTests(StoreEngine engine)
    {
        _engine = engine;
        _books = new RetentionBooks(engine);
        engine.SetNow(SomePayment.Start);
        engine.Execute(
            """
            INSERT INTO merchants (id, code, name, status, addresses, domains, min_amount_rials, max_amount_rials,
                referrer_policy, callback_method, allow_http_callback, terminal_id, acceptor_id, category_code, created_at_ms, version)
            VALUES (2, '222-222-333-444', 'Other', 'Active', '', '', 1000, 2000000000, 'Explain', 'Post', FALSE, '00000002', '000000000000002', '5999', 0, 1)
            """);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _engine.DisposeAsync();
    }

    [Theory]
    [InlineData("Authorized", "payment.paid")]
    [InlineData("Verified", "payment.paid payment.verified")]
    [InlineData("Reversed", "payment.paid payment.reversed")]
    [InlineData("Reversing", "")]
    [InlineData("Failed", "payment.failed")]
    [InlineData("Expired", "payment.expired")]
    [InlineData("Cancelled", "payment.cancelled")]
    [InlineData("Authorizing", "")]
    public async Task A_move_is_told_and_nothing_else_is(string status, string types)
    {
        Endpoint();

        var payment = await _books.Add(Enum.Parse<PaymentStatus>(status), SomePayment.Start);

        Assert.Equal(types, string.Join(' ', Events()));
        Assert.All(_engine.Strings("SELECT key FROM webhook_events"), key => Assert.Matches("^evt_[0-9a-f]{26}$", key));
        Assert.Equal(
            _engine.Strings($"SELECT CAST(at_ms AS text) FROM transitions WHERE payment_id = {payment.Id.Value} AND to_status IN ('Authorized', 'Verified', 'Reversed', 'Failed', 'Expired', 'Cancelled') ORDER BY version"),
            _engine.Strings("SELECT CAST(at_ms AS text) FROM webhook_events ORDER BY id"));
    }

    [Fact]
    public async Task Who_has_no_active_endpoint_is_told_nothing()
    {
        Endpoint(merchant: 2);
        Endpoint(status: "Disabled");

        await _books.Add(PaymentStatus.Verified, SomePayment.Start);

        Assert.Empty(Events());
        Assert.Empty(_engine.Strings("SELECT '' FROM webhook_reminders"));
    }

    [Fact]
    public async Task An_endpoint_gets_what_it_asked_for()
    {
        var (all, some) = (Endpoint(), Endpoint(events: "payment.verified payment.failed"));

        await _books.Add(PaymentStatus.Verified, SomePayment.Start);

        Assert.Equal(
            [$"{all} payment.paid", $"{all} payment.verified", $"{some} payment.verified"],
            _engine.Strings("SELECT d.endpoint_id || ' ' || v.type FROM webhook_deliveries d JOIN webhook_events v ON v.id = d.event_id ORDER BY d.endpoint_id, d.id"));
    }

    [Fact]
    public async Task Of_moves_that_are_committed_together_the_one_that_is_undone_is_not_told()
    {
        Endpoint();
        var payments = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _books.Add(PaymentStatus.Authorized, SomePayment.Start)));
        var forbidden = payments[7].Id.Value;
        _engine.Execute(
            $"""
            INSERT INTO transfers (reference, template, debit_account, credit_account, amount_rials, at_ms, payment_id)
            VALUES ('{forbidden}:verification', 'verification', 'a', 'b', 1, 1, {forbidden})
            """);

        var results = await Task.WhenAll(payments.Select(async payment =>
        {
            try
            {
                return await _engine.Store.Apply(new PaymentChange(payment, SomePayment.Taken(payment.Verify(SomePayment.Start)), "test", SomePayment.Start));
            }
            catch (StoreRuleException)
            {
                return (ApplyResult?)null;
            }
        }));

        Assert.Equal(19, results.Count(result => result is ApplyResult.Applied));
        Assert.Equal(
            payments.Where(payment => payment.Id.Value != forbidden).Select(payment => payment.Id.Value).Order(),
            _engine.Strings("SELECT CAST(payment_id AS text) FROM webhook_events WHERE type = 'payment.verified'").Select(long.Parse).Order());
    }

    [Fact]
    public async Task A_move_that_comes_too_late_is_not_told()
    {
        Endpoint();
        var payment = await _books.Add(PaymentStatus.Authorized, SomePayment.Start);
        await _engine.Store.Apply(new PaymentChange(payment, SomePayment.Taken(payment.Verify(SomePayment.Start)), "test", SomePayment.Start));

        var later = payment.VerifyDeadline!.Value;
        Assert.Equal(ApplyResult.Moved, await _engine.Store.Apply(new PaymentChange(payment, SomePayment.Taken(payment.ReturnUnverified(later)), "test", later)));

        Assert.Equal(["payment.paid", "payment.verified"], Events());
    }

    [Fact]
    public async Task The_next_event_of_a_payment_waits_for_the_one_before_and_other_payments_do_not()
    {
        Endpoint();
        var one = await _books.Add(PaymentStatus.Verified, SomePayment.Start);
        var other = await _books.Add(PaymentStatus.Verified, SomePayment.Start);

        var first = await Claim();

        Assert.Equal([(one.Id, "payment.paid"), (other.Id, "payment.paid")], first.Select(Name));
        Assert.Empty(await Claim());
        await Finish(first[1], AttemptOutcome.Delivered);
        await Finish(first[0], AttemptOutcome.Failed, dueIn: TimeSpan.FromSeconds(5));
        _engine.Execute("UPDATE webhook_endpoints SET failures = 0");
        var second = await Claim();
        Assert.Equal([(other.Id, "payment.verified")], second.Select(Name));
        _engine.SetNow(SomePayment.Start.AddSeconds(5));
        var again = Assert.Single(await Claim());
        Assert.Equal((one.Id, "payment.paid", 1), (again.Payment!.Id, again.Event.Type, again.Attempts));
        await Finish(again, AttemptOutcome.Failed); // given up
        Assert.Equal((one.Id, "payment.verified"), Name(Assert.Single(await Claim())));
    }

    [Fact]
    public async Task A_claim_has_all_that_is_needed_to_send_it()
    {
        var endpoint = Endpoint();
        var payment = await _books.Add(PaymentStatus.Authorized, SomePayment.Start);

        var claimed = Assert.Single(await Claim());

        Assert.Equal(await _engine.Store.Find(payment.Id, Ct), claimed.Payment);
        Assert.Equal((endpoint, new Uri("https://site.com/hook")), (claimed.Endpoint.Id, claimed.Endpoint.Url));
        Assert.Equal([1, 2], claimed.Endpoint.Secret);
        Assert.Null(claimed.Endpoint.OldSecret);
        Assert.Equal((SomePayment.Start, SomePayment.Start), (claimed.BornAt, claimed.Event.At));
    }

    [Fact]
    public async Task What_another_table_adds_is_sent_like_a_move()
    {
        Endpoint();
        var payment = await _books.Add(PaymentStatus.Verified, SomePayment.Start);
        _engine.Execute(
            $$"""
            INSERT INTO webhook_events (key, merchant_id, payment_id, type, at_ms, refund, refunded_rials)
            VALUES ('evt_refund', 1, {{payment.Id.Value}}, 'payment.refunded', 1, '{"refund_id":"r1"}', 700)
            """);
        await Finish(Assert.Single(await Claim()), AttemptOutcome.Delivered);
        await Finish(Assert.Single(await Claim()), AttemptOutcome.Delivered);

        var claimed = Assert.Single(await Claim());

        Assert.Equal(("payment.refunded", """{"refund_id":"r1"}""", 700), (claimed.Event.Type, claimed.Event.Refund, claimed.Event.RefundedRials));
    }

    [Fact]
    public async Task Who_lost_the_lease_writes_nothing()
    {
        Endpoint();
        await _books.Add(PaymentStatus.Authorized, SomePayment.Start);
        var stalled = Assert.Single(await Claim());
        _engine.SetNow(SomePayment.Start + Limits.Lease);
        var other = Assert.Single(await Claim());

        Assert.False(await Finish(stalled, AttemptOutcome.Delivered));
        Assert.Equal(["Pending"], _engine.Strings("SELECT status FROM webhook_deliveries"));
        Assert.Empty(_engine.Strings("SELECT '' FROM webhook_attempts"));
        Assert.True(await Finish(other, AttemptOutcome.Delivered));
        Assert.False(await Finish(other, AttemptOutcome.Delivered));
        Assert.Equal(["Delivered 1 1"], _engine.Strings("SELECT status || ' ' || attempts || ' ' || (SELECT count(*) FROM webhook_attempts) FROM webhook_deliveries"));
    }

    [Fact]
    public async Task Twenty_that_claim_at_once_have_each_event_once()
    {
        Endpoint();
        Endpoint();
        for (var i = 0; i < 4; i++)
        {
            await _books.Add(PaymentStatus.Verified, SomePayment.Start);
        }

        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Claim(limits: Limits with { PerEndpoint = 100 })));

        var ids = claims.SelectMany(claim => claim).Select(claimed => claimed.Id).ToList();
        Assert.Equal(8, ids.Count);
        Assert.Equal(8, ids.Distinct().Count());
        Assert.All(claims.SelectMany(claim => claim), claimed => Assert.Equal("payment.paid", claimed.Event.Type));
    }

    [Fact]
    public async Task An_endpoint_has_its_places_and_a_dead_one_takes_none_from_others()
    {
        var (dead, alive) = (Endpoint(), Endpoint());
        for (var i = 0; i < 5; i++)
        {
            await _books.Add(PaymentStatus.Authorized, SomePayment.Start);
        }

        var claimed = await Claim();
        Assert.Equal([dead, dead, dead, alive, alive, alive], claimed.Select(one => one.Endpoint.Id).Order());
        foreach (var one in claimed)
        {
            await Finish(one, one.Endpoint.Id == dead ? AttemptOutcome.Failed : AttemptOutcome.Delivered, dueIn: one.Endpoint.Id == dead ? TimeSpan.FromSeconds(1) : null);
        }

        _engine.SetNow(SomePayment.Start.AddSeconds(5));
        Assert.Equal([alive, alive], (await Claim()).Select(one => one.Endpoint.Id)); // three failures in a row: left alone for 15 s
        _engine.SetNow(SomePayment.Start.AddSeconds(15));
        var probe = Assert.Single(await Claim());
        Assert.Equal(dead, probe.Endpoint.Id);
        await Finish(probe, AttemptOutcome.Delivered);
        Assert.Equal(3, (await Claim()).Count); // it lives again: all its places
    }

    [Fact]
    public async Task Gone_disables_the_endpoint_and_what_waits_waits()
    {
        Endpoint();
        await _books.Add(PaymentStatus.Verified, SomePayment.Start);

        await Finish(Assert.Single(await Claim()), AttemptOutcome.Gone);

        Assert.Equal(["Disabled: it answered 410 Gone"], _engine.Strings("SELECT status || ': ' || note FROM webhook_endpoints"));
        Assert.Equal(["GivenUp", "Pending"], _engine.Strings("SELECT status FROM webhook_deliveries ORDER BY id"));
        Assert.Empty(await Claim());
        _engine.Execute("UPDATE webhook_endpoints SET status = 'Active'");
        Assert.Equal("payment.verified", Assert.Single(await Claim()).Event.Type);
    }

    [Fact]
    public async Task Who_does_not_verify_is_reminded_once_and_in_time()
    {
        Endpoint();
        var waiting = await _books.Add(PaymentStatus.Authorized, SomePayment.Start);
        await _books.Add(PaymentStatus.Verified, SomePayment.Start);
        var before = TimeSpan.FromMinutes(5);

        Assert.Equal(0, await _engine.Webhooks.Remind(before, 10));
        _engine.SetNow(waiting.VerifyDeadline!.Value - before);
        var looked = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _engine.Webhooks.Remind(before, 10)));

        Assert.Equal(2, looked.Sum());
        Assert.Equal([$"{waiting.Id.Value}"], _engine.Strings("SELECT CAST(payment_id AS text) FROM webhook_events WHERE type = 'payment.unverified_soon'"));
        Assert.Equal(0, await _engine.Webhooks.Remind(TimeSpan.FromDays(1), 10));
        Assert.Equal(PaymentStatus.Authorized, (await Claim()).Select(claimed => claimed.Event.Told).First());
    }

    [Fact]
    public async Task A_listener_gets_its_own_and_nobody_elses()
    {
        var listener = Endpoint();
        _engine.Execute($"UPDATE webhook_endpoints SET listened_until_ms = {SomePayment.Start.AddMinutes(1).ToUnixTimeMilliseconds()}");
        var endpoint = Endpoint();
        await _books.Add(PaymentStatus.Authorized, SomePayment.Start);

        Assert.Equal(endpoint, Assert.Single(await Claim()).Endpoint.Id);
        Assert.Equal(listener, Assert.Single(await _engine.Webhooks.Claim(10, Limits, listener, Ct)).Endpoint.Id);
        _engine.SetNow(SomePayment.Start.AddMinutes(2));
        await _engine.Webhooks.GiveUp(DateTimeOffset.UnixEpoch, 10);
        Assert.Equal(["Disabled", "Active"], _engine.Strings("SELECT status FROM webhook_endpoints ORDER BY id"));
    }

    [Fact]
    public async Task What_nobody_asked_for_in_time_is_given_up()
    {
        Endpoint();
        await _books.Add(PaymentStatus.Authorized, SomePayment.Start);
        await _books.Add(PaymentStatus.Authorized, SomePayment.Start.AddHours(1));

        Assert.Equal(1, await _engine.Webhooks.GiveUp(SomePayment.Start.AddMinutes(1), 10));

        Assert.Equal(["GivenUp", "Pending"], _engine.Strings("SELECT status FROM webhook_deliveries ORDER BY id"));
    }

    [Fact]
    public async Task Old_events_are_forgotten_when_nobody_waits_for_them()
    {
        Endpoint();
        await _books.Add(PaymentStatus.Authorized, SomePayment.Start);
        await _books.Add(PaymentStatus.Authorized, SomePayment.Start);
        await Finish((await Claim())[0], AttemptOutcome.Delivered);
        _engine.SetNow(SomePayment.Start.AddDays(40));
        await _books.Add(PaymentStatus.Authorized, SomePayment.Start.AddDays(40));

        Assert.Equal(1, await _engine.Webhooks.ForgetEvents(SomePayment.Start.AddDays(10), 10));

        Assert.Equal(["2", "3"], _engine.Strings("SELECT CAST(payment_id AS text) FROM webhook_events ORDER BY id"));
        Assert.Equal(2, _engine.Strings("SELECT '' FROM webhook_deliveries").Count);
        Assert.Empty(_engine.Strings("SELECT '' FROM webhook_attempts"));
    }

    [Fact]
    public async Task What_was_told_of_a_payment_goes_with_it()
    {
        Endpoint();
        var at = DateTimeOffset.UtcNow.AddDays(-60); // the tables themselves forbid to forget what is young
        _engine.SetNow(DateTimeOffset.UtcNow);
        await _books.Add(PaymentStatus.Cancelled, at);
        var kept = await _books.Add(PaymentStatus.Authorized, at);
        foreach (var claimed in await Claim())
        {
            await Finish(claimed, AttemptOutcome.Delivered);
        }

        Assert.Equal(1, (await _engine.Retention.ForgetPayments(DateTimeOffset.UtcNow.AddDays(-40), 100)).Forgotten);

        Assert.Equal([$"{kept.Id.Value}"], _engine.Strings("SELECT CAST(payment_id AS text) FROM webhook_events"));
        Assert.Single(_engine.Strings("SELECT '' FROM webhook_deliveries"));
        Assert.Single(_engine.Strings("SELECT '' FROM webhook_attempts"));
    }

    private static (PaymentId, string) Name(ClaimedDelivery claimed) => (claimed.Payment!.Id, claimed.Event.Type);

    private long Endpoint(int merchant = 1, string events = "*", string status = "Active")
    {
        var id = ++_endpoints;
        var bytes = _engine is SqliteStoreEngine ? "x'0102'" : @"'\x0102'";
        _engine.Execute(
            $"""
            INSERT INTO webhook_endpoints (id, key, merchant_id, url, events, status, active_since_ms, sealed_secret, created_at_ms)
            VALUES ({id}, 'whe_{id:00000000000000000000000000}', {merchant}, 'https://site.com/hook', '{events}', '{status}', 0, {bytes}, 0)
            """);
        return id;
    }

    private Task<IReadOnlyList<ClaimedDelivery>> Claim(DeliveryLimits? limits = null) => _engine.Webhooks.Claim(100, limits ?? Limits, listener: null, Ct);

    private Task<bool> Finish(ClaimedDelivery claimed, AttemptOutcome outcome, TimeSpan? dueIn = null) => _engine.Webhooks.Finish(
        new FinishedDelivery(claimed, new SendOutcome(outcome, 200, null, SomePayment.Start, 1), dueIn is { } time ? SomePayment.Start + time : null), Limits);

    private List<string> Events() => _engine.Strings("SELECT type FROM webhook_events ORDER BY id");
}

public sealed class SqliteOutboxTests() : OutboxTests(new SqliteStoreEngine());

public sealed class PostgresOutboxTests() : OutboxTests(new PostgresStoreEngine());

/// <summary>The gateway's role owns nothing: the tables' own triggers write with its rights.</summary>
public sealed class PostgresRolesOutboxTests() : OutboxTests(PostgresStoreEngine.WithRoles());
