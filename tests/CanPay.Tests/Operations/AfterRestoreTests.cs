using CanPay.Gateway.Kernel;
using CanPay.Gateway.Operations;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage;
using CanPay.Tests.Payments;
using CanPay.Tests.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace CanPay.Tests.Operations;

/// <summary>Books that came from a backup do no harm, and go on by what the network's books say.</summary>
public abstract class AfterRestoreTests : IAsyncDisposable
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly DateTimeOffset Now = SomePayment.Start.AddMinutes(10);
    private static readonly TimeSpan Window = TimeSpan.FromHours(24);

    private readonly StoreEngine _engine;
    private readonly CanPayContext _books;
    private readonly string _journal = Path.GetTempFileName();

    private protected AfterRestoreTests(StoreEngine engine)
    {
        _engine = engine;
        var connection = engine.Open();
        var options = new DbContextOptionsBuilder<CanPayContext>().UseSnakeCaseNamingConvention();
        _books = new CanPayContext((connection is SqliteConnection ? options.UseSqlite(connection, contextOwnsConnection: true)
            : options.UseNpgsql(connection, contextOwnsConnection: true)).Options);
        engine.Execute(
            """
            INSERT INTO merchants (id, code, name, status, addresses, domains, min_amount_rials, max_amount_rials,
                referrer_policy, callback_method, allow_http_callback, terminal_id, acceptor_id, category_code, created_at_ms, version)
            VALUES (1, '111-222-333-444', 'Shop', 'Active', '', 'site.com', 1000, 2000000000, 'Explain', 'Post', FALSE,
                '00000001', '000000000000001', '5999', 0, 1)
            """);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        File.Delete(_journal);
        await _books.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task Trace_numbers_go_on_half_a_circle_later_however_often_it_is_said()
    {
        var before = await _engine.Acquiring.ReserveTraceNumbers(1, Ct);

        await Take();
        await Take();
        var after = await _engine.Acquiring.ReserveTraceNumbers(1, Ct);
        await AfterRestore.Take(_books, "again", skip: 7, Now, Ct);
        var again = await _engine.Acquiring.ReserveTraceNumbers(1, Ct);

        Assert.Equal(before + 1 + AfterRestore.TraceNumbersToSkip, after);
        Assert.Equal(after + 1 + 7, again);
        Assert.True((await _engine.Store.FindHold(Ct))!.IsAfterRestore);
    }

    [Fact]
    public async Task A_hold_that_was_on_becomes_one_after_a_restore()
    {
        _books.Holds.Add(new HoldRow { Reason = "maintenance", IsAfterRestore = false, PlacedAtMs = 1 });
        await _books.SaveChangesAsync(Ct);

        await Take();

        var hold = await _engine.Store.FindHold(Ct);
        Assert.Equal(("maintenance", true), (hold!.Reason, hold.IsAfterRestore));
    }

    [Fact]
    public async Task What_may_have_been_paid_or_verified_since_is_left_to_nobody()
    {
        var created = await Made("1", PaymentStatus.Created);
        await Made("2", PaymentStatus.Authorizing);
        await Made("3", PaymentStatus.Authorized);

        var taken = await Take();
        _engine.SetNow(SomePayment.Later);
        var due = await _engine.Store.ClaimDue(10, TimeSpan.FromMinutes(1), Ct);

        Assert.Equal((1, 2), (taken.ExpiredPayments, taken.PutAsidePayments));
        Assert.Equal(2, await AfterRestore.PutAsideCount(_books, Ct));
        Assert.Equal(created.Id, Assert.Single(due).Id);
        Assert.Equal(Now, due[0].PageExpiresAt);
    }

    [Theory]
    [InlineData(PaymentStatus.Authorized)]
    [InlineData(PaymentStatus.Authorizing)]
    public async Task Money_that_the_network_holds_may_still_be_verified(PaymentStatus status)
    {
        var payment = await Made("1", status);
        await Take();

        var settled = await Settle(Purchase(payment.Rrn!));

        var reopened = await Current(payment);
        Assert.Equal((1, 0), settled);
        Assert.Equal(PaymentStatus.Authorized, reopened.Status);
        Assert.Equal((Now + Window, Now + Window), (reopened.VerifyDeadline, reopened.DueAt));
        await Apply(reopened, SomePayment.Taken(reopened.Verify(Now)), at: Now);
        _books.ChangeTracker.Clear();
        Assert.Empty(await (await Journal(Purchase(payment.Rrn!))).Differences(_books, Ct));
        Assert.DoesNotContain(
            await Doctor.Examine(_engine.Engine, atRest: true, Now, Ct),
            finding => finding.Invariant != "schema_is_ours"); // the test's clock is a function of the schema
    }

    [Theory]
    [InlineData(PaymentStatus.Authorized)]
    [InlineData(PaymentStatus.Authorizing)]
    public async Task Money_that_the_network_gave_back_is_returned_here_and_never_verified(PaymentStatus status)
    {
        var payment = await Made("1", status);
        await Take();

        var settled = await Settle(Purchase(payment.Rrn!), Reversal(payment.Rrn!));

        var returned = await Current(payment);
        Assert.Equal((0, 1), settled);
        Assert.Equal(Now, returned.DueAt);
        Assert.True(returned.Verify(Now).Refused(out _, out _));
        Assert.Equal(0, await AfterRestore.PutAsideCount(_books, Ct));
    }

    [Fact]
    public async Task What_only_the_network_knows_is_listed_with_what_it_says()
    {
        var difference = Assert.Single(await (await Journal(Purchase("632809999901"))).Differences(_books, Ct));

        Assert.Equal("632809999901", difference.Rrn);
        Assert.Equal(("000042", 10_000, "5022-29**-****-7122"), (difference.Unknown!.Stan, difference.Unknown.Amount, difference.Unknown.Card));
    }

    private static string Purchase(string rrn) => Line(rrn, "purchase", "approved");

    private static string Reversal(string rrn) => Line(rrn, "reversal", "reversed");

    private static string Line(string rrn, string kind, string outcome) =>
        $$"""{"rrn":"{{rrn}}","stan":"000042","card":"5022-29**-****-7122","amount":10000,"kind":"{{kind}}","outcome":"{{outcome}}"}""";

    private Task<Precautions> Take() => AfterRestore.Take(_books, "restored from a backup", skip: null, Now, Ct);

    private async Task<(int Reopened, int Returned)> Settle(params string[] lines) =>
        await AfterRestore.Settle(_books, _engine.Store, await Journal(lines), Window, Now, Ct);

    private async Task<NetworkJournal> Journal(params string[] lines)
    {
        await File.WriteAllTextAsync(_journal, $"[{string.Join(',', lines)}]", Ct);
        return await NetworkJournal.Open(_journal, Ct);
    }

    private async Task<Payment> Current(Payment payment) => (await _engine.Store.Find(payment.Id, Ct))!;

    private async Task<Payment> Made(string invoice, PaymentStatus status)
    {
        var token = System.Security.Cryptography.RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 30);
        await _engine.Store.Create(
            new NewPayment(new MerchantId(1), token, invoice, new Rials(10_000), new Uri("https://site.com/verify"), null,
                SomePayment.Start, SomePayment.Start.AddMinutes(15)),
            Ct);
        var payment = (await _engine.Store.Find(token, Ct))!;
        if (status is PaymentStatus.Created)
        {
            return payment;
        }

        var authorization = SomePayment.AnAuthorization(payment);
        payment = await Apply(
            payment, SomePayment.Taken(payment.BeginAuthorization(authorization, "b1", SomePayment.Clocks, SomePayment.Start)), authorization);
        return status is PaymentStatus.Authorizing ? payment : await Apply(
            payment,
            SomePayment.Taken(payment.CompleteAuthorization(SomePayment.Approval, SomePayment.Clocks, SomePayment.Start)),
            authorization.With(SomePayment.Approval));
    }

    private async Task<Payment> Apply(Payment before, Payment after, Gateway.Acquiring.Authorization? authorization = null, DateTimeOffset? at = null)
    {
        Assert.Equal(ApplyResult.Applied, await _engine.Store.Apply(
            new PaymentChange(before, after, "test", at ?? SomePayment.Start) { Authorization = authorization }));
        return after;
    }
}

public sealed class SqliteAfterRestoreTests() : AfterRestoreTests(new SqliteStoreEngine());

public sealed class PostgresAfterRestoreTests() : AfterRestoreTests(new PostgresStoreEngine());
