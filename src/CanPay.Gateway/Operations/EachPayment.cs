using System.Globalization;
using CanPay.Gateway.Storage;

namespace CanPay.Gateway.Operations;

/// <summary>
/// Every payment once, beside the sums of what belongs to it, so that one reading of the tables answers all that must be true of
/// each payment: <c>p</c> the payment, <c>h</c> its history, <c>a</c> its authorizations, <c>o</c> its row among the open ones, <c>b</c>
/// its bookings (also those of payments that are not there), without those of refunds: <see cref="RefundInvariants"/>.
/// </summary>
internal static class EachPayment
{
    /// <summary>Payments of one question: what is sorted and hashed for them has room in the server's memory.</summary>
    private const long IdsAtOnce = 2_000_000;

    /// <summary>
    /// Owed and posted are sums with a hexadecimal digit for each posting, which says how often: 0x1 approval, 0x10 verification,
    /// 0x100 return, 0x1000 doubt, 0x10000 the end of one of the last two, 0x100000 whatever else.
    /// </summary>
    private const string Rows =
        """
        FROM (SELECT * FROM payments WHERE id BETWEEN @first AND @last) p
        LEFT JOIN (
            SELECT t.payment_id, max(version) AS version, min(version) AS first_version, count(*) AS steps,
                max(CASE WHEN next_from IS NULL THEN to_status END) AS status,
                min(next_at_ms - at_ms) AS shortest_step_ms,
                min(CASE WHEN to_status = 'Expired' THEN at_ms END) AS expired_at_ms,
                min(CASE WHEN from_status = 'Authorized' AND to_status = 'Reversing' THEN at_ms END) AS returned_at_ms,
                sum(CASE WHEN (next_from IS NULL OR next_from = to_status) AND CASE coalesce(from_status, '')
                    WHEN '' THEN version = 0 AND to_status = 'Created'
                    WHEN 'Created' THEN to_status IN ('Authorizing', 'Cancelled', 'Expired')
                    WHEN 'Authorizing' THEN to_status IN ('Created', 'Failed', 'Authorized', 'Reversing')
                    WHEN 'Authorized' THEN to_status IN ('Verified', 'Reversing')
                    WHEN 'Reversing' THEN to_status = 'Reversed'
                    ELSE 0 = 1 END THEN 0 ELSE 1 END) AS off_path,
                sum(CASE from_status
                    WHEN 'Authorizing' THEN CASE to_status WHEN 'Authorized' THEN 1 WHEN 'Reversing' THEN 4096 ELSE 0 END
                    WHEN 'Authorized' THEN CASE to_status WHEN 'Verified' THEN 16 WHEN 'Reversing' THEN 256 ELSE 0 END
                    WHEN 'Reversing' THEN 65536 ELSE 0 END) AS owed
            FROM (
                SELECT payment_id, version, at_ms, from_status, to_status,
                    lead(from_status) OVER following AS next_from, lead(at_ms) OVER following AS next_at_ms
                FROM transitions WHERE payment_id BETWEEN @first AND @last
                WINDOW following AS (PARTITION BY payment_id ORDER BY version)) t
            GROUP BY t.payment_id) h ON h.payment_id = p.id
        LEFT JOIN (
            SELECT payment_id, min(amount_rials) AS least_rials, max(amount_rials) AS most_rials,
                sum(CASE WHEN status IN ('Pending', 'Approved', 'Unknown') THEN 1 ELSE 0 END) AS holding,
                sum(CASE WHEN status = 'Approved' THEN 1 ELSE 0 END) AS approved,
                sum(CASE WHEN terminal_id LIKE 'TEST%' THEN 1 ELSE 0 END) AS tests, count(*) AS asked,
                sum(CASE WHEN note IS NOT NULL AND note @shows_a_card THEN 1 ELSE 0 END) AS noted_cards,
                max(CASE WHEN status = 'Approved' THEN rrn END) AS rrn,
                max(CASE WHEN status = 'Approved' THEN card_mask END) AS card_mask
            FROM authorizations WHERE payment_id BETWEEN @first AND @last GROUP BY payment_id) a ON a.payment_id = p.id
        LEFT JOIN open_payments o ON o.payment_id = p.id
        FULL JOIN (
            SELECT payment_id, min(amount_rials) AS least_rials, max(amount_rials) AS most_rials,
                max(CASE template WHEN 'verification' THEN credit_account END) AS payable,
                sum(CASE WHEN reference = payment_id || ':' || template THEN 0 ELSE 1 END) AS misnamed,
                sum(CASE template WHEN 'approval' THEN 1 WHEN 'verification' THEN 16 WHEN 'return' THEN 256 WHEN 'doubt' THEN 4096
                    WHEN 'reversal' THEN 65536 WHEN 'doubt_resolved' THEN 65536 ELSE 1048576 END) AS posted,
                max(CASE WHEN template IN ('reversal', 'doubt_resolved') THEN template END) AS ending,
                min(test_sides) AS least_test_sides, max(test_sides) AS most_test_sides,
                sum(CASE WHEN CASE template
                    WHEN 'approval' THEN debit_account = 'acquirer.receivable' AND credit_account = 'payer.unverified'
                    WHEN 'verification' THEN debit_account = 'payer.unverified' AND credit_account LIKE 'merchant.payable:%'
                    WHEN 'return' THEN debit_account = 'payer.unverified' AND credit_account = 'payer.returning'
                    WHEN 'reversal' THEN debit_account = 'payer.returning' AND credit_account = 'acquirer.receivable'
                    WHEN 'doubt' THEN debit_account = 'acquirer.unconfirmed' AND credit_account = 'payer.unconfirmed'
                    WHEN 'doubt_resolved' THEN debit_account = 'payer.unconfirmed' AND credit_account = 'acquirer.unconfirmed'
                    ELSE 0 = 1 END THEN 0 ELSE 1 END) AS misplaced
            FROM (
                SELECT payment_id, reference, template, amount_rials,
                    CASE WHEN debit_account LIKE 'test.%' THEN substr(debit_account, 6) ELSE debit_account END AS debit_account,
                    CASE WHEN credit_account LIKE 'test.%' THEN substr(credit_account, 6) ELSE credit_account END AS credit_account,
                    CASE WHEN debit_account LIKE 'test.%' THEN 1 ELSE 0 END + CASE WHEN credit_account LIKE 'test.%' THEN 1 ELSE 0 END AS test_sides
                FROM transfers WHERE payment_id BETWEEN @first AND @last
                    AND template NOT IN ('refund_request', 'refund_card', 'refund_bank', 'refund_failed')) t
            GROUP BY payment_id) b ON b.payment_id = p.id
        """;

