using System.Data.Common;
using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using CanPay.Tests.Payments;

namespace CanPay.Tests.Storage;

/// <summary>What every engine of the store must do.</summary>
public abstract class PaymentStoreTests : IAsyncDisposable
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private readonly StoreEngine _engine;
    private readonly IPaymentStore _store;

    private protected PaymentStoreTests(StoreEngine engine)
    {
        _engine = engine;
        _store = engine.Store;
        engine.Execute(
            """
            INSERT INTO merchants (id, code, name, status, addresses, domains, min_amount_rials, max_amount_rials,
                referrer_policy, callback_method, allow_http_callback, terminal_id, acceptor_id, category_code,
                created_at_ms, version)
            VALUES (1, '111-222-333-444', 'Shop', 'Active', '127.0.0.0/8 ::1', 'site.com', 1000, 2000000000, 'Explain', 'Post', FALSE,
                    '00000001', '000000000000001', '5999', 0, 1),
                   (2, '222-222-333-444', 'Other', 'Active', '', '', 1000, 2000000000, 'Explain', 'Post', FALSE,
                    '00000002', '000000000000002', '5999', 0, 1)
            """);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task A_payment_comes_back_as_it_was_written()
    {
        var created = await Created("47");
        var authorization = SomePayment.AnAuthorization(created);
        var authorizing = SomePayment.Taken(created.BeginAuthorization(authorization, "b1", SomePayment.Clocks, SomePayment.Start));

        await Applied(new PaymentChange(created, authorizing, "payer", SomePayment.Start) { Authorization = authorization });

        Assert.Equal(authorizing, await _store.Find(created.Token, Ct));
        Assert.Equal(authorizing, await _store.Find(created.Id, Ct));
        var kept = await _store.FindAuthorization(created.Id, 1, Ct);
        Assert.Equal(authorization with { SealedCard = kept!.SealedCard }, kept);
        Assert.Equal(authorization.SealedCard, kept.SealedCard);
    }

    [Fact]
    public async Task Twenty_creations_of_one_invoice_at_once_make_one_payment()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _store.Create(A("47"), Ct)));

        var created = Assert.Single(results.OfType<CreateResult.Created>());
        Assert.All(results.OfType<CreateResult.InvoiceExists>(), exists => Assert.Equal(created.Id, exists.Payment.Id));
        Assert.Equal(19, results.OfType<CreateResult.InvoiceExists>().Count());
    }

    [Fact]
    public async Task Two_merchants_may_use_the_same_invoice()
    {
        await Created("47");

        Assert.IsType<CreateResult.Created>(await _store.Create(A("47") with { MerchantId = new MerchantId(2) }, Ct));
    }

    [Fact]
    public async Task A_token_that_is_taken_is_said_and_nothing_is_written()
    {
        var first = A("47");
        await _store.Create(first, Ct);

        Assert.IsType<CreateResult.TokenExists>(await _store.Create(A("48") with { Token = first.Token }, Ct));
        Assert.IsType<CreateResult.Created>(await _store.Create(A("48"), Ct));
    }

    [Fact]
    public async Task A_payment_that_somebody_else_moved_is_not_overwritten()
    {
        var created = await Created("47");
        var cancelled = SomePayment.Taken(created.Cancel("b1", SomePayment.Start));
        var expired = SomePayment.Taken(created.Expire(SomePayment.Later));

        var results = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => _store.Apply(new PaymentChange(created, i % 2 == 0 ? cancelled : expired, "test", SomePayment.Start))));

        Assert.Single(results, ApplyResult.Applied);
        Assert.Equal(19, results.Count(result => result is ApplyResult.Moved));
    }

    [Fact]
    public async Task Verify_return_and_reverse_race_on_one_row_and_one_of_them_wins()
    {
        var another = _engine.Another();
        for (var i = 0; i < 70; i++)
        {
            var authorized = await Authorized($"race-{i}");
            var verified = SomePayment.Taken(authorized.Verify(SomePayment.Start));
            var returned = SomePayment.Taken(authorized.ReturnUnverified(SomePayment.Later));

            var given = SomePayment.Taken(authorized.ReverseByMerchant(SomePayment.Start));
            var barrier = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

            // Who is the first to wait has a start, and is another each time.
            var racing = Task.WhenAll(new[] { verified, returned, given }.Select(async (after, k) =>
            {
                await barrier.Task;
                return await (((i + k) % 3) == 0 ? another : _store).Apply(new PaymentChange(authorized, after, "race", SomePayment.Start));
            }));
            barrier.SetResult();
            var results = await racing;

            Assert.Single(results, ApplyResult.Applied);
            var templates = Strings($"SELECT template FROM transfers WHERE payment_id = {authorized.Id.Value} ORDER BY id");
            Assert.Equal(["approval", results[0] is ApplyResult.Applied ? "verification" : "return"], templates);
        }
    }

    [Fact]
    public async Task A_write_whose_time_is_over_by_the_stores_clock_is_not_made()
    {
        var authorized = await Authorized("47");
        var change = new PaymentChange(authorized, SomePayment.Taken(authorized.Verify(SomePayment.Start)), "merchant", SomePayment.Start)
        {
            NotAfter = authorized.VerifyDeadline,
        };
        _engine.SetNow(authorized.VerifyDeadline!.Value);

        Assert.Equal(ApplyResult.TooLate, await _store.Apply(change));
        Assert.Equal(authorized, await _store.Find(authorized.Id, Ct));
    }

    [Fact]
    public async Task A_write_that_breaks_a_rule_fails_alone_and_leaves_nothing_behind()
    {
        var good = await Created("good");
        var bad = await Authorized("bad");
        var verified = SomePayment.Taken(bad.Verify(SomePayment.Start)) with { Rrn = null };

        var broken = Assert.ThrowsAsync<StoreRuleException>(
            () => _store.Apply(new PaymentChange(bad, verified, "merchant", SomePayment.Start)));
        var fine = _store.Apply(new PaymentChange(good, SomePayment.Taken(good.Cancel("b1", SomePayment.Start)), "payer", SomePayment.Start));

        await broken;
        Assert.Equal(ApplyResult.Applied, await fine);
        Assert.Equal(bad, await _store.Find(bad.Id, Ct));
        Assert.Equal(["approval"], Strings($"SELECT template FROM transfers WHERE payment_id = {bad.Id.Value}"));
    }

    [Fact]
    public async Task The_sealed_card_is_erased_when_the_payment_needs_it_no_more()
    {
        var authorized = await Authorized("47");
        Assert.NotNull((await _store.FindAuthorization(authorized.Id, 1, Ct))!.SealedCard);

        await Applied(new PaymentChange(authorized, SomePayment.Taken(authorized.Verify(SomePayment.Start)), "merchant", SomePayment.Start));

        Assert.Null((await _store.FindAuthorization(authorized.Id, 1, Ct))!.SealedCard);
    }

    [Fact]
    public async Task What_is_due_is_claimed_by_one_worker_at_a_time()
    {
        for (var i = 0; i < 30; i++)
        {
            await Created($"due-{i}");
        }

        _engine.SetNow(SomePayment.Later);

        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _store.ClaimDue(10, TimeSpan.FromMinutes(1), Ct)));

        Assert.Equal(30, claims.Sum(claim => claim.Count));
        Assert.Equal(30, claims.SelectMany(claim => claim).Select(payment => payment.Id).Distinct().Count());
    }

    [Fact]
    public async Task Nothing_is_claimed_before_its_time()
    {
        var created = await Created("47");

        _engine.SetNow(created.PageExpiresAt.AddMilliseconds(-1));
        Assert.Empty(await _store.ClaimDue(10, TimeSpan.FromMinutes(1), Ct));
        _engine.SetNow(created.PageExpiresAt);
        Assert.Single(await _store.ClaimDue(10, TimeSpan.FromMinutes(1), Ct));
    }

    [Fact]
    public async Task A_worker_that_lost_its_lease_writes_nothing()
    {
        await Created("47");
        var now = SomePayment.Later;
        _engine.SetNow(now);
        var stalled = Assert.Single(await _store.ClaimDue(10, TimeSpan.FromMinutes(1), Ct));
        _engine.SetNow(now.AddMinutes(2));
        var second = Assert.Single(await _store.ClaimDue(10, TimeSpan.FromMinutes(1), Ct));

        Assert.Equal(ApplyResult.Moved, await _store.Apply(Expiry(stalled)));
        Assert.False(await _store.Postpone(new Postponement(stalled, now.AddHours(1), "stalled")));
        Assert.Equal(ApplyResult.Applied, await _store.Apply(Expiry(second)));

        static PaymentChange Expiry(Payment claimed) =>
            new(claimed, SomePayment.Taken(claimed.Expire(SomePayment.Later)), "clock", SomePayment.Later) { LeaseEpoch = claimed.LeaseEpoch };
    }

    [Fact]
    public async Task A_parked_payment_is_not_due_any_more()
    {
        await Created("47");
        _engine.SetNow(SomePayment.Later);
        var claimed = Assert.Single(await _store.ClaimDue(10, TimeSpan.FromMinutes(1), Ct));

        Assert.True(await _store.Postpone(new Postponement(claimed, null, "refused")));

        _engine.SetNow(SomePayment.Later.AddDays(1));
        Assert.Empty(await _store.ClaimDue(10, TimeSpan.FromMinutes(1), Ct));
    }

    [Fact]
    public async Task An_answer_is_kept_with_the_payment_that_it_tells_of()
    {
        var answer = new StoredAnswer("key", "hash", "{}", SomePayment.Start);
        await _store.Create(A("47") with { Answer = answer }, Ct);

        var repeated = Assert.IsType<CreateResult.KeyExists>(await _store.Create(A("48") with { Answer = answer with { Body = "other" } }, Ct));

        Assert.Equal(answer, repeated.Answer);
        Assert.Equal(answer, await _store.FindAnswer(new MerchantId(1), "key", Ct));
        Assert.Null(await _store.FindAnswer(new MerchantId(2), "key", Ct));
    }

    [Fact]
    public async Task Trace_numbers_are_given_once()
    {
        var blocks = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _engine.Acquiring.ReserveTraceNumbers(100, Ct)));

        Assert.Equal(Enumerable.Range(0, 20).Select(i => i * 100L), blocks.Order());
    }

    [Fact]
    public async Task A_suspension_works_at_once()
    {
        Assert.Equal("Shop", (await _store.FindMerchant("111-222-333-444", Ct))!.Name);

        Execute("UPDATE merchants SET status = 'Suspended', version = 2 WHERE id = 1");

        Assert.Equal(Gateway.Merchants.MerchantStatus.Suspended, (await _store.FindMerchant("111-222-333-444", Ct))!.Status);
        Assert.Null(await _store.FindMerchant("999-999-999-999", Ct));
    }

    [Theory]
    [InlineData("UPDATE transfers SET amount_rials = 1")]
    [InlineData("DELETE FROM transfers")]
    [InlineData("UPDATE transitions SET cause = 'x'")]
    [InlineData("DELETE FROM transitions")]
    [InlineData("UPDATE network_messages SET event = 'x'")]
    [InlineData("DELETE FROM network_messages")]
    public async Task Books_and_history_are_append_only(string sql)
    {
        await Authorized("47");
        await _engine.Acquiring.Record([new NetworkMessage(SomePayment.Start, "late", "1210", null, null, null, null, null)], Ct);

        Assert.Contains("append only", Assert.ThrowsAny<DbException>(() => Execute(sql)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_store_refuses_instead_of_hanging()
    {
        var store = _engine.Another();
        if (store is IAsyncDisposable server)
        {
            await server.DisposeAsync();
        }
        else
        {
            ((IDisposable)store).Dispose();
        }

        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Create(A("47"), Ct));
    }

    private static NewPayment A(string invoice) => new(
        new MerchantId(1), NewToken(), invoice, new Rials(10_000), new Uri("https://site.com/verify"), null,
        SomePayment.Start, SomePayment.Start.AddMinutes(15));

    private static string NewToken() => System.Security.Cryptography.RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 30);

    private async Task<Payment> Created(string invoice)
    {
        var payment = A(invoice);
        Assert.IsType<CreateResult.Created>(await _store.Create(payment, Ct));
        return (await _store.Find(payment.Token, Ct))!;
    }

    private async Task<Payment> Authorized(string invoice)
    {
        var created = await Created(invoice);
        var authorization = SomePayment.AnAuthorization(created);
        var authorizing = SomePayment.Taken(created.BeginAuthorization(authorization, "b1", SomePayment.Clocks, SomePayment.Start));
        await Applied(new PaymentChange(created, authorizing, "payer", SomePayment.Start) { Authorization = authorization });
        var authorized = SomePayment.Taken(authorizing.CompleteAuthorization(SomePayment.Approval, SomePayment.Clocks, SomePayment.Start));
        await Applied(new PaymentChange(authorizing, authorized, "network", SomePayment.Start)
        {
            Authorization = authorization.With(SomePayment.Approval),
        });
        return authorized;
    }

    private async Task Applied(PaymentChange change) => Assert.Equal(ApplyResult.Applied, await _store.Apply(change));

    private void Execute(string sql) => _engine.Execute(sql);

    private List<string> Strings(string sql) => _engine.Strings(sql);
}

public sealed class SqlitePaymentStoreTests() : PaymentStoreTests(new SqliteStoreEngine());

public sealed class PostgresPaymentStoreTests() : PaymentStoreTests(new PostgresStoreEngine());

public sealed class PostgresRolePaymentStoreTests() : PaymentStoreTests(PostgresStoreEngine.WithRoles());
