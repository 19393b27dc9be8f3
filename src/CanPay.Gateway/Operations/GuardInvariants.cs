using CanPay.Gateway.Storage;

namespace CanPay.Gateway.Operations;

/// <summary>What must be true of whatever guards the books: rights, deadlines, leases, proofs, answers; and of texts, which show no card.</summary>
internal static class GuardInvariants
{
    /// <summary>Longer than any lease may be set to, and clocks differ by less.</summary>
    private const string TwoHours = "7200000";

    public static IReadOnlyList<Invariant> All { get; } =
    [
        new("the_books_are_append_only", "What keeps transfers, history and journal from being changed is in force.",
            """
            SELECT 'trigger ' || g.name FROM (SELECT 'transfers_are_never_updated' AS name UNION ALL SELECT 'transfers_are_never_deleted'
                UNION ALL SELECT 'transitions_are_never_updated' UNION ALL SELECT 'transitions_are_kept_with_their_payment'
                UNION ALL SELECT 'network_messages_are_never_updated' UNION ALL SELECT 'messages_are_kept_for_their_time'
                UNION ALL SELECT 'payments_with_money_are_kept' UNION ALL SELECT 'refunds_are_kept') g
            WHERE NOT EXISTS (SELECT 1 FROM sqlite_master m WHERE m.type = 'trigger' AND m.name = g.name)
            """,
            "DROP TRIGGER transfers_are_never_deleted")
        {
            PlantedAsItIs = true,
            SqlOnPostgres =
                """
                SELECT 'trigger ' || g.name FROM unnest(ARRAY['transfers_are_append_only', 'transitions_are_append_only',
                    'transitions_are_kept_with_their_payment', 'network_messages_are_append_only', 'messages_are_kept_for_their_time',
                    'payments_with_money_are_kept', 'refunds_are_kept']) AS g (name)
                WHERE NOT EXISTS (SELECT 1 FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
                    WHERE c.relnamespace = current_schema()::regnamespace AND t.tgname = g.name AND t.tgenabled IN ('O', 'A'))
                UNION ALL
                SELECT coalesce(r.rolname, 'everybody') || ' may ' || x.privilege_type || ' ' || c.relname
                FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) x LEFT JOIN pg_roles r ON r.oid = x.grantee
                WHERE c.relnamespace = current_schema()::regnamespace AND x.grantee <> c.relowner
                    AND ((c.relname IN ('transfers', 'transitions', 'network_messages') AND x.privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER'))
                        OR (c.relname IN ('payments', 'authorizations', 'refunds') AND x.privilege_type IN ('DELETE', 'TRUNCATE', 'TRIGGER')))
                """,
            PlantOnPostgres = "ALTER TABLE transfers DISABLE TRIGGER transfers_are_append_only",
            AlsoPlantedOnPostgres = ["GRANT UPDATE ON transfers TO PUBLIC", "GRANT TRUNCATE ON payments TO PUBLIC"],
        },
        Invariant.Of("expired_in_time", "No payment expired before the time of its page was over, but for the second by which clocks may differ.",
            "h.expired_at_ms < p.page_expires_at_ms - 1000",
            "UPDATE transitions SET at_ms = 1 WHERE to_status = 'Expired'"),
        Invariant.Of("notes_show_no_card", "No note of what the network answered shows a row of 13 digits or more.",
            "a.noted_cards > 0",
            "UPDATE authorizations SET note = 'card 6037991234567893 refused' WHERE payment_id = (SELECT id FROM payments WHERE status = 'Failed')"),
        new("texts_show_no_card", "No reason, note or name of a card shows a row of 13 digits or more.",
            Texts(EngineKind.Sqlite),
            "UPDATE open_payments SET job_note = 'card 6037991234567893 refused' WHERE payment_id = (SELECT id FROM payments WHERE status = 'Reversing')")
        {
            SqlOnPostgres = Texts(EngineKind.Postgres),
            AlsoPlanted =
            [
                "UPDATE saved_cards SET label = '6037991234567893'",
                "UPDATE refunds SET failure = 'card 6037991234567893' WHERE status = 'Failed'",
                "INSERT INTO holds (reason, is_after_restore, placed_at_ms) VALUES ('because of 6037991234567893', FALSE, 1)",
            ],
        },
        new("answers_are_true", "What is kept as the answer to a verify, reverse or refund under a key is what the books say, of the merchant that asked.",
            Answers("json_extract(s.body, '$.data.", "')"),
            Answer("""{"card":"5022-29**-****-7122","reference":"000000000000","amount":10000,"already_verified":false}"""))
        {
            SqlOnPostgres = Answers("(s.body::json->'data'->>'", "')"),
            AlsoPlanted =
            [
                "UPDATE stored_answers SET merchant_id = 9",
                "UPDATE stored_answers SET body = replace(body, '\"amount\":10000', '\"amount\":10001')",
                "UPDATE payments SET status = 'Reversing' WHERE status = 'Verified'",
                Answer("""{"token":"000000000000000000000000000000","amount":10000,"status":"reversed","already_reversed":false}"""),
                Answer("""{"refund_id":"no-such","amount":1000}"""),
            ],
        },
        new("saved_cards_were_proved", "Each saved card names the one-time code by which its owner proved to have the mobile; of the last 12 hours the code is there.",
            """
            SELECT 'saved card ' || s.id FROM saved_cards s LEFT JOIN one_time_codes c ON c.id = s.proof_id
            WHERE (c.id IS NULL AND s.saved_at_ms > @now - 43200000) OR c.owner <> s.owner OR (c.id IS NOT NULL AND c.proved_at_ms IS NULL)
            """,
            "UPDATE one_time_codes SET proved_at_ms = NULL")
        {
            AlsoPlanted = ["UPDATE saved_cards SET owner = 'another'", "DELETE FROM one_time_codes"],
        },
        new("leases_end", "No worker has anything for longer than two hours, and each lease is one that was counted.",
            $"""
            SELECT 'payment ' || payment_id FROM open_payments WHERE lease_until_ms > @now + {TwoHours} OR (lease_until_ms > 0 AND lease_epoch <= 0)
            UNION ALL
            SELECT 'refund ' || id FROM refunds WHERE due_at_ms IS NOT NULL AND (lease_until_ms > @now + {TwoHours} OR (lease_until_ms > 0 AND lease_epoch <= 0))
            UNION ALL
            SELECT 'delivery ' || id FROM webhook_deliveries
            WHERE status = 'Pending' AND (lease_until_ms > @now + {TwoHours} OR (lease_until_ms > 0 AND lease_epoch <= 0))
            """,
            "UPDATE open_payments SET lease_until_ms = 9000000000000, lease_epoch = 1 WHERE payment_id = (SELECT id FROM payments WHERE status = 'Authorized')")
        {
            AlsoPlanted =
            [
                "UPDATE open_payments SET lease_until_ms = 1, lease_epoch = 0",
                "UPDATE refunds SET lease_until_ms = 9000000000000, lease_epoch = 1 WHERE status = 'Sending'",
                "UPDATE webhook_deliveries SET lease_until_ms = 9000000000000, lease_epoch = 1 WHERE status = 'Pending'",
            ],
        },
        new("nothing_is_put_off", "Nothing that somebody must look after is due only in more than a month.",
            """
            SELECT 'payment ' || payment_id FROM open_payments WHERE due_at_ms > @now + 2678400000
            UNION ALL SELECT 'refund ' || id FROM refunds WHERE due_at_ms > @now + 2678400000
            """,
            "UPDATE open_payments SET due_at_ms = 9000000000000 WHERE payment_id = (SELECT id FROM payments WHERE status = 'Reversing')")
        {
            AlsoPlanted = ["UPDATE refunds SET due_at_ms = 9000000000000 WHERE status = 'Sending'"],
        },
        new("no_state_outlives_its_time", "No payment is still open, being asked or unverified a minute after its time was over, whatever its job says.",
            """
            SELECT 'payment ' || p.id || ' ' || p.status FROM open_payments o JOIN payments p ON p.id = o.payment_id
                LEFT JOIN authorizations a ON a.payment_id = p.id AND a.number = p.authorizations
            WHERE o.due_at_ms IS NOT NULL AND CASE p.status WHEN 'Created' THEN p.page_expires_at_ms WHEN 'Authorized' THEN p.verify_deadline_ms
                WHEN 'Authorizing' THEN a.transmitted_at_ms + 900000 END < @now - 60000
            """,
            "UPDATE payments SET verify_deadline_ms = 1 WHERE status = 'Authorized'", OnlyAtRest: true)
        {
            AlsoPlanted =
            [
                "UPDATE payments SET page_expires_at_ms = 1 WHERE status = 'Created'",
                "UPDATE authorizations SET transmitted_at_ms = 1 WHERE payment_id = (SELECT id FROM payments WHERE status = 'Authorizing')",
            ],
        },
    ];

