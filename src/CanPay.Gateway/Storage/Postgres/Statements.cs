using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Ledger;
using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Storage.Postgres;

/// <summary>The two writes of the hot path, each for many payments at once, and the columns that they take.</summary>
/// <remarks>
/// The planner knows nothing of how many rows an array holds, and would join two of them row by row. So whatever follows
/// from a move travels in the move's own row, and what may be many is filtered by a hashed list (<c>IS TRUE</c> keeps it one).
/// </remarks>
internal static class Statements
{
    public static readonly RowSet<NewPayment> NewPayments = new(
        "i",
        RowSet<NewPayment>.Of("merchant_id", "bigint", p => p.MerchantId.Value),
        RowSet<NewPayment>.Of("invoice_id", "text", p => p.InvoiceId),
        RowSet<NewPayment>.Of("token", "text", p => p.Token),
        RowSet<NewPayment>.Of("amount_rials", "bigint", p => p.Amount.Amount),
        RowSet<NewPayment>.Of("callback_url", "text", p => p.CallbackUrl.OriginalString),
        RowSet<NewPayment>.Of("mobile", "text", p => p.Mobile),
        RowSet<NewPayment>.Of("created_at_ms", "bigint", p => Ms(p.CreatedAt)),
        RowSet<NewPayment>.Of("page_expires_at_ms", "bigint", p => Ms(p.PageExpiresAt)),
        RowSet<NewPayment>.Of("answer_key", "text", p => p.Answer?.Key),
        RowSet<NewPayment>.Of("answer_hash", "text", p => p.Answer?.RequestHash),
        RowSet<NewPayment>.Of("answer_body", "text", p => p.Answer?.Body));

