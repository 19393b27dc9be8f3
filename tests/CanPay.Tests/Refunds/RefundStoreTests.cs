using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Refunds;
using CanPay.Tests.Storage;
using static CanPay.Tests.Payments.SomePayment;

namespace CanPay.Tests.Refunds;

/// <summary>What every engine's store of refunds must do.</summary>
public abstract class RefundStoreTests : IAsyncDisposable
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private readonly StoreEngine _engine;
    private readonly IRefundStore _refunds;

    private protected RefundStoreTests(StoreEngine engine)
    {
        _engine = engine;
        _refunds = engine.NewRefunds();
        engine.Execute(
            """
            INSERT INTO merchants (id, code, name, status, addresses, domains, min_amount_rials, max_amount_rials, referrer_policy, callback_method,
                allow_http_callback, terminal_id, acceptor_id, category_code, created_at_ms, version)
            VALUES (1, '111-222-333-444', 'Shop', 'Active', '', 'site.com', 1000, 2000000000, 'Explain', 'Post', FALSE,
                '00000001', '000000000000001', '5999', 0, 1)
            """);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _engine.DisposeAsync();
    }

    [Theory]
    [InlineData(nameof(RefundWay.Card))]
    [InlineData(nameof(RefundWay.Bank))]
    public async Task A_refund_comes_back_as_it_was_written(string way)
    {
        var payment = await Verified();

        var added = await Added(SomeRefund.Of(payment.Id, Enum.Parse<RefundWay>(way), "برگشت ۱"));

        Assert.Equal(added, await _refunds.Find(added.Id, Ct));
        Assert.Equal(added, await _refunds.Find(new MerchantId(1), "برگشت ۱", Ct));
        Assert.Equal([added], await _refunds.OfPayment(payment.Id, Ct));
        Assert.Null(await _refunds.Find(new MerchantId(2), "برگشت ۱", Ct));
        Assert.True(await _refunds.Settle(added));
        Assert.Equal(
            [$"{payment.Id.Value}:refund:{added.Id.Value}:request merchant.payable:1 payer.refunding 4000"], Postings());
    }

    [Fact]
    public async Task A_reference_is_used_once()
    {
        var payment = await Verified();
        var first = await Added(SomeRefund.Of(payment.Id, RefundWay.Bank));

        var second = await _refunds.Add(SomeRefund.Of(payment.Id, RefundWay.Bank, rials: 1));

        Assert.Equal(first, Assert.IsType<AddRefundResult.ReferenceExists>(second).Refund);
        Assert.Single(Postings());
    }

    /// <summary>Two nodes, all let go together, again and again.</summary>
    [Fact]
    public async Task However_many_come_at_once_not_more_is_refunded_than_was_paid()
    {
        IRefundStore[] nodes = [_refunds, _engine.NewRefunds()];
        for (var wave = 0; wave < 10; wave++)
        {
            var payment = await Verified();
            var barrier = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var adding = Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
            {
                await barrier.Task;
                return await nodes[i % 2].Add(SomeRefund.Of(payment.Id, RefundWay.Bank, $"{wave}-{i}", 3_000));
            }));
            barrier.SetResult();
            var results = await adding;

            Assert.Equal(3, results.OfType<AddRefundResult.Added>().Count());
            Assert.Equal(13, results.OfType<AddRefundResult.TooMuch>().Count());
            Assert.Equal(9_000, (await _refunds.OfPayment(payment.Id, Ct)).Sum(refund => refund.Amount.Amount));
        }

        Assert.Equal(30, Postings().Count);
        Assert.Equal(["9000"], _engine.Strings("SELECT DISTINCT CAST(refunded_rials AS text) FROM payment_refunds"));
    }

    [Fact]
    public async Task What_failed_may_be_refunded_again_and_what_is_over_stays_over()
    {
        var payment = await Verified();
        var refund = await Added(SomeRefund.Of(payment.Id, RefundWay.Bank, rials: 10_000));
        Assert.IsType<AddRefundResult.TooMuch>(await _refunds.Add(SomeRefund.Of(payment.Id, RefundWay.Bank, "r2", 1)));
        var failed = SomeRefund.Taken(refund.NotPaid("closed", Start));
        var paid = SomeRefund.Taken(refund.Paid("paya-1", Start));

        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _refunds.Apply(new RefundChange(refund, failed, Start))));

        Assert.Single(results, true);
        Assert.False(await _refunds.Apply(new RefundChange(refund, paid, Start)));
        Assert.Equal(_engine is SqliteStoreEngine, await _refunds.Settle(refund)); // there nothing can be read before it is on disk
        await Added(SomeRefund.Of(payment.Id, RefundWay.Bank, "r2", 10_000));
        Assert.Equal(3, Postings().Count);
    }

    [Theory]
    [InlineData("INSERT INTO refunds (payment_id, merchant_id, refund_id, request_hash, amount_rials, reason, method, status, version, created_at_ms) SELECT id, 1, 'x', 'h', 10001, 'Other', 'Bank', 'Pending', 0, 1 FROM payments")]
    [InlineData("UPDATE payment_refunds SET refunded_rials = 10001")]
    [InlineData("UPDATE refunds SET amount_rials = 1")]
    [InlineData("UPDATE refunds SET merchant_id = 2")]
    [InlineData("UPDATE refunds SET status = 'Pending'")]
    [InlineData("UPDATE refunds SET rrn = NULL WHERE rrn IS NOT NULL")]
    [InlineData("DELETE FROM refunds")]
    [InlineData("DELETE FROM payment_refunds")]
    public async Task The_books_themselves_refuse_what_must_not_be(string sql)
    {
        var payment = await Verified();
        var card = await Added(SomeRefund.Of(payment.Id, RefundWay.Card, "r1"));
        var bank = await Added(SomeRefund.Of(payment.Id, RefundWay.Bank, "r2"));
        Assert.True(await _refunds.Apply(new RefundChange(bank, SomeRefund.Taken(bank.NotPaid("closed", Start)), Start)));

        Assert.ThrowsAny<System.Data.Common.DbException>(() => _engine.Execute(sql));
        Assert.Equal(card, await _refunds.Find(card.Id, Ct));
    }

    [Fact]
    public async Task A_payment_that_is_not_verified_is_not_refunded_whoever_asks()
    {
        var payment = await Paid(verify: false);

        await Assert.ThrowsAsync<StoreRuleException>(() => _refunds.Add(SomeRefund.Of(payment.Id, RefundWay.Bank)));

        Assert.Empty(Postings());
    }

    [Fact]
    public async Task One_worker_at_a_time_has_a_refund_and_one_that_lost_it_writes_nothing()
    {
        var refund = await Added(SomeRefund.Of((await Verified()).Id, RefundWay.Card));
        IRefundStore[] nodes = [_refunds, _engine.NewRefunds()];

        var claims = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => nodes[i % 2].ClaimDue(5, TimeSpan.FromSeconds(30), Ct)));
        var stalled = Assert.Single(claims.SelectMany(claim => claim));
        _engine.SetNow(Start.AddSeconds(31));
        var taken = Assert.Single(await nodes[1].ClaimDue(5, TimeSpan.FromSeconds(30), Ct));
        var done = SomeRefund.Taken(stalled.Acknowledge(0, Start));

        Assert.Equal((1, 2), (stalled.LeaseEpoch, taken.LeaseEpoch));
        Assert.False(await _refunds.Apply(new RefundChange(stalled, done, Start) { LeaseEpoch = stalled.LeaseEpoch }));
        Assert.False(await _refunds.Postpone(stalled, Start.AddHours(1), "late", []));
        Assert.True(await _refunds.Postpone(taken with { JobAttempts = 1 }, Start.AddMinutes(1), "no answer", []));
        Assert.Empty(await _refunds.ClaimDue(5, TimeSpan.FromSeconds(30), Ct));
        _engine.SetNow(Start.AddMinutes(2));
        var again = Assert.Single(await _refunds.ClaimDue(5, TimeSpan.FromSeconds(30), Ct));
        Assert.Equal((1, 3), (again.JobAttempts, again.LeaseEpoch));
        Assert.True(await _refunds.Apply(new RefundChange(again, SomeRefund.Taken(again.Acknowledge(0, Start)), Start)
        {
            LeaseEpoch = again.LeaseEpoch,
            Messages = [new NetworkMessage(Start, "sent", "1220", "000001", refund.Advice!.Rrn, null, refund.PaymentId, "masked")],
        }));
        Assert.Equal(["1220"], _engine.Strings("SELECT mti FROM network_messages"));
        Assert.Equal(2, Postings().Count);
    }

    [Fact]
    public async Task What_was_put_aside_is_due_again_when_an_operator_says_so()
    {
        await Added(SomeRefund.Of((await Verified()).Id, RefundWay.Card));
        var claimed = Assert.Single(await _refunds.ClaimDue(5, TimeSpan.FromSeconds(30), Ct));
        Assert.False(await _refunds.Retry(claimed.Id));

        Assert.True(await _refunds.Postpone(claimed with { JobRefusals = 10 }, dueAt: null, "refused with 902", []));

        _engine.SetNow(Start.AddDays(1));
        Assert.Empty(await _refunds.ClaimDue(5, TimeSpan.FromSeconds(30), Ct));
        Assert.True(await _refunds.Retry(claimed.Id));
        Assert.Equal(0, Assert.Single(await _refunds.ClaimDue(5, TimeSpan.FromSeconds(30), Ct)).JobRefusals);
    }

    [Fact]
    public async Task A_card_is_kept_for_its_time_but_for_a_refund_that_is_under_way()
    {
        var first = await Verified();
        var second = await Verified();
        var third = await Paid(verify: true, keepCard: false);
        var refund = await Added(SomeRefund.Of(first.Id, RefundWay.Card));
        Assert.Equal(AnAuthorization(second).SealedCard, await _refunds.FindCard(second.Id, Ct));
        Assert.Null(await _refunds.FindCard(third.Id, Ct));
        Assert.IsType<AddRefundResult.NoCard>(await _refunds.Add(SomeRefund.Of(third.Id, RefundWay.Card, "r2", number: 7)));

        // A minute before its time a card counts as gone: no refund is begun whose card could be thrown away meanwhile.
        _engine.SetNow(Start.AddDays(30) - IRefundStore.CardMargin);
        Assert.False(await _refunds.HasCard(second.Id, Ct));
        Assert.IsType<AddRefundResult.NoCard>(await _refunds.Add(SomeRefund.Of(second.Id, RefundWay.Card, "r2", number: 7)));
        Assert.Equal(0, await _refunds.ForgetCards(Ct));
        _engine.SetNow(Start.AddDays(30));
        Assert.Equal(1, await _refunds.ForgetCards(Ct));

        Assert.Null(await _refunds.FindCard(second.Id, Ct));
        Assert.NotNull(await _refunds.FindCard(first.Id, Ct));
        Assert.True(await _refunds.Apply(new RefundChange(refund, SomeRefund.Taken(refund.Acknowledge(0, Start)), Start)));
        Assert.Equal(1, await _refunds.ForgetCards(Ct));
    }

    [Fact]
    public async Task When_all_is_back_the_card_is_forgotten_at_once()
    {
        var payment = await Verified();
        var part = await Added(SomeRefund.Of(payment.Id, RefundWay.Card, "r1", 4_000));
        var rest = await Added(SomeRefund.Of(payment.Id, RefundWay.Card, "r2", 6_000, number: 2));

        Assert.True(await _refunds.Apply(new RefundChange(part, SomeRefund.Taken(part.Acknowledge(0, Start)), Start)));
        Assert.NotNull(await _refunds.FindCard(payment.Id, Ct));
        Assert.True(await _refunds.Apply(new RefundChange(rest, SomeRefund.Taken(rest.Acknowledge(0, Start)), Start)));

        Assert.Null(await _refunds.FindCard(payment.Id, Ct));
    }

    private Task<Payment> Verified() => Paid(verify: true);

    private async Task<Payment> Paid(bool verify, bool keepCard = true)
    {
        var token = PaymentToken.New(Start);
        var added = await _engine.Store.Create(
            new NewPayment(new MerchantId(1), token, token, new Rials(10_000), new Uri("https://site.com/verify"), null, Start, Start + Clocks.PageLifetime), Ct);
        Assert.IsType<CreateResult.Created>(added);
        var created = (await _engine.Store.Find(token, Ct))!;
        var authorization = AnAuthorization(created);
        var authorizing = await Move(created, created.BeginAuthorization(authorization, Payments.SomePayment.Browser, Clocks, Start), authorization);
        var authorized = await Move(authorizing, authorizing.CompleteAuthorization(Approval, Clocks, Start), authorization.With(Approval));
        return verify ? await Move(authorized, authorized.Verify(Start), keepUntil: keepCard ? Start.AddDays(30) : null) : authorized;
    }

    private async Task<Payment> Move(Payment before, Result<Payment> move, Authorization? authorization = null, DateTimeOffset? keepUntil = null)
    {
        var after = Taken(move);
        Assert.Equal(ApplyResult.Applied, await _engine.Store.Apply(
            new PaymentChange(before, after, "test", Start) { Authorization = authorization, KeepCardUntil = keepUntil }));
        return after;
    }

    private async Task<Refund> Added(Refund refund) => Assert.IsType<AddRefundResult.Added>(await _refunds.Add(refund)).Refund;

    private List<string> Postings() => _engine.Strings(
        """
        SELECT reference || ' ' || debit_account || ' ' || credit_account || ' ' || amount_rials FROM transfers
        WHERE template IN ('refund_request', 'refund_card', 'refund_bank', 'refund_failed') ORDER BY reference
        """);
}

public sealed class SqliteRefundStoreTests() : RefundStoreTests(new SqliteStoreEngine());

public sealed class PostgresRefundStoreTests() : RefundStoreTests(new PostgresStoreEngine());

public sealed class PostgresRoleRefundStoreTests() : RefundStoreTests(PostgresStoreEngine.WithRoles());
