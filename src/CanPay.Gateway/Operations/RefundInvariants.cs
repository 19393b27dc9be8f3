namespace CanPay.Gateway.Operations;

/// <summary>What must be true of refunds at any time.</summary>
internal static class RefundInvariants
{
    public static IReadOnlyList<Invariant> All { get; } =
    [
        new("refunds_are_posted", "Each refund has its postings, on its accounts, with its amount; and no posting of a refund is without it.",
            """
            WITH made AS (
                SELECT r.id, r.payment_id, r.merchant_id, r.amount_rials, r.status, CASE WHEN p.token LIKE 'TEST%' THEN 'test.' ELSE '' END AS book,
                    CASE WHEN r.status = 'Failed' THEN 'failed' WHEN r.method = 'Card' THEN 'card' ELSE 'bank' END AS ending
                FROM refunds r LEFT JOIN payments p ON p.id = r.payment_id),
            owed AS (
                SELECT payment_id || ':refund:' || id || ':request' AS reference, 'refund_request' AS template,
                    book || 'merchant.payable:' || merchant_id AS debit_account, book || 'payer.refunding' AS credit_account, amount_rials, payment_id
                FROM made
                UNION ALL
                SELECT payment_id || ':refund:' || id || ':' || ending, 'refund_' || ending, book || 'payer.refunding',
                    book || CASE ending WHEN 'card' THEN 'acquirer.receivable' WHEN 'bank' THEN 'bank.payable' ELSE 'merchant.payable:' || merchant_id END,
                    amount_rials, payment_id
                FROM made WHERE status IN ('Succeeded', 'Failed')),
            posted AS (
                SELECT reference, template, debit_account, credit_account, amount_rials, payment_id FROM transfers
                WHERE template IN ('refund_request', 'refund_card', 'refund_bank', 'refund_failed'))
            SELECT coalesce(o.reference, t.reference) FROM owed o FULL JOIN posted t ON t.reference = o.reference
            WHERE o.reference IS NULL OR t.reference IS NULL OR t.template <> o.template OR t.debit_account <> o.debit_account
                OR t.credit_account <> o.credit_account OR t.amount_rials <> o.amount_rials OR t.payment_id <> o.payment_id
            """,
            "DELETE FROM transfers WHERE template = 'refund_request'")
        {
            AlsoPlanted =
            [
                "DELETE FROM transfers WHERE template = 'refund_failed'",
                "UPDATE transfers SET template = 'refund_card' WHERE template = 'refund_bank'",
                "UPDATE transfers SET credit_account = 'bank.payable' WHERE template = 'refund_card'",
                "UPDATE transfers SET debit_account = 'merchant.payable:9' WHERE template = 'refund_request'",
                "UPDATE transfers SET debit_account = 'test.' || debit_account WHERE template = 'refund_request'",
                "UPDATE transfers SET amount_rials = amount_rials + 1 WHERE template = 'refund_card'",
                "UPDATE transfers SET reference = '0:refund:0:card' WHERE template = 'refund_card'",
                "DELETE FROM refunds WHERE status = 'Failed'",
            ],
        },
        new("no_more_is_refunded_than_was_paid", "What is, or may be, given back of a payment is not more than was paid, and the merchant's own.",
            """
            SELECT 'payment ' || r.payment_id FROM refunds r LEFT JOIN payments p ON p.id = r.payment_id
            GROUP BY r.payment_id, p.id, p.status, p.merchant_id, p.amount_rials
            HAVING p.id IS NULL OR p.status <> 'Verified' OR min(r.merchant_id) <> p.merchant_id OR max(r.merchant_id) <> p.merchant_id
                OR sum(CASE WHEN r.status = 'Failed' THEN 0 ELSE r.amount_rials END) > p.amount_rials
            """,
            "UPDATE refunds SET amount_rials = 10001 WHERE method = 'Card' AND status = 'Succeeded'")
        {
            AlsoPlanted =
            [
                "UPDATE refunds SET merchant_id = 9 WHERE status = 'Pending'",
                "UPDATE refunds SET payment_id = (SELECT id FROM payments WHERE status = 'Created') WHERE status = 'Pending'",
            ],
        },
        new("sums_of_refunds_agree", "The sum by which the books refuse too much is that of the refunds that have not failed.",
            """
            SELECT 'payment ' || coalesce(g.payment_id, r.payment_id)
            FROM payment_refunds g FULL JOIN (
                SELECT payment_id, sum(CASE WHEN status = 'Failed' THEN 0 ELSE amount_rials END) AS rials FROM refunds GROUP BY payment_id) r
                ON r.payment_id = g.payment_id
            LEFT JOIN payments p ON p.id = g.payment_id
            WHERE g.payment_id IS NULL OR coalesce(r.rials, 0) <> g.refunded_rials OR p.amount_rials IS NULL OR g.paid_rials <> p.amount_rials
            """,
            "UPDATE payment_refunds SET refunded_rials = refunded_rials - 1")
        {
            AlsoPlanted = ["DELETE FROM payment_refunds", "UPDATE payment_refunds SET paid_rials = paid_rials + 1"],
        },
        new("refund_references_are_unique", "No reference of a refund is one of a purchase.",
            "SELECT 'refund ' || r.id FROM refunds r JOIN authorizations a ON a.rrn = r.rrn",
            "UPDATE refunds SET rrn = (SELECT min(rrn) FROM authorizations) WHERE status = 'Sending'"),
        new("what_is_refunded_can_be_sent", "The card is kept as long as a refund to it is under way.",
            """
            SELECT 'refund ' || r.id FROM refunds r
            WHERE r.status = 'Sending' AND NOT EXISTS (SELECT 1 FROM refundable_cards c WHERE c.payment_id = r.payment_id)
            """,
            "DELETE FROM refundable_cards"),
        new("cards_for_refunds_are_young", "No card is kept for refunds beyond its time.",
            """
            SELECT 'payment ' || c.payment_id FROM refundable_cards c
            WHERE c.forget_at_ms < @now - 86400000
                AND NOT EXISTS (SELECT 1 FROM refunds r WHERE r.payment_id = c.payment_id AND r.status = 'Sending')
            """,
            "UPDATE refundable_cards SET forget_at_ms = 1; UPDATE refunds SET payment_id = 0 WHERE status = 'Sending'"),
        new("no_refund_is_put_aside", "No card refund waits for an operator (canpay refund show tells why, refund retry tries again).",
            "SELECT 'refund ' || id || ': ' || coalesce(job_note, '') FROM refunds WHERE status = 'Sending' AND due_at_ms IS NULL",
            "UPDATE refunds SET due_at_ms = NULL, job_note = 'planted' WHERE status = 'Sending'"),
        new("no_refund_is_overdue", "No card refund has waited for more than a minute.",
            "SELECT 'refund ' || id FROM refunds WHERE due_at_ms < @now - 60000 AND lease_until_ms < @now",
            "UPDATE refunds SET due_at_ms = 1 WHERE status = 'Sending'", OnlyAtRest: true),
    ];
}