    /// <summary>A move with its authorization (<c>a_</c>) and its transfer (<c>t_</c>), of which it has one at the most.</summary>
    public static readonly RowSet<Move> Moves = new(
        "i",
        RowSet<Move>.Of("id", "bigint", m => m.Change.Before.Id.Value),
        RowSet<Move>.Of("version_before", "bigint", m => m.Change.Before.Version),
        RowSet<Move>.Of("status_before", "text", m => Names<PaymentStatus>.Of(m.Change.Before.Status)),
        RowSet<Move>.Of("claim", "bigint", m => m.Change.LeaseEpoch),
        RowSet<Move>.Of("not_after_ms", "bigint", m => Ms(m.Change.NotAfter)),
        RowSet<Move>.Of("at_ms", "bigint", m => Ms(m.Change.At)),
        RowSet<Move>.Of("cause", "text", m => m.Change.Cause),
        RowSet<Move>.Of("ends", "boolean", m => m.After.IsFinal),
        RowSet<Move>.Of("forgets", "boolean", m => m.Change.ForgetsCard),
        RowSet<Move>.Of("status", "text", m => Names<PaymentStatus>.Of(m.After.Status)),
        RowSet<Move>.Of("version", "bigint", m => m.After.Version),
        RowSet<Move>.Of("declines", "integer", m => m.After.Declines),
        RowSet<Move>.Of("authorizations", "integer", m => m.After.Authorizations),
        RowSet<Move>.Of("decline_code", "integer", m => m.After.DeclineCode),
        RowSet<Move>.Of("browser_hash", "text", m => m.After.BrowserHash),
        RowSet<Move>.Of("card_mask", "text", m => m.After.CardMask),
        RowSet<Move>.Of("rrn", "text", m => m.After.Rrn),
        RowSet<Move>.Of("authorized_at_ms", "bigint", m => Ms(m.After.AuthorizedAt)),
        RowSet<Move>.Of("verify_deadline_ms", "bigint", m => Ms(m.After.VerifyDeadline)),
        RowSet<Move>.Of("verified_at_ms", "bigint", m => Ms(m.After.VerifiedAt)),
        RowSet<Move>.Of("ended_at_ms", "bigint", m => Ms(m.After.EndedAt)),
        RowSet<Move>.Of("reversal_cause", "text", m => m.After.ReversalCause is { } cause ? Names<ReversalCause>.Of(cause) : null),
        RowSet<Move>.Of("due_at_ms", "bigint", m => Ms(m.After.DueAt)),
        RowSet<Move>.Of("job_attempts", "integer", m => m.After.JobAttempts),
        RowSet<Move>.Of("job_refusals", "integer", m => m.After.JobRefusals),
        RowSet<Move>.Of("keep_card_until_ms", "bigint", m => Ms(m.Change.KeepCardUntil)),
        RowSet<Move>.Of("a_begins", "boolean", m => m.Begins),
        RowSet<Move>.Of("a_number", "integer", m => m.Authorization?.Number),
        RowSet<Move>.Of("a_stan", "text", m => m.Authorization?.Stan),
        RowSet<Move>.Of("a_rrn", "text", m => m.Authorization?.Rrn),
        RowSet<Move>.Of("a_transmitted_at_ms", "bigint", m => Ms(m.Authorization?.TransmittedAt)),
        RowSet<Move>.Of("a_terminal_id", "text", m => m.Authorization?.Terminal.TerminalId),
        RowSet<Move>.Of("a_acceptor_id", "text", m => m.Authorization?.Terminal.AcceptorId),
        RowSet<Move>.Of("a_category_code", "text", m => m.Authorization?.Terminal.CategoryCode),
        RowSet<Move>.Of("a_amount_rials", "bigint", m => m.Authorization?.Amount.Amount),
        RowSet<Move>.Of("a_card_mask", "text", m => m.Authorization?.CardMask),
        RowSet<Move>.Of("a_card_hash", "text", m => m.Authorization?.CardHash),
        RowSet<Move>.Of("a_sealed_card", "bytea", m => m.Authorization?.SealedCard),
        RowSet<Move>.Of("a_status", "text", m => m.Authorization is { } a ? Names<AuthorizationStatus>.Of(a.Status) : null),
        RowSet<Move>.Of("a_action_code", "integer", m => m.Authorization?.ActionCode),
        RowSet<Move>.Of("a_approval_code", "text", m => m.Authorization?.ApprovalCode),
        RowSet<Move>.Of("a_note", "text", m => m.Authorization?.Note),
        RowSet<Move>.Of("a_reversal_stan", "text", m => m.Authorization?.Reversal?.Stan),
        RowSet<Move>.Of("a_reversal_at_ms", "bigint", m => Ms(m.Authorization?.Reversal?.TransmittedAt)),
        RowSet<Move>.Of("t_reference", "text", m => m.Transfer?.Reference),
        RowSet<Move>.Of("t_template", "text", m => m.Transfer?.Template),
        RowSet<Move>.Of("t_debit_account", "text", m => m.Transfer?.Debit.Name),
        RowSet<Move>.Of("t_credit_account", "text", m => m.Transfer?.Credit.Name),
        RowSet<Move>.Of("t_amount_rials", "bigint", m => m.Transfer?.Amount.Amount));

    public static readonly RowSet<MoveMessage> Messages = new(
        "m",
        RowSet<MoveMessage>.Of("mover", "bigint", m => m.Mover.Value),
        RowSet<MoveMessage>.Of("at_ms", "bigint", m => Ms(m.Message.At)),
        RowSet<MoveMessage>.Of("event", "text", m => m.Message.Event),
        RowSet<MoveMessage>.Of("mti", "text", m => m.Message.Mti),
        RowSet<MoveMessage>.Of("stan", "text", m => m.Message.Stan),
        RowSet<MoveMessage>.Of("rrn", "text", m => m.Message.Rrn),
        RowSet<MoveMessage>.Of("action_code", "integer", m => m.Message.ActionCode),
        RowSet<MoveMessage>.Of("payment_id", "bigint", m => m.Message.PaymentId?.Value),
        RowSet<MoveMessage>.Of("summary", "text", m => m.Message.Summary));

    public static readonly RowSet<MoveAnswer> Answers = new(
        "k",
        RowSet<MoveAnswer>.Of("mover", "bigint", k => k.Mover.Id.Value),
        RowSet<MoveAnswer>.Of("merchant_id", "bigint", k => k.Mover.MerchantId.Value),
        RowSet<MoveAnswer>.Of("key", "text", k => k.Answer.Key),
        RowSet<MoveAnswer>.Of("request_hash", "text", k => k.Answer.RequestHash),
        RowSet<MoveAnswer>.Of("body", "text", k => k.Answer.Body),
        RowSet<MoveAnswer>.Of("created_at_ms", "bigint", k => Ms(k.Answer.CreatedAt)));