    /// <summary>The questions that together look at every payment.</summary>
    /// <param name="invariants">Of each payment; any of them.</param>
    /// <param name="lastId">The highest id of a payment.</param>
    /// <param name="atLeast">As many questions, if there are as many payments: so many are asked at once.</param>
    public static IEnumerable<Question> Questions(IReadOnlyList<Invariant> invariants, EngineKind engine, long lastId, int atLeast)
    {
        var width = Math.Clamp(lastId / atLeast + 1, 1, IdsAtOnce);
        for (var from = 0L; from <= lastId; from += width)
        {
            var first = from == 0 ? -long.MaxValue : from;
            var last = from + width > lastId ? long.MaxValue : from + width - 1;
            yield return new Question(Sql(invariants, engine, first, last), invariants);
        }
    }

    private static string Sql(IReadOnlyList<Invariant> invariants, EngineKind engine, long first, long last)
    {
        var violated = invariants.Select(invariant => $"({invariant.SqlOn(engine)})").ToList();
        return $"""
            SELECT 'payment ' || coalesce(p.id, b.payment_id), {string.Join(", ", violated.Select(condition => $"{condition} IS TRUE"))}
            {Rows.Replace("@shows_a_card", ShowsACard(engine), StringComparison.Ordinal).Replace("@first", Number(first), StringComparison.Ordinal).Replace("@last", Number(last), StringComparison.Ordinal)}
            WHERE {string.Join(" OR ", violated)}
            """;
    }

    /// <summary>The end of a condition: the text before it has a row of 13 digits or more.</summary>
    public static string ShowsACard(EngineKind engine) => engine is EngineKind.Postgres
        ? "~ '[0-9]{13}'"
        : "GLOB '*[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]*'";

    private static string Number(long id) => id.ToString(CultureInfo.InvariantCulture);
}
