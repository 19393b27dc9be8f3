using System.Globalization;

namespace CanPay.Gateway.Operations;

/// <summary>What merchants were answered, and a card that its owner saved, in the self-test's books.</summary>
internal static class SelfTestAnswers
{
    public static async Task Make(SelfTestBooks books, DateTimeOffset at)
    {
        var ms = at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        await Keep(
            books, "verify", """'{"status":true,"data":{"card":"' || card_mask || '","reference":"' || rrn || '","amount":' || amount_rials || ',"already_verified":false}}'""",
            "payments WHERE status = 'Verified'");
        await Keep(
            books, "reverse", """'{"status":true,"data":{"token":"' || token || '","amount":' || amount_rials || ',"already_reversed":false}}'""",
            "payments WHERE reversal_cause = 'Merchant'");
        await Keep(
            books, "refund", """'{"status":true,"data":{"refund_id":"' || refund_id || '","amount":' || amount_rials || '}}'""", "refunds WHERE id = 1");
        await books.Execute(
            $"""
            INSERT INTO one_time_codes (id, payment_id, merchant_id, owner, browser_hash, address, code_hash, sent_slot, sent_at_ms, expires_at_ms, tries, proved_at_ms)
            VALUES ('00000000000000000000000000000001', 1, 1, 'owner', 'browser', '192.0.2.1', 'hash', 1, {ms}, {ms}, 1, {ms});
            INSERT INTO saved_cards (id, owner, card_hash, sealed, mask, label, saved_at_ms, used_at_ms, proof_id)
            VALUES ('00000000000000000000000000000002', 'owner', 'hash', {books.Bytes("0000000101")}, '5022-29**-****-7122', 'mine', {ms}, {ms},
                '00000000000000000000000000000001')
            """);
    }

    private static Task Keep(SelfTestBooks books, string key, string body, string from) => books.Execute(
        $"INSERT INTO stored_answers (merchant_id, key, request_hash, body, created_at_ms) SELECT merchant_id, '{key}', 'hash', {body}, 0 FROM {from}");
}