    /// <summary>Adds every payment whose token, invoice and key nobody has; returns those.</summary>
    public static readonly string AddPayments =
        $"""
        WITH i AS (SELECT * FROM {NewPayments.From(1)}),
        made AS (
            INSERT INTO payments (merchant_id, invoice_id, token, amount_rials, callback_url, mobile, created_at_ms,
                page_expires_at_ms, status, version, declines, authorizations)
            SELECT merchant_id, invoice_id, token, amount_rials, callback_url, mobile, created_at_ms,
                page_expires_at_ms, 'Created', 0, 0, 0
            FROM i
            WHERE answer_key IS NULL
                OR NOT EXISTS (SELECT 1 FROM stored_answers k WHERE k.merchant_id = i.merchant_id AND k.key = i.answer_key)
            ON CONFLICT DO NOTHING
            RETURNING id, merchant_id, invoice_id, token, created_at_ms, page_expires_at_ms),
        opened AS (
            INSERT INTO open_payments (payment_id, due_at_ms) SELECT id, page_expires_at_ms FROM made),
        history AS (
            INSERT INTO transitions (payment_id, version, at_ms, from_status, to_status, cause)
            SELECT id, 0, created_at_ms, NULL, 'Created', 'merchant' FROM made),
        kept AS (
            INSERT INTO stored_answers (merchant_id, key, request_hash, body, created_at_ms)
            SELECT merchant_id, answer_key, answer_hash, answer_body, created_at_ms FROM i
            WHERE answer_key IS NOT NULL AND (token IN (SELECT token FROM made)) IS TRUE)
        SELECT id, merchant_id, invoice_id, token FROM made
        """;

