using System.Data.Common;
using CanPay.Gateway;
using CanPay.Gateway.Operations;
using CanPay.Gateway.Payments;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace CanPay.Tests.Storage;

/// <summary>What is old is thrown away, and money never is.</summary>
public abstract class RetentionTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Old = RetentionBooks.Now.AddDays(-100);
    private static readonly DateTimeOffset Young = RetentionBooks.Now.AddDays(-50);

    private readonly StoreEngine _engine;
    private readonly RetentionBooks _books;
    private readonly FakeTimeProvider _clock = new(RetentionBooks.Now);

    private protected RetentionTests(StoreEngine engine)
    {
        _engine = engine;
        _books = new RetentionBooks(engine);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task Old_messages_go_when_their_payment_is_final()
    {
        var verified = await _books.Add(PaymentStatus.Verified, Old);
        var reversing = await _books.Add(PaymentStatus.Reversing, Old);
        var young = await _books.Add(PaymentStatus.Verified, Young);
        await _books.AddMessage(null, Old);
        await _books.AddMessage(null, Young);
        await _books.AddMessage(verified.Id, Young);

        await Round(messageDays: 90);

        Assert.Equal(1, Messages(verified));
        Assert.Equal(4, Messages(reversing));
        Assert.Equal(4, Messages(young));
        Assert.Equal(["1"], _engine.Strings("SELECT cast(count(*) AS text) FROM network_messages WHERE payment_id IS NULL"));
        await AssertHealthy();
    }

    [Fact]
    public async Task Old_payments_without_money_go_with_all_that_belongs_to_them()
    {
        foreach (var status in Enum.GetValues<PaymentStatus>())
        {
            await _books.Add(status, Old);
        }

        await _books.Add(PaymentStatus.Reversed, Old, cause: ReversalCause.OutcomeUnknown);
        var money = _engine.Strings("SELECT reference FROM transfers ORDER BY reference");

        // A payment that may still end without money is waited for: here those of the statuses Created and Authorizing.
        await Round(unpaidDays: 90);
        Assert.Equal(10, Payments().Count);
        await End("Created", "Authorizing");
        await Round(unpaidDays: 90);

        Assert.Equal(["Authorized", "Reversed", "Reversed", "Reversing", "Reversing", "Verified"], Payments());
        Assert.Equal(money.Count + 1, _engine.Strings("SELECT reference FROM transfers").Count); // the one of Authorizing's end
        foreach (var table in (string[])["transitions", "authorizations", "network_messages"])
        {
            Assert.Empty(_engine.Strings($"SELECT 'orphan' FROM {table} x WHERE payment_id NOT IN (SELECT id FROM payments)"));
        }

        await AssertHealthy();
    }

    [Fact]
    public async Task Young_payments_stay_and_go_when_they_are_old()
    {
        await _books.Add(PaymentStatus.Expired, Old);
        await _books.Add(PaymentStatus.Expired, Young);
        await _books.Add(PaymentStatus.Cancelled, Old);

        await Round(unpaidDays: 90);
        Assert.Equal(["Cancelled", "Expired"], Payments());
        SetNow(RetentionBooks.Now.AddDays(60));
        await Round(unpaidDays: 90);

        Assert.Empty(Payments());
    }

    [Fact]
    public async Task Without_a_setting_everything_is_kept()
    {
        await _books.Add(PaymentStatus.Expired, Old.AddYears(-10));
        await _books.Add(PaymentStatus.Verified, Old.AddYears(-10));

        await Round();

        Assert.Equal(["Expired", "Verified"], Payments());
        Assert.Equal(["4"], _engine.Strings("SELECT cast(count(*) AS text) FROM network_messages"));
    }

    [Fact]
    public async Task Nodes_that_work_at_the_same_time_do_each_thing_once()
    {
        for (var i = 0; i < 20; i++)
        {
            await _books.Add(i % 2 == 0 ? PaymentStatus.Failed : PaymentStatus.Verified, Old);
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Round(messageDays: 90, unpaidDays: 90)));
        await Round(messageDays: 90, unpaidDays: 90); // one that heard "another does it" has not waited for it

        Assert.Equal(Enumerable.Repeat("Verified", 10), Payments());
        Assert.Empty(_engine.Strings("SELECT event FROM network_messages"));
        await AssertHealthy();
    }

    [Fact]
    public async Task What_was_thrown_away_is_counted_in_the_log()
    {
        await _books.Add(PaymentStatus.Failed, Old);
        await _books.Add(PaymentStatus.Verified, Old);
        await _books.AddMessage(null, Old);
        var log = new Lines();

        await new Retention(_engine.Retention, _engine.Webhooks, Settings(90, 90), _clock, log).Round(RetentionBooks.Ct);

        Assert.Equal("Thrown away because they were old: 1 payments without money, 4 messages of payments, 1 of none, 0 webhook events", Assert.Single(log.All));
    }

    [Fact]
    public async Task Nobody_can_have_thrown_away_what_is_younger_than_thirty_days()
    {
        var now = DateTimeOffset.UtcNow;
        SetNow(now);
        var failed = await _books.Add(PaymentStatus.Failed, now.AddDays(-29));
        await _books.AddMessage(null, now.AddDays(-29));
        var far = now.AddYears(1);

        await Tried(() => _engine.Retention.ForgetMessages(far, default, 100));
        await Tried(() => _engine.Retention.ForgetStrays(far, 100));
        await Tried(() => _engine.Retention.ForgetPayments(far, 100));

        Assert.Equal(["Failed"], Payments());
        Assert.Equal(4, Messages(failed));
        Assert.Equal(["5"], _engine.Strings("SELECT cast(count(*) AS text) FROM network_messages"));
    }

    [Theory]
    [InlineData("DELETE FROM payments WHERE status = 'Verified'")]
    [InlineData("DELETE FROM payments WHERE status = 'Reversed'")]
    [InlineData("DELETE FROM payments WHERE status = 'Reversing'")]
    [InlineData("DELETE FROM transitions WHERE to_status = 'Verified'")]
    [InlineData("DELETE FROM authorizations WHERE status = 'Approved'")]
    [InlineData("DELETE FROM transfers")]
    [InlineData("DELETE FROM network_messages WHERE payment_id IN (SELECT payment_id FROM open_payments)")]
    public async Task Not_even_the_owner_deletes_money_by_mistake_however_old_it_is(string sql)
    {
        await _books.Add(PaymentStatus.Verified, Old.AddYears(-10));
        await _books.Add(PaymentStatus.Reversed, Old.AddYears(-10));
        await _books.Add(PaymentStatus.Reversing, Old.AddYears(-10));

        Assert.ThrowsAny<DbException>(() => _engine.Execute(sql));
    }

    private static IOptions<RetentionOptions> Settings(int messageDays, int unpaidDays) => Options.Create(
        new RetentionOptions { NetworkMessageDays = messageDays, UnpaidPaymentDays = unpaidDays, BatchRows = 3, PauseMs = 0 });

    private Task Round(int messageDays = 0, int unpaidDays = 0) =>
        new Retention(_engine.Retention, _engine.Webhooks, Settings(messageDays, unpaidDays), _clock, NullLogger<Retention>.Instance).Round(RetentionBooks.Ct);

    private void SetNow(DateTimeOffset now)
    {
        _clock.AdjustTime(now);
        _engine.SetNow(now);
    }

    /// <summary>Refused or not, what matters is what is left.</summary>
    private static async Task Tried(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (StoreRuleException)
        {
            // The table forbids it.
        }
    }

    /// <summary>The payments of these statuses expire, or are taken for unknown, as long ago as the others.</summary>
    private async Task End(params string[] statuses)
    {
        foreach (var status in statuses)
        {
            var id = long.Parse(_engine.Strings($"SELECT cast(id AS text) FROM payments WHERE status = '{status}'")[0], System.Globalization.CultureInfo.InvariantCulture);
            var payment = (await _engine.Store.Find(new Gateway.Kernel.PaymentId(id), RetentionBooks.Ct))!;
            var authorization = await _engine.Store.FindAuthorization(payment.Id, 1, RetentionBooks.Ct);
            var after = Ended(payment);
            Assert.Equal(ApplyResult.Applied, await _engine.Store.Apply(
                new PaymentChange(payment, after, "test", Old.AddHours(1)) { Authorization = authorization?.With(Tests.Payments.SomePayment.Silence) }));
        }
    }

    private static Payment Ended(Payment payment) => Tests.Payments.SomePayment.Taken(payment.Status is PaymentStatus.Created
        ? payment.Expire(Old.AddHours(1))
        : payment.CompleteAuthorization(Tests.Payments.SomePayment.Silence, Tests.Payments.SomePayment.Clocks, Old.AddHours(1)));

    private List<string> Payments() => _engine.Strings("SELECT status FROM payments ORDER BY status");

    private int Messages(Payment payment) => _engine.Strings($"SELECT event FROM network_messages WHERE payment_id = {payment.Id.Value}").Count;

    /// <summary>The clock's function is the tests' own on PostgreSQL, so the schema is not asked; and payments are open here that are old on purpose.</summary>
    private async Task AssertHealthy() => Assert.DoesNotContain(
        await Doctor.Examine(_engine.Engine, atRest: false, RetentionBooks.Now, RetentionBooks.Ct),
        finding => finding.Invariant is not (Doctor.SchemaIsOurs or "open_cards_are_young"));

    private sealed class Lines : Microsoft.Extensions.Logging.ILogger<Retention>
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) => true;

        public void Log<TState>(
            Microsoft.Extensions.Logging.LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => All.Add(formatter(state, exception));
    }
}

public sealed class SqliteRetentionTests() : RetentionTests(new SqliteStoreEngine());

public sealed class PostgresRetentionTests() : RetentionTests(new PostgresStoreEngine());

public sealed class PostgresRoleRetentionTests() : RetentionTests(PostgresStoreEngine.WithRoles());
