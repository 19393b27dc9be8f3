using System.Collections.Concurrent;
using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Storage.Sqlite;

/// <summary>The hot path on the embedded database.</summary>
internal sealed class SqliteStore(ISqliteWork work, TimeProvider clock) : IPaymentStore, IAcquiringStore, IRetentionStore, IDisposable
{
    private readonly ConcurrentDictionary<MerchantId, (long Version, Merchant Merchant)> _merchants = new();

    /// <param name="file">A database that <see cref="SqliteDatabase.Prepare"/> has brought up to date.</param>
    /// <param name="news">Hears when the database fails, and when it works again.</param>
    public SqliteStore(string file, StorageOptions options, TimeProvider clock, StoreNews? news = null)
        : this(new SqliteWork(file, options, news), clock)
    {
    }

    public Task<Merchant?> FindMerchant(string code, CancellationToken ct) =>
        Read(session => Current(session, session.First($"SELECT {MerchantVersion.Columns} FROM merchants WHERE code = {code}", MerchantVersion.Read)));

    public Task<CreateResult> Create(NewPayment payment, CancellationToken ct) =>
        work.Write(session => PaymentWrites.Create(session, payment));

    public Task<Payment?> Find(string token, CancellationToken ct) => Read(session =>
        session.First($"SELECT {Rows.PaymentColumns} FROM {Rows.Payments} WHERE token = {token}", Rows.Payment));

    public Task<(Payment Payment, Merchant Merchant)?> FindWithMerchant(string token, CancellationToken ct) =>
        Task.FromResult(Reading<(Payment, Merchant)?>(session =>
        {
            var found = session.First($"SELECT {PaymentFound.Columns} FROM {Rows.Payments} WHERE token = {token}", PaymentFound.Read);
            return found is not null && Current(session, found.Merchant) is { } merchant ? (found.Payment, merchant) : null;
        }));

    public Task<Payment?> Find(PaymentId id, CancellationToken ct) => Read(session =>
        session.First($"SELECT {Rows.PaymentColumns} FROM {Rows.Payments} WHERE id = {id}", Rows.Payment));

    public Task<Authorization?> FindAuthorization(PaymentId payment, int number, CancellationToken ct) => Read(session =>
        session.First(
            $"""
            SELECT {Rows.AuthorizationColumns} FROM {Rows.Authorizations}
            WHERE a.payment_id = {payment} AND number = {number}
            """,
            Rows.Authorization));

    public Task<ApplyResult> Apply(PaymentChange change) =>
        work.Write(session => PaymentWrites.Apply(session, change, clock.GetUtcNow()));

    /// <summary>On this engine nothing can be read before it is on disk.</summary>
    public Task<bool> Settle(Payment asRead) => Task.FromResult(true);

    /// <inheritdoc cref="Settle(Payment)"/>
    public Task<bool> Settle(MerchantId merchant, StoredAnswer asRead) => Task.FromResult(true);

    public Task<IReadOnlyList<Payment>> ClaimDue(int limit, TimeSpan lease, CancellationToken ct)
    {
        var now = clock.GetUtcNow();

        // Most looks find nothing: those cost no write.
        var any = Reading(session => session.Number(
            $"SELECT EXISTS (SELECT 1 FROM open_payments WHERE due_at_ms <= {now} AND lease_until_ms <= {now})"));
        return any == 0
            ? Task.FromResult<IReadOnlyList<Payment>>([])
            : work.Write(session => PaymentWrites.ClaimDue(session, now, limit, now + lease));
    }

    public Task<bool> Postpone(Postponement postponement) =>
        work.Write(session => PaymentWrites.Postpone(session, postponement));

    public Task<StoredAnswer?> FindAnswer(MerchantId merchant, string key, CancellationToken ct) =>
        Read(session => PaymentWrites.FindAnswer(session, merchant, key));

    public Task<StoredAnswer> KeepAnswer(MerchantId merchant, StoredAnswer answer, CancellationToken ct) =>
        work.Write(session => PaymentWrites.KeepAnswer(session, merchant, answer));

    public Task<int> ForgetAnswers(DateTimeOffset before, CancellationToken ct) =>
        work.Write(session => session.Execute($"DELETE FROM stored_answers WHERE created_at_ms < {before}"));

    public Task<Hold?> FindHold(CancellationToken ct) => Read(session =>
        session.First($"SELECT {Rows.HoldColumns} FROM holds WHERE released_at_ms IS NULL", Rows.Hold));

    public Task Beat(string loop, string node, DateTimeOffset now, CancellationToken ct) =>
        work.Write(session => session.Execute(
            $"""
            INSERT INTO heartbeats (loop, node, at_ms) VALUES ({loop}, {node}, {now})
            ON CONFLICT (loop, node) DO UPDATE SET at_ms = excluded.at_ms
            """));

    public Task<long> ReserveTraceNumbers(int count, CancellationToken ct) =>
        work.Write(session => session.Number(
            $"UPDATE sequences SET value = value + {count} WHERE name = 'trace_number' RETURNING value") - count);

    public Task Record(IReadOnlyList<NetworkMessage> messages, CancellationToken ct) =>
        work.Write(session =>
        {
            PaymentWrites.Journal(session, messages);
            return messages.Count;
        });

    public Task<ForgetStep> ForgetMessages(DateTimeOffset before, PaymentId after, int rows) =>
        work.Write(session => RetentionWrites.ForgetMessages(session, before, after, rows));

    public Task<long> ForgetStrays(DateTimeOffset before, int rows) =>
        work.Write(session => RetentionWrites.ForgetStrays(session, before, rows));

    public Task<ForgetStep> ForgetPayments(DateTimeOffset before, int rows) =>
        work.Write(session => RetentionWrites.ForgetPayments(session, before, rows));

    /// <summary>Work of others than payments, in the same commits as theirs; it may run twice, so it keeps nothing but what it writes and returns.</summary>
    public Task<T> Write<T>(Func<SqliteSession, T> others) => work.Write(others);

    /// <summary>Reads beside whoever writes.</summary>
    /// <exception cref="StoreUnavailableException">The database could not be read.</exception>
    public T Reading<T>(Func<SqliteSession, T> read) => work.Read(read);

    public void Dispose() => work.Dispose();

    /// <summary>The row is asked every time, so that a suspension works at once; its texts are parsed once a version.</summary>
    private Merchant? Current(SqliteSession session, MerchantVersion? found)
    {
        if (found is null)
        {
            return null;
        }

        if (_merchants.TryGetValue(found.Id, out var known) && known.Version == found.Version)
        {
            return known.Merchant;
        }

        var merchant = session.First(
            $"SELECT {Rows.MerchantColumns} FROM merchants WHERE id = {found.Id} AND version = {found.Version}",
            Rows.Merchant);
        if (merchant is not null)
        {
            _merchants[found.Id] = (found.Version, merchant);
        }

        return merchant;
    }

    private Task<T?> Read<T>(Func<SqliteSession, T?> read)
        where T : class => Task.FromResult(Reading(read));
}
