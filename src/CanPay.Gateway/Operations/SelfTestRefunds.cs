namespace CanPay.Gateway.Operations;

/// <summary>Refunds in every status, of the one verified payment of the self-test's books.</summary>
internal static class SelfTestRefunds
{
    /// <summary>The triggers are on: they keep the sums.</summary>
    public static async Task Make(SelfTestBooks books)
    {
        foreach (var (number, method, status, ending) in new[]
        {
            (1, "Card", "Succeeded", "card"), (2, "Bank", "Succeeded", "bank"), (3, "Bank", "Pending", null), (4, "Card", "Sending", null),
            (5, "Card", "Failed", "failed"),
        })
        {
            var (began, isCard) = (method is "Card" ? "Sending" : "Pending", method is "Card");
            await books.Execute(
                $"""
                INSERT INTO refunds (id, payment_id, merchant_id, refund_id, request_hash, amount_rials, reason, method, status, version, stan, rrn,
                    transmitted_at_ms, created_at_ms, due_at_ms)
                SELECT {number}, id, merchant_id, 'self-test-{number}', 'hash', 1000, 'Other', '{method}', '{began}', 0,
                    {(isCard ? $"'90000{number}', '60010990000{number}', verified_at_ms" : "NULL, NULL, NULL")}, verified_at_ms,
                    {(isCard ? "verified_at_ms" : "NULL")}
                FROM payments WHERE status = 'Verified'
                """);
            await Post(books, number, "request", "'merchant.payable:' || merchant_id", "'payer.refunding'");
            if (ending is null)
            {
                continue;
            }

            await books.Execute(
                $"""
                UPDATE refunds SET status = '{status}', version = 1, ended_at_ms = created_at_ms, due_at_ms = NULL,
                    failure = {(status is "Failed" ? "'declined_by_issuer 100'" : "NULL")}
                WHERE id = {number}
                """);
            await Post(books, number, ending, "'payer.refunding'", ending switch
            {
                "card" => "'acquirer.receivable'",
                "bank" => "'bank.payable'",
                _ => "'merchant.payable:' || merchant_id",
            });
        }
    }

    private static Task Post(SelfTestBooks books, int number, string what, string debit, string credit) => books.Execute(
        $"""
        INSERT INTO transfers (reference, template, debit_account, credit_account, amount_rials, at_ms, payment_id)
        SELECT payment_id || ':refund:' || id || ':{what}', 'refund_{what}', {debit}, {credit}, amount_rials, created_at_ms, payment_id
        FROM refunds WHERE id = {number}
        """);
}
