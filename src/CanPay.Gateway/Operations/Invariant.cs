using CanPay.Gateway.Storage;

namespace CanPay.Gateway.Operations;

/// <summary>Something that must be true of the books at any time.</summary>
/// <param name="Name">Stable, for programs.</param>
/// <param name="Meaning">One line, for people.</param>
/// <param name="Sql">
/// Gives what violates it, as one column of text; <c>@now</c> is the present in milliseconds. Of each payment: a condition on a
/// row of <see cref="EachPayment"/> that is true where it is violated.
/// </param>
/// <param name="Plant">Makes a violation in the self-test's books, where checks and triggers are off.</param>
/// <param name="OnlyAtRest">True only when nothing is under way and no fault lasts.</param>
internal sealed record Invariant(string Name, string Meaning, string Sql, string Plant, bool OnlyAtRest = false)
{
    /// <summary>Where PostgreSQL says it otherwise.</summary>
    public string? SqlOnPostgres { get; init; }

    /// <inheritdoc cref="SqlOnPostgres"/>
    public string? PlantOnPostgres { get; init; }

    /// <summary>Other ways to violate it, which the self-test tries as well.</summary>
    public IReadOnlyList<string> AlsoPlanted { get; init; } = [];

    /// <inheritdoc cref="AlsoPlanted"/>
    public IReadOnlyList<string> AlsoPlantedOnPostgres { get; init; } = [];

    /// <summary>What forbids violations is what is violated: it is not switched off before.</summary>
    public bool PlantedAsItIs { get; init; }

    /// <summary>Judged payment by payment, together with all others of its kind.</summary>
    public bool OfEachPayment { get; private init; }

    public string SqlOn(EngineKind engine) => engine is EngineKind.Postgres && SqlOnPostgres is { } own ? own : Sql;

    public IEnumerable<string> PlantsOn(EngineKind engine) => engine is EngineKind.Postgres
        ? [PlantOnPostgres ?? Plant, .. AlsoPlanted, .. AlsoPlantedOnPostgres]
        : [Plant, .. AlsoPlanted];

    public static Invariant Of(string name, string meaning, string violatedWhere, string plant, params string[] alsoPlanted) =>
        new(name, meaning, violatedWhere, plant) { OfEachPayment = true, AlsoPlanted = alsoPlanted };

    /// <summary>In the order in which an operator should read them.</summary>
    public static IReadOnlyList<Invariant> All { get; } =
    [
        .. OfPayments(),
        .. RefundInvariants.All,
        .. GuardInvariants.All,
    ];