    /// <summary>
    /// Makes every move whose payment still is what the move began from, with all that follows from it. Returns the ids of
    /// those that were made, and of those whose time was over. A payment may stand in it once.
    /// </summary>
    public static readonly string MovePayments =
        $"""
        WITH i AS (SELECT * FROM {Moves.From(1)}),
        moved AS (
            UPDATE payments p
            SET status = i.status, version = i.version, declines = i.declines, authorizations = i.authorizations,
                decline_code = i.decline_code, browser_hash = i.browser_hash, card_mask = i.card_mask, rrn = i.rrn,
                authorized_at_ms = i.authorized_at_ms, verify_deadline_ms = i.verify_deadline_ms,
                verified_at_ms = i.verified_at_ms, ended_at_ms = i.ended_at_ms, reversal_cause = i.reversal_cause
            FROM i
            WHERE p.id = i.id AND p.version = i.version_before AND p.status = i.status_before
                AND (i.claim IS NULL
                    OR EXISTS (SELECT 1 FROM open_payments o WHERE o.payment_id = i.id AND o.lease_epoch = i.claim))
                AND (i.not_after_ms IS NULL OR now_ms() < i.not_after_ms)
            RETURNING i.*),
        still_open AS (
            UPDATE open_payments o
            SET due_at_ms = m.due_at_ms, lease_until_ms = 0, job_attempts = m.job_attempts, job_refusals = m.job_refusals,
                job_note = NULL, sealed_card = CASE WHEN m.a_begins THEN m.a_sealed_card WHEN NOT m.forgets THEN o.sealed_card END
            FROM moved m WHERE o.payment_id = m.id AND NOT m.ends),
        closed AS (
            DELETE FROM open_payments o USING moved m WHERE o.payment_id = m.id AND m.ends
            RETURNING o.payment_id, m.keep_card_until_ms, CASE WHEN m.keep_card_until_ms IS NOT NULL THEN o.sealed_card END AS sealed_card),
        kept_cards AS (
            INSERT INTO refundable_cards (payment_id, sealed_card, forget_at_ms)
            SELECT payment_id, sealed_card, keep_card_until_ms FROM closed WHERE sealed_card IS NOT NULL),
        history AS (
            INSERT INTO transitions (payment_id, version, at_ms, from_status, to_status, cause)
            SELECT id, version, at_ms, status_before, status, cause FROM moved WHERE status_before <> status),
        begun AS (
            INSERT INTO authorizations (payment_id, number, stan, rrn, transmitted_at_ms, terminal_id, acceptor_id,
                category_code, amount_rials, card_mask, card_hash, status)
            SELECT id, a_number, a_stan, a_rrn, a_transmitted_at_ms, a_terminal_id, a_acceptor_id,
                a_category_code, a_amount_rials, a_card_mask, a_card_hash, a_status
            FROM moved WHERE a_begins),
        ended AS (
            UPDATE authorizations x
            SET status = m.a_status, action_code = m.a_action_code, approval_code = m.a_approval_code, note = m.a_note,
                reversal_stan = m.a_reversal_stan, reversal_at_ms = m.a_reversal_at_ms
            FROM moved m WHERE x.payment_id = m.id AND x.number = m.a_number AND NOT m.a_begins),
        posted AS (
            INSERT INTO transfers (reference, template, debit_account, credit_account, amount_rials, at_ms, payment_id)
            SELECT t_reference, t_template, t_debit_account, t_credit_account, t_amount_rials, at_ms, id
            FROM moved WHERE t_reference IS NOT NULL),
        journal AS (
            INSERT INTO network_messages (at_ms, event, mti, stan, rrn, action_code, payment_id, summary)
            SELECT at_ms, event, mti, stan, rrn, action_code, payment_id, summary
            FROM {Messages.From(1 + Moves.Count)} WHERE (mover IN (SELECT id FROM moved)) IS TRUE),
        kept AS (
            INSERT INTO stored_answers (merchant_id, key, request_hash, body, created_at_ms)
            SELECT merchant_id, key, request_hash, body, created_at_ms
            FROM {Answers.From(1 + Moves.Count + Messages.Count)} WHERE (mover IN (SELECT id FROM moved)) IS TRUE
            ON CONFLICT DO NOTHING)
        SELECT id, true FROM moved
        UNION ALL SELECT id, false FROM i WHERE now_ms() >= not_after_ms
        """;

    /// <summary>
    /// Makes the transaction one that writes: its commit waits for the standby like any other, and so for everything that
    /// could be seen before.
    /// </summary>
    public const string Barrier = "SELECT pg_logical_emit_message(true, 'canpay', '')";

    /// <summary>
    /// What a barrier compares with what was read. The version alone would prove nothing: a server that has taken over may
    /// have given the same id, or made another move from the same version.
    /// </summary>
    public const string Present = "SELECT id, token, version, status, rrn FROM payments WHERE id = ANY ($1)";

    private static long Ms(DateTimeOffset instant) => instant.ToUnixTimeMilliseconds();

    private static long? Ms(DateTimeOffset? instant) => instant?.ToUnixTimeMilliseconds();
}

/// <summary>A change as one row.</summary>
internal readonly record struct Move(PaymentChange Change, Transfer? Transfer)
{
    public Payment After => Change.After;

    public Authorization? Authorization => Change.Authorization;

    /// <summary>The authorization is new.</summary>
    public bool Begins => Change.After.Authorizations > Change.Before.Authorizations;

    public static Move Of(PaymentChange change) => new(change, change.Transfers.SingleOrDefault());
}

/// <summary>A message of the line, and the payment with whose move it is written.</summary>
internal readonly record struct MoveMessage(Kernel.PaymentId Mover, NetworkMessage Message);

/// <summary>An answer, and the payment with whose move it is kept.</summary>
internal readonly record struct MoveAnswer(Payment Mover, StoredAnswer Answer);

/// <summary>The names of an enum's values, as they are stored.</summary>
internal static class Names<TEnum>
    where TEnum : struct, Enum
{
    private static readonly Dictionary<TEnum, string> All = Enum.GetValues<TEnum>().ToDictionary(value => value, value => value.ToString());

    public static string Of(TEnum value) => All[value];
}