    private static string Texts(EngineKind engine) =>
        $"""
        SELECT t.place FROM (
            SELECT 'payment ' || payment_id AS place, job_note AS text FROM open_payments
            UNION ALL SELECT 'refund ' || id, coalesce(failure, '') || ' ' || coalesce(job_note, '') FROM refunds WHERE failure IS NOT NULL OR job_note IS NOT NULL
            UNION ALL SELECT 'hold ' || id, reason || ' ' || coalesce(release_note, '') FROM holds
            UNION ALL SELECT 'endpoint ' || key, note FROM webhook_endpoints
            UNION ALL SELECT 'saved card ' || id, label FROM saved_cards) t
        WHERE t.text {EachPayment.ShowsACard(engine)}
        """;

    /// <summary>Verified payments, and those that were given back, are found by their references, which have indexes.</summary>
    private static string Answers(string from, string to)
    {
        string Said(string member) => from + member + to;
        return $"""
            SELECT 'answer ' || s.key || ' of merchant ' || s.merchant_id FROM stored_answers s
            WHERE (s.body LIKE '%"already_verified":%' AND NOT EXISTS (
                    SELECT 1 FROM authorizations a JOIN payments p ON p.id = a.payment_id
                    WHERE a.rrn = {Said("reference")} AND a.status = 'Approved' AND p.status = 'Verified' AND p.merchant_id = s.merchant_id
                        AND p.card_mask = {Said("card")} AND CAST(p.amount_rials AS text) = CAST({Said("amount")} AS text)))
                OR (s.body LIKE '%"already_reversed":%' AND NOT EXISTS (
                    SELECT 1 FROM payments p WHERE p.token = {Said("token")} AND p.merchant_id = s.merchant_id AND p.reversal_cause = 'Merchant'
                        AND CAST(p.amount_rials AS text) = CAST({Said("amount")} AS text)))
                OR (s.body LIKE '%"refund_id":%' AND NOT EXISTS (
                    SELECT 1 FROM refunds r WHERE r.merchant_id = s.merchant_id AND r.refund_id = {Said("refund_id")}
                        AND CAST(r.amount_rials AS text) = CAST({Said("amount")} AS text)))
            """;
    }

    private static string Answer(string data) =>
        $$"""INSERT INTO stored_answers (merchant_id, key, request_hash, body, created_at_ms) VALUES (1, 'planted', 'planted', '{"status":true,"data":{{data}}}', 1)""";
}
