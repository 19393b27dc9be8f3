using CanPay.Gateway.Kernel;
using CanPay.Gateway.Operations;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage;
using CanPay.Gateway.Storage.Copy;
using CanPay.Gateway.Storage.Postgres;
using CanPay.Gateway.Storage.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace CanPay.Tests.Storage;

/// <summary>An installation moves from the embedded database to PostgreSQL with everything, or not at all.</summary>
public sealed class CopyTests : IAsyncDisposable
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private readonly SqliteStoreEngine _sqlite = new();
    private readonly PostgresRoles _roles = PostgresRoles.Make("books");
    private readonly PostgresDatabase _database;
    private readonly PostgresEngine _target;

    public CopyTests()
    {
        _database = new PostgresDatabase(_roles.Gateway);
        _target = new PostgresEngine(_database, _roles.Owner, _roles.ReaderName);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await _sqlite.DisposeAsync();
    }

    [Fact]
    public async Task Books_in_every_state_arrive_as_they_were()
    {
        var payments = await FillAndClose();
        var before = await Digests(SqliteDatabase.Open(_sqlite.DatabaseFile));

        var report = await Copy();

        var after = await Digests(Owner());
        Assert.Equal(before, after);
        Assert.Equal(before, report.Tables.ToDictionary(table => table.Name, table => table.Digest.ToString(), StringComparer.Ordinal));
        Assert.All(before, table => Assert.False(table.Value.StartsWith("0 ", StringComparison.Ordinal), $"nothing was in {table.Key}, so nothing is proved"));
        await using var store = new PostgresStore(_database, new Gateway.StorageOptions());
        foreach (var payment in payments)
        {
            Assert.Equal(payment, await store.Find(payment.Id, Ct));
        }

        Assert.Empty(await Doctor.Examine(_target, atRest: false, RetentionBooks.Now, Ct));
    }

    [Fact]
    public async Task New_rows_and_trace_numbers_go_on_behind_the_copied_ones()
    {
        var payments = await FillAndClose();

        await Copy();

        await using var store = new PostgresStore(_database, new Gateway.StorageOptions());
        var created = Assert.IsType<CreateResult.Created>(await store.Create(
            new NewPayment(new MerchantId(1), PaymentToken.New(RetentionBooks.Now), "new", new Rials(1_000), new Uri("https://site.com"), null,
                RetentionBooks.Now, RetentionBooks.Now.AddMinutes(15)), Ct));
        Assert.True(created.Id.Value > payments.Max(payment => payment.Id.Value));
        Assert.Equal(700, await store.ReserveTraceNumbers(1, Ct));
        await using var owner = Owner();
        Assert.Empty(await StorageEngine.Texts(owner,
            """
            SELECT 'id' FROM transfers WHERE id >= nextval('transfers_id_seq') UNION ALL SELECT 'id' FROM merchants WHERE id >= nextval('merchants_id_seq')
            UNION ALL SELECT 'id' FROM network_messages WHERE id >= nextval('network_messages_id_seq')
            UNION ALL SELECT 'id' FROM data_protection_keys WHERE id >= nextval('data_protection_keys_id_seq')
            """, Ct));
    }

    [Fact]
    public async Task While_somebody_has_the_old_books_open_nothing_is_copied()
    {
        await Fill();

        var refused = await Assert.ThrowsAsync<StartException>(Copy);

        Assert.Contains("in use", refused.Message, StringComparison.Ordinal);
        _sqlite.Close();
        await Copy();
    }

    [Fact]
    public async Task While_the_copy_has_the_old_books_nobody_else_opens_them()
    {
        await FillAndClose();
        await using var copying = SqliteDatabase.OpenAlone(_sqlite.DatabaseFile);

        var command = Assert.Throws<Microsoft.Data.Sqlite.SqliteException>(() =>
        {
            using var gateway = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_sqlite.DatabaseFile};Pooling=false;Default Timeout=1");
            gateway.Open();
            using var write = gateway.CreateCommand();
            write.CommandText = "SELECT count(*) FROM payments";
            write.ExecuteScalar();
        });

        Assert.Contains("locked", command.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_the_copy_no_gateway_goes_on_with_the_old_books()
    {
        await FillAndClose();
        await Copy();

        var start = await Assert.ThrowsAsync<StartException>(() => new SqliteEngine(_sqlite.DatabaseFile).Prepare(Ct));
        var again = await Assert.ThrowsAsync<StartException>(Copy);

        Assert.Contains("were moved to", start.Message, StringComparison.Ordinal);
        Assert.Contains("were moved to", again.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_keeps_books_is_refused()
    {
        await FillAndClose();
        await _target.Prepare(Ct);
        await using (var owner = Owner())
        {
            PostgresServer.Execute(owner, "INSERT INTO key_marks VALUES ('card-keys', 'other')");
        }

        var refused = await Assert.ThrowsAsync<StartException>(Copy);

        Assert.Contains("key_marks", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sick_books_are_refused()
    {
        await Fill();
        _sqlite.Execute("UPDATE open_payments SET sealed_card = NULL");
        _sqlite.Close();

        var refused = await Assert.ThrowsAsync<StartException>(Copy);

        Assert.Contains("what_may_go_back_can_go_back", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_payment_that_waits_for_an_operator_goes_along()
    {
        await Fill();
        _sqlite.Execute("UPDATE open_payments SET due_at_ms = NULL, job_note = 'رد شد'");
        _sqlite.Close();

        Assert.NotEmpty((await Copy()).Tables);
    }

    [Fact]
    public async Task What_arrives_otherwise_than_it_was_sent_is_seen_and_leaves_nothing()
    {
        await FillAndClose();
        await _target.Prepare(Ct);
        await using var owner = Owner();
        PostgresServer.Execute(owner,
            """
            CREATE FUNCTION tamper() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.mobile := replace(new.mobile, '۹', '9'); RETURN new; END $$;
            CREATE TRIGGER tamper BEFORE INSERT ON payments FOR EACH ROW EXECUTE FUNCTION tamper();
            """);

        var refused = await Assert.ThrowsAsync<StartException>(Copy);

        Assert.Contains("What arrived in payments is not what was sent", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["0 0 2"], await StorageEngine.Texts(owner,
            "SELECT (SELECT count(*) FROM payments) || ' ' || (SELECT count(*) FROM merchants) || ' ' || (SELECT count(*) FROM sequences)", Ct));
        PostgresServer.Execute(owner, "DROP TRIGGER tamper ON payments; DROP FUNCTION tamper");
        await Copy();
    }

    [Theory]
    [InlineData("answered_captchas", "passes = passes + 1")]
    [InlineData("api_keys", "name = name || '.'")]
    [InlineData("authorizations", "approval_code = 'x'")]
    [InlineData("card_keys", "kek = kek || '.'")]
    [InlineData("data_protection_keys", "xml = xml || ' '")]
    [InlineData("declined_attempts", "at_ms = at_ms + 1")]
    [InlineData("heartbeats", "at_ms = at_ms + 1")]
    [InlineData("holds", "reason = reason || '.'")]
    [InlineData("key_marks", "mark = upper(mark)")]
    [InlineData("merchants", "allow_http_callback = NOT allow_http_callback")]
    [InlineData("network_messages", "summary = coalesce(summary, '')")]
    [InlineData("one_time_codes", "tries = tries + 1")]
    [InlineData("open_payments", "sealed_card = sealed_card || '\\x00'")]
    [InlineData("payment_refunds", "refunded_rials = refunded_rials + 1")]
    [InlineData("payments", "mobile = nullif(mobile, '۰۹۱۲۳۴۵۶۷۸۹')")]
    [InlineData("pin_requests", "at_ms = at_ms + 1")]
    [InlineData("refundable_cards", "forget_at_ms = forget_at_ms + 1")]
    [InlineData("refunds", "request_hash = 'i'")]
    [InlineData("sandbox_calls", "answer = answer || ' '")]
    [InlineData("saved_cards", "sealed = sealed || '\\x00'")]
    [InlineData("sealed_secrets", "sealed = sealed || '\\x00'")]
    [InlineData("sequences", "value = value + 1")]
    [InlineData("stored_answers", "body = body || ' '")]
    [InlineData("transfers", "amount_rials = amount_rials + 1")]
    [InlineData("transitions", "cause = 'Test'")]
    [InlineData("webhook_attempts", "http_status = http_status + 1")]
    [InlineData("webhook_deliveries", "due_at_ms = due_at_ms + 1")]
    [InlineData("webhook_endpoints", "sealed_secret = sealed_secret || '\\x00'")]
    [InlineData("webhook_events", "at_ms = at_ms + 1")]
    [InlineData("webhook_reminders", "deadline_ms = deadline_ms + 1")]
    public async Task The_comparison_sees_one_changed_value_in_any_table(string table, string change)
    {
        await FillAndClose();
        await Copy();
        await using var owner = Owner();
        var before = await Digests(Owner());

        PostgresServer.Execute(owner, $"ALTER TABLE {table} DISABLE TRIGGER USER; UPDATE {table} SET {change}");

        var after = await Digests(Owner());
        Assert.Equal([table], before.Keys.Where(name => before[name] != after[name]));
    }

    private Task<CopyReport> Copy() => new CopyBooks(_sqlite.DatabaseFile, _target, new FakeTimeProvider(RetentionBooks.Now)).Run(Ct);

    /// <summary>Each status, each value of each enum, absent values, Persian texts, and something in every table.</summary>
    private async Task<List<Payment>> Fill()
    {
        var books = new RetentionBooks(_sqlite);
        _sqlite.Execute("INSERT INTO webhook_endpoints VALUES (3, 'whe_00000000000000000000000003', 1, 'https://site.com/webhook', '*', 'Active', NULL, 1, x'00FF', x'FF00', 2, 0, 0, NULL, 1)");
        var payments = new List<Payment>();
        foreach (var status in Enum.GetValues<PaymentStatus>())
        {
            payments.Add(await books.Add(status, RetentionBooks.Now));
            payments.Add(await books.Add(status, RetentionBooks.Now, mobile: "۰۹۱۲۳۴۵۶۷۸۹"));
        }

        payments.Add(await books.Add(PaymentStatus.Reversed, RetentionBooks.Now, cause: ReversalCause.OutcomeUnknown));
        await books.AddMessage(null, RetentionBooks.Now);
        await _sqlite.Store.Beat("payments", "گره", RetentionBooks.Now, Ct);
        Assert.Equal(0, await _sqlite.Acquiring.ReserveTraceNumbers(700, Ct));
        _sqlite.Execute(
            """
            INSERT INTO merchants (id, code, name, status, addresses, domains, min_amount_rials, max_amount_rials, referrer_policy, callback_method,
                allow_http_callback, terminal_id, acceptor_id, category_code, created_at_ms, version, require_key, refund_method)
            VALUES
                (7, 'کد', 'کتاب‌فروشی «نمونه»', 'Suspended', '192.0.2.0/24 ::1', 'a.ir b.ir', 1, 9007199254740993, 'Strict', 'Get', 1, '00000002', '000000000000002', '5999', 1, 2, 1, 'Card'),
                (9, 'c', 'c', 'Active', '', '', 1, 2, 'Off', 'Post', 0, '00000003', '000000000000003', '5999', 1, 1, 0, 'Bank');
            INSERT INTO api_keys VALUES ('key_a', 7, 'کلید', '0123456789012345678901234567890123456789012345678901234567890123', 'Payments Read', 1, 2, NULL);
            INSERT INTO data_protection_keys VALUES (3, NULL, '<key id="۱"/>'), (5, 'key', '<key/>');
            INSERT INTO key_marks VALUES ('card-keys', 'abc');
            INSERT INTO card_keys VALUES
                ('Hash', 1, NULL, 'Current', 'K', x'00FF', 1, NULL), ('Seal', 1, x'00000001', 'Old', 'K', x'00FF10', 1, NULL),
                ('Seal', 2, x'00000002', 'Current', 'K', x'00FF11', 1, NULL), ('Seal', 3, x'00000003', 'Retired', 'K', NULL, 1, 2);
            INSERT INTO holds VALUES (4, 'تعمیر', 0, 1, 2, 'پایان');
            INSERT INTO sealed_secrets VALUES ('page', x'00FF10');
            INSERT INTO one_time_codes VALUES ('0123456789abcdef0123456789abcdef', 1, 7, 'o', 'b', '::1', 'h', 1, 2, 3, 1, NULL);
            INSERT INTO pin_requests VALUES (9007199254740993, 'h', 1, '::1', 7, 2);
            INSERT INTO declined_attempts VALUES (9007199254740993, 1, 7, 'h', '502229', '::/64', 'r', 2);
            INSERT INTO answered_captchas VALUES ('0123456789abcdef0123456789abcdef', 1, 'b', 1, 2);
            INSERT INTO sandbox_calls VALUES (9007199254740993, 7, NULL, '/api/ipg/token', 'r', 422, '{"a":"ب"}', '{}', 2);
            INSERT INTO saved_cards VALUES ('0123456789abcdef0123456789abcdef', 'o', 'h', x'00000001FF', '5022-29**-****-7122', 'کارت خانه', 1, 2, 'p');
            INSERT INTO refundable_cards SELECT min(id), x'00000001FF', 9007199254740993 FROM payments WHERE status = 'Verified';
            INSERT INTO refunds (id, payment_id, merchant_id, refund_id, request_hash, amount_rials, reason, method, status, version, stan, rrn,
                transmitted_at_ms, created_at_ms, due_at_ms)
            SELECT 7, id, merchant_id, 'برگشت ۱', 'h', 1000, 'Fraud', 'Card', 'Sending', 0, '900001', '600109900001', 1, 1, 2
                FROM payments WHERE status = 'Verified' ORDER BY id LIMIT 1;
            INSERT INTO refunds (id, payment_id, merchant_id, refund_id, request_hash, amount_rials, reason, method, status, version, failure,
                created_at_ms, ended_at_ms)
            SELECT 9, id, merchant_id, 'r2', 'h', 2000, 'Duplicate', 'Bank', 'Failed', 1, 'حساب بسته است', 1, 2
                FROM payments WHERE status = 'Verified' ORDER BY id LIMIT 1;
            INSERT INTO transfers (reference, template, debit_account, credit_account, amount_rials, at_ms, payment_id)
            SELECT payment_id || ':refund:' || id || ':request', 'refund_request', 'merchant.payable:' || merchant_id, 'payer.refunding',
                amount_rials, 1, payment_id FROM refunds;
            INSERT INTO transfers (reference, template, debit_account, credit_account, amount_rials, at_ms, payment_id)
            SELECT payment_id || ':refund:' || id || ':failed', 'refund_failed', 'payer.refunding', 'merchant.payable:' || merchant_id,
                amount_rials, 2, payment_id FROM refunds WHERE status = 'Failed';
            """);
        _sqlite.Execute(
            """
            INSERT INTO webhook_endpoints VALUES -- that was told nothing so far, and is told nothing by the copy
                (4, 'whe_00000000000000000000000004', 1, 'https://site.com/other', 'payment.paid', 'Active', NULL, 1, x'00FF', NULL, NULL, 0, 0, NULL, 1);
            UPDATE webhook_deliveries SET status = 'Delivered', ended_at_ms = 2, attempts = 1, lease_epoch = 1, note = '204' WHERE id = 1;
            INSERT INTO webhook_attempts VALUES (5, 1, 1, 2, 'Delivered', 204, 'رسید');
            """);
        return payments;
    }

    private async Task<List<Payment>> FillAndClose()
    {
        var payments = await Fill();
        _sqlite.Close();
        return payments;
    }

    private NpgsqlConnection Owner()
    {
        var connection = new NpgsqlConnection(_roles.Owner + ";Pooling=false");
        connection.Open();
        return connection;
    }

    private async Task<Dictionary<string, string>> Digests(System.Data.Common.DbConnection connection)
    {
        await using var disposed = connection;
        await using var owner = Owner();
        if ((await StorageEngine.Texts(owner, "SELECT coalesce(to_regclass('payments')::text, '')", Ct))[0].Length == 0)
        {
            await _target.Prepare(Ct);
        }

        await using var sqlite = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_sqlite.DatabaseFile};Pooling=false");
        await sqlite.OpenAsync(Ct);
        var digests = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var table in await BookTable.All(sqlite, owner, Ct))
        {
            digests.Add(table.Name, (await BookCopy.Digest(connection, table, Ct)).ToString());
        }

        return digests;
    }
}