    private static IEnumerable<Invariant> OfPayments() =>
    [
        new("database_is_sound", "The database is whole, every constraint holds, and what it acknowledged is on disk.",
            "SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
            "UPDATE payments SET amount_rials = -1 WHERE status = 'Cancelled'")
        {
            SqlOnPostgres =
                """
                SELECT 'index ' || r.relname FROM pg_index i JOIN pg_class r ON r.oid = i.indexrelid
                    WHERE NOT i.indisvalid AND r.relnamespace = current_schema()::regnamespace
                UNION ALL SELECT 'constraint ' || conname FROM pg_constraint
                    WHERE NOT convalidated AND connamespace = current_schema()::regnamespace
                UNION ALL SELECT name || '=' || setting FROM pg_settings
                    WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting IN ('off', 'local')
                """,
            PlantOnPostgres = "ALTER TABLE payments ADD CONSTRAINT planted CHECK (amount_rials > 0) NOT VALID",
            AlsoPlantedOnPostgres = ["SET LOCAL synchronous_commit = off"],
        },
        new("references_lead_somewhere", "No row points to a row that is not there.",
            """SELECT "table" || ' row ' || coalesce(rowid, '?') FROM pragma_foreign_key_check""",
            "DELETE FROM payments WHERE status = 'Cancelled'")
        {
            SqlOnPostgres = // of transfers, which no index finds by payment, another question tells
                """
                SELECT 'payment ' || p.id FROM payments p LEFT JOIN merchants m ON m.id = p.merchant_id WHERE m.id IS NULL
                UNION ALL SELECT 'authorization of ' || a.payment_id FROM authorizations a LEFT JOIN payments p ON p.id = a.payment_id WHERE p.id IS NULL
                UNION ALL SELECT 'transition of ' || t.payment_id FROM transitions t LEFT JOIN payments p ON p.id = t.payment_id WHERE p.id IS NULL
                UNION ALL SELECT 'refund ' || r.id FROM refunds r LEFT JOIN payments p ON p.id = r.payment_id WHERE p.id IS NULL
                UNION ALL SELECT 'key ' || k.id FROM api_keys k LEFT JOIN merchants m ON m.id = k.merchant_id WHERE m.id IS NULL
                UNION ALL SELECT 'message of ' || n.payment_id FROM network_messages n LEFT JOIN payments p ON p.id = n.payment_id
                    WHERE n.payment_id IS NOT NULL AND p.id IS NULL
                """,
        },
        new("transfers_are_money", "Each transfer moves a positive amount from one account to another.",
            "SELECT 'transfer ' || id FROM transfers WHERE amount_rials <= 0 OR debit_account = credit_account",
            "UPDATE transfers SET credit_account = debit_account WHERE template = 'return'"),
        Of("every_move_is_posted", "Each move that moves money has its posting, on its accounts, with the payment's amount.",
            """
            (coalesce(b.posted, 0) & h.owed) <> h.owed OR b.misplaced > 0 OR b.least_rials <> p.amount_rials OR b.most_rials <> p.amount_rials
            OR b.payable <> 'merchant.payable:' || p.merchant_id
            OR b.ending <> CASE p.reversal_cause WHEN 'OutcomeUnknown' THEN 'doubt_resolved' ELSE 'reversal' END
            """,
            "DELETE FROM transfers WHERE template = 'verification'",
            "UPDATE transfers SET amount_rials = amount_rials * 2 WHERE template = 'return'",
            "UPDATE transfers SET debit_account = 'payer.returning' WHERE template = 'doubt'",
            "UPDATE transfers SET credit_account = 'merchant.payable:9' WHERE template = 'verification'",
            "UPDATE payments SET reversal_cause = 'NotVerified' WHERE reversal_cause = 'OutcomeUnknown' AND status = 'Reversed'"),
        Of("every_posting_has_its_move", "No posting without the payment and the move that caused it, and none twice.",
            "p.id IS NULL OR b.misnamed > 0 OR (b.posted & h.owed) <> b.posted",
            """
            INSERT INTO transfers (reference, template, debit_account, credit_account, amount_rials, at_ms, payment_id)
            SELECT 'planted', template, debit_account, credit_account, amount_rials, at_ms, payment_id FROM transfers LIMIT 1
            """,
            "UPDATE transfers SET payment_id = 999999, reference = '999999:' || template WHERE template = 'verification'",
            "UPDATE transfers SET reference = '0:' || reference WHERE template = 'return'",
            "UPDATE transfers SET template = 'other', reference = payment_id || ':other' WHERE template = 'doubt'"),
        Of("tests_stand_apart", "What is only tried out is posted in books of its own and asked of the test switch, and nothing else is.",
            """
            CASE WHEN p.token LIKE 'TEST%' THEN b.least_test_sides < 2 OR a.tests < a.asked ELSE b.most_test_sides > 0 OR a.tests > 0 END
            """,
            "UPDATE transfers SET debit_account = 'test.' || debit_account WHERE template = 'verification'",
            "UPDATE transfers SET credit_account = 'test.' || credit_account WHERE template = 'verification'",
            "UPDATE authorizations SET terminal_id = 'TEST0001' WHERE status = 'Approved'",
            "UPDATE payments SET token = 'TEST' || substr(token, 5) WHERE status = 'Verified'"),
        new("accounts_agree_with_payments", "What each account holds is what the payments and refunds in its state are worth.",
            """
            WITH sums AS (
                SELECT merchant_id, status, reversal_cause, sum(amount_rials) AS rials FROM payments GROUP BY merchant_id, status, reversal_cause),
            given AS (SELECT merchant_id, status, method, sum(amount_rials) AS rials FROM refunds GROUP BY merchant_id, status, method),
            parts (account, rials) AS (
                SELECT 'acquirer.receivable', sum(rials) FROM sums
                    WHERE status IN ('Authorized', 'Verified') OR (status = 'Reversing' AND reversal_cause <> 'OutcomeUnknown')
                UNION ALL SELECT 'payer.unverified', -sum(rials) FROM sums WHERE status = 'Authorized'
                UNION ALL SELECT 'payer.returning', -sum(rials) FROM sums WHERE status = 'Reversing' AND reversal_cause <> 'OutcomeUnknown'
                UNION ALL SELECT 'acquirer.unconfirmed', sum(rials) FROM sums WHERE status = 'Reversing' AND reversal_cause = 'OutcomeUnknown'
                UNION ALL SELECT 'payer.unconfirmed', -sum(rials) FROM sums WHERE status = 'Reversing' AND reversal_cause = 'OutcomeUnknown'
                UNION ALL SELECT 'merchant.payable:' || merchant_id, -sum(rials) FROM sums WHERE status = 'Verified' GROUP BY merchant_id
                UNION ALL SELECT 'merchant.payable:' || merchant_id, sum(rials) FROM given WHERE status <> 'Failed' GROUP BY merchant_id
                UNION ALL SELECT 'payer.refunding', -sum(rials) FROM given WHERE status IN ('Pending', 'Sending')
                UNION ALL SELECT 'acquirer.receivable', -sum(rials) FROM given WHERE status = 'Succeeded' AND method = 'Card'
                UNION ALL SELECT 'bank.payable', -sum(rials) FROM given WHERE status = 'Succeeded' AND method = 'Bank'),
            worth (account, rials) AS (SELECT account, sum(rials) FROM parts GROUP BY account),
            moved AS (SELECT debit_account, credit_account, sum(amount_rials) AS rials FROM transfers GROUP BY debit_account, credit_account),
            held (account, rials) AS (
                SELECT CASE WHEN account LIKE 'test.%' THEN substr(account, 6) ELSE account END, sum(rials) FROM (
                    SELECT debit_account AS account, rials FROM moved UNION ALL SELECT credit_account, -rials FROM moved) sides GROUP BY 1)
            SELECT coalesce(h.account, w.account) || ' holds ' || coalesce(h.rials, 0) || ', payments are worth ' || coalesce(w.rials, 0)
            FROM worth w FULL JOIN held h ON h.account = w.account
            WHERE coalesce(h.rials, 0) <> coalesce(w.rials, 0)
            """,
            "UPDATE transfers SET amount_rials = amount_rials + 1 WHERE template = 'approval'")
        {
            AlsoPlanted =
            [
                "UPDATE transfers SET amount_rials = amount_rials + 1 WHERE template = 'refund_request'",
                "UPDATE transfers SET credit_account = 'acquirer.receivable' WHERE template = 'refund_bank'",
            ],
        },
        Of("history_is_a_path", "The transitions of each payment follow each other along edges of the state machine.",
            "h.off_path > 0 OR h.first_version <> 0 OR h.steps <> h.version + 1",
            "UPDATE transitions SET from_status = 'Created' WHERE to_status = 'Verified'",
            "DELETE FROM transitions WHERE version = 0",
            "DELETE FROM transitions WHERE to_status = 'Authorizing'",
            "UPDATE transitions SET version = version + 1 WHERE to_status = 'Verified'",
            "UPDATE transitions SET to_status = 'Reversed' WHERE to_status = 'Failed'",
            "UPDATE transitions SET to_status = 'Failed' WHERE to_status = 'Authorizing'"),
        Of("history_ends_in_the_status", "The last transition of each payment is its status and version.",
            "h.status IS DISTINCT FROM p.status OR h.version <> p.version",
            "UPDATE payments SET status = 'Failed' WHERE status = 'Expired'",
            "UPDATE payments SET version = version + 1 WHERE status = 'Verified'",
            "DELETE FROM transitions WHERE payment_id = (SELECT id FROM payments WHERE status = 'Created')"),
        Of("history_goes_forward", "No transition of a payment is earlier than the one before it, but for the second by which clocks may differ.",
            "h.shortest_step_ms < -1000",
            "UPDATE transitions SET at_ms = 1 WHERE to_status = 'Verified'"),
        Of("paid_means_one_approval", "A paid payment has exactly one approved authorization, and it is the one that it names.",
            "p.status IN ('Authorized', 'Verified') AND (a.approved = 1 AND a.rrn = p.rrn AND a.card_mask = p.card_mask) IS NOT TRUE",
            "UPDATE authorizations SET status = 'Declined' WHERE payment_id = (SELECT id FROM payments WHERE status = 'Verified')",
            "UPDATE payments SET rrn = '000000000000' WHERE status = 'Verified'",
            "UPDATE payments SET card_mask = 'another' WHERE status = 'Authorized'",
            "DELETE FROM authorizations WHERE payment_id = (SELECT id FROM payments WHERE status = 'Verified')"),
        Of("unpaid_holds_nothing", "A payment that is over and not verified, or waits for a card, holds no approval.",
            "p.status IN ('Created', 'Reversed', 'Cancelled', 'Failed', 'Expired') AND a.holding > 0",
            "UPDATE authorizations SET status = 'Approved' WHERE payment_id = (SELECT id FROM payments WHERE status = 'Failed')"),
        Of("one_authorization_holds_money", "No payment has two authorizations that hold money, or may hold it.",
            "a.holding > 1",
            """
            DROP INDEX IF EXISTS authorizations_live;
            INSERT INTO authorizations (payment_id, number, stan, rrn, transmitted_at_ms, terminal_id, acceptor_id, category_code, amount_rials,
                card_mask, card_hash, status)
            SELECT payment_id, 2, '999999', '999999999999', transmitted_at_ms, terminal_id, acceptor_id, category_code, amount_rials,
                card_mask, card_hash, 'Approved'
            FROM authorizations WHERE payment_id = (SELECT id FROM payments WHERE status = 'Verified')
            """),
        Of("open_payments_are_looked_after", "Each payment that is not final has its row among the open ones, and no other has.",
            "(p.ended_at_ms IS NULL) <> (o.payment_id IS NOT NULL)",
            "DELETE FROM open_payments WHERE payment_id = (SELECT id FROM payments WHERE status = 'Authorized')",
            "UPDATE open_payments SET payment_id = (SELECT id FROM payments WHERE status = 'Verified') WHERE payment_id = (SELECT id FROM payments WHERE status = 'Created')"),
        Of("amounts_agree", "The network was asked for the payment's amount.",
            "a.least_rials <> p.amount_rials OR a.most_rials <> p.amount_rials",
            "UPDATE authorizations SET amount_rials = amount_rials + 1"),
        Of("verified_in_time", "No payment was verified after its deadline, and none returned before it but by its merchant.",
            "p.verified_at_ms >= p.verify_deadline_ms OR (h.returned_at_ms < p.verify_deadline_ms AND p.reversal_cause <> 'Merchant')",
            "UPDATE payments SET verified_at_ms = verify_deadline_ms WHERE status = 'Verified'",
            "UPDATE transitions SET at_ms = at_ms - 1 WHERE from_status = 'Authorized' AND to_status = 'Reversing'"),
        Of("tokens_are_well_formed", "Each token has 30 characters of A-Z and 0-9.",
            "length(p.token) <> 30 OR p.token GLOB '*[^A-Z0-9]*'",
            "UPDATE payments SET token = lower(token) WHERE status = 'Created'") with
        {
            SqlOnPostgres = "length(p.token) <> 30 OR p.token ~ '[^A-Z0-9]'",
        },
        new("trace_numbers_are_unique", "No terminal used a trace number twice on one day.",
            """
            SELECT 'terminal ' || terminal_id || ' STAN ' || stan FROM authorizations -- of refunds see refund_references_are_unique
            GROUP BY terminal_id, stan, (transmitted_at_ms + 12600000) / 86400000 HAVING count(*) > 1
            """,
            "UPDATE authorizations SET stan = '000001', transmitted_at_ms = 0")
        {
            SqlOnPostgres = // as many groups as rows: sorted by one number they take a third of the time that hashing takes
                """
                SET LOCAL enable_hashagg = off;
                SELECT 'terminal ' || terminal_id || ', day and STAN ' || (transmitted_at_ms + 12600000) / 86400000 * 1000000 + CAST(stan AS bigint)
                FROM authorizations
                GROUP BY (transmitted_at_ms + 12600000) / 86400000 * 1000000 + CAST(stan AS bigint), terminal_id HAVING count(*) > 1;
                SET LOCAL enable_hashagg = on
                """,
        },
        new("sealed_cards_are_erased", "No card is kept for a payment that needs it no more.",
            """
            SELECT 'payment ' || p.id FROM open_payments o JOIN payments p ON p.id = o.payment_id
            WHERE o.sealed_card IS NOT NULL AND p.status IN ('Created', 'Verified', 'Reversed', 'Cancelled', 'Failed', 'Expired')
            UNION ALL
            SELECT 'card for refunds of payment ' || c.payment_id FROM refundable_cards c LEFT JOIN payments p ON p.id = c.payment_id
            WHERE p.status IS NULL OR p.status <> 'Verified' OR p.amount_rials =
                (SELECT sum(amount_rials) FROM refunds r WHERE r.payment_id = c.payment_id AND r.status = 'Succeeded')
            """,
            "UPDATE open_payments SET sealed_card = x'00' WHERE payment_id = (SELECT id FROM payments WHERE status = 'Created')")
        {
            PlantOnPostgres = @"UPDATE open_payments SET sealed_card = '\x00' WHERE payment_id = (SELECT id FROM payments WHERE status = 'Created')",
            AlsoPlanted =
            [
                "UPDATE refundable_cards SET payment_id = (SELECT id FROM payments WHERE status = 'Created')",
                "UPDATE refunds SET amount_rials = 9000 WHERE method = 'Card' AND status = 'Succeeded'",
            ],
        },
        new("what_may_go_back_can_go_back", "The card is kept as long as a payment may have to be reversed.",
            """
            SELECT 'payment ' || p.id FROM open_payments o JOIN payments p ON p.id = o.payment_id
            WHERE o.sealed_card IS NULL AND p.status IN ('Authorizing', 'Authorized', 'Reversing')
            """,
            "UPDATE open_payments SET sealed_card = NULL WHERE payment_id = (SELECT id FROM payments WHERE status = 'Reversing')"),
        new("sealed_cards_have_their_key", "Every sealed card names a key that is there.",
            """
            SELECT kind || ' ' || id FROM (
                SELECT 'payment' AS kind, CAST(payment_id AS text) AS id, sealed_card AS card FROM open_payments WHERE sealed_card IS NOT NULL
                UNION ALL SELECT 'saved card', id, sealed FROM saved_cards
                UNION ALL SELECT 'card for refunds of payment', CAST(payment_id AS text), sealed_card FROM refundable_cards) c
            WHERE NOT EXISTS (SELECT 1 FROM card_keys k WHERE k.head = substr(c.card, 1, 4) AND k.wrapped IS NOT NULL)
                AND EXISTS (SELECT 1 FROM card_keys) -- books of an earlier version have theirs in a file until they are opened
            """,
            "UPDATE card_keys SET state = 'Retired', wrapped = NULL, retired_at_ms = 1 WHERE purpose = 'Seal'")
        {
            AlsoPlanted =
            [
                "DELETE FROM card_keys WHERE purpose = 'Seal'",
                "UPDATE card_keys SET head = NULL WHERE purpose = 'Seal'",
            ],
        },
        new("one_key_seals", "Where there are card keys, one seals and one recognises.",
            """
            SELECT n.purpose || ': ' || n.current_keys FROM (
                SELECT 'Seal' AS purpose, count(*) AS current_keys FROM card_keys WHERE purpose = 'Seal' AND state = 'Current'
                UNION ALL SELECT 'Hash', count(*) FROM card_keys WHERE purpose = 'Hash' AND state = 'Current') n
            WHERE n.current_keys <> 1 AND EXISTS (SELECT 1 FROM card_keys)
            """,
            "UPDATE card_keys SET state = 'Old' WHERE purpose = 'Seal'")
        {
            AlsoPlanted = ["DELETE FROM card_keys WHERE purpose = 'Hash'"],
        },
        new("open_cards_are_young", "No card is kept for a payment that was asked of the network more than a week ago.",
            """
            SELECT 'payment ' || o.payment_id FROM open_payments o JOIN payments p ON p.id = o.payment_id
                JOIN authorizations a ON a.payment_id = p.id AND a.number = p.authorizations
            WHERE o.sealed_card IS NOT NULL AND a.transmitted_at_ms < @now - 7 * 86400000
            """,
            "UPDATE authorizations SET transmitted_at_ms = 1 WHERE payment_id = (SELECT id FROM payments WHERE status = 'Reversing')"),
        new("the_journal_holds_no_card_data", "No message in the journal shows a card number, CVV2 or PIN block.",
            """
            SELECT 'message ' || id FROM network_messages
            WHERE summary GLOB '* 2=[0-9][0-9][0-9][0-9][0-9][0-9][0-9]*' OR summary GLOB '* 48=[^(]*' OR summary GLOB '* 52=[^(]*'
            """,
            "INSERT INTO network_messages (at_ms, event, mti, summary) VALUES (1, 'sent', '1200', '1200 2=' || replace(hex(zeroblob(8)), 'A', '0'))")
        {
            SqlOnPostgres = "SELECT 'message ' || id FROM network_messages WHERE summary ~ ' 2=[0-9]{7}| 48=[^(]| 52=[^(]'",
            PlantOnPostgres = "INSERT INTO network_messages (at_ms, event, mti, summary) VALUES (1, 'sent', '1200', '1200 2=' || repeat('0', 16))",
        },
        new("nothing_is_put_aside", "No payment waits for an operator (canpay payment show tells why, payment retry tries again).",
            """
            SELECT 'payment ' || p.id || ' ' || p.token || ': ' || coalesce(o.job_note, '')
            FROM open_payments o JOIN payments p ON p.id = o.payment_id WHERE o.due_at_ms IS NULL
            """,
            "UPDATE open_payments SET due_at_ms = NULL, job_note = 'planted' WHERE payment_id = (SELECT id FROM payments WHERE status = 'Reversing')"),
        new("nothing_is_overdue", "Nobody has waited for more than a minute.",
            """
            SELECT 'payment ' || p.id || ' ' || p.status FROM open_payments o JOIN payments p ON p.id = o.payment_id
            WHERE o.due_at_ms < @now - 60000 AND o.lease_until_ms < @now
            """,
            "UPDATE open_payments SET due_at_ms = 1 WHERE payment_id = (SELECT id FROM payments WHERE status = 'Authorized')", OnlyAtRest: true),
        .. WebhookInvariants.All,
    ];
}
