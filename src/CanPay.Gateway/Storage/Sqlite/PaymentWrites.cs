using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Storage.Sqlite;

/// <summary>What the writer does inside a transaction. Every write of a payment is guarded by what was read.</summary>
internal static class PaymentWrites
{
    public static CreateResult Create(SqliteSession session, NewPayment payment)
    {
        if (payment.Answer is { } answer && FindAnswer(session, payment.MerchantId, answer.Key) is { } kept)
        {
            return new CreateResult.KeyExists(kept);
        }

        if (session.First(
            $"""
            SELECT {Rows.PaymentColumns} FROM {Rows.Payments}
            WHERE merchant_id = {payment.MerchantId} AND invoice_id = {payment.InvoiceId}
            """,
            Rows.Payment) is { } existing)
        {
            return new CreateResult.InvoiceExists(existing);
        }

        if (session.Number($"SELECT EXISTS (SELECT 1 FROM payments WHERE token = {payment.Token})") != 0)
        {
            return new CreateResult.TokenExists();
        }

        var id = new PaymentId(session.Number(
            $"""
            INSERT INTO payments (merchant_id, invoice_id, token, amount_rials, callback_url, mobile, created_at_ms,
                page_expires_at_ms, status, version, declines, authorizations)
            VALUES ({payment.MerchantId}, {payment.InvoiceId}, {payment.Token}, {payment.Amount},
                {payment.CallbackUrl.OriginalString}, {payment.Mobile}, {payment.CreatedAt}, {payment.PageExpiresAt},
                {PaymentStatus.Created}, 0, 0, 0)
            RETURNING id
            """));
        session.Execute($"INSERT INTO open_payments (payment_id, due_at_ms) VALUES ({id}, {payment.PageExpiresAt})");
        Transition(session, id, version: 0, payment.CreatedAt, from: null, PaymentStatus.Created, "merchant");
        if (payment.Answer is not null)
        {
            KeepAnswer(session, payment.MerchantId, payment.Answer);
        }

        return new CreateResult.Created(id);
    }

    public static ApplyResult Apply(SqliteSession session, PaymentChange change, DateTimeOffset now)
    {
        if (now >= change.NotAfter)
        {
            return ApplyResult.TooLate;
        }

        if (UpdatePayment(session, change) == 0)
        {
            return ApplyResult.Moved;
        }

        var (before, after) = (change.Before, change.After);
        UpdateOpenPayment(session, change);
        if (before.Status != after.Status)
        {
            Transition(session, after.Id, after.Version, change.At, before.Status, after.Status, change.Cause);
        }

        if (change.Authorization is { } authorization)
        {
            if (after.Authorizations > before.Authorizations)
            {
                InsertAuthorization(session, authorization);
            }
            else
            {
                UpdateAuthorization(session, authorization);
            }
        }

        foreach (var transfer in change.Transfers)
        {
            session.Execute(
                $"""
                INSERT INTO transfers (reference, template, debit_account, credit_account, amount_rials, at_ms, payment_id)
                VALUES ({transfer.Reference}, {transfer.Template}, {transfer.Debit.Name}, {transfer.Credit.Name},
                    {transfer.Amount}, {change.At}, {transfer.PaymentId})
                """);
        }

        Journal(session, change.Messages);
        if (change.Answer is not null)
        {
            KeepAnswer(session, after.MerchantId, change.Answer);
        }

        return ApplyResult.Applied;
    }

    public static IReadOnlyList<Payment> ClaimDue(SqliteSession session, DateTimeOffset now, int limit, DateTimeOffset leaseUntil) =>
        session.All(
            $"""
            UPDATE open_payments SET lease_until_ms = {leaseUntil}, lease_epoch = lease_epoch + 1
            WHERE payment_id IN (SELECT payment_id FROM open_payments WHERE due_at_ms <= {now} AND lease_until_ms <= {now}
                                 ORDER BY due_at_ms LIMIT {limit})
            RETURNING payment_id
            """,
            row => row.GetInt64(0))
        .Select(id => session.First($"SELECT {Rows.PaymentColumns} FROM {Rows.Payments} WHERE id = {id}", Rows.Payment)!)
        .ToList();

    public static bool Postpone(SqliteSession session, Postponement postponement)
    {
        var claimed = postponement.Claimed;
        var rows = session.Execute(
            $"""
            UPDATE open_payments
            SET due_at_ms = {postponement.DueAt}, lease_until_ms = 0, job_attempts = {claimed.JobAttempts},
                job_refusals = {claimed.JobRefusals}, job_note = {postponement.Reason}
            WHERE payment_id = {claimed.Id} AND lease_epoch = {claimed.LeaseEpoch}
                AND EXISTS (SELECT 1 FROM payments WHERE id = {claimed.Id} AND version = {claimed.Version})
            """);

        // What passed over the line is true whoever holds the lease.
        Journal(session, postponement.Messages);
        return rows == 1;
    }

    public static StoredAnswer? FindAnswer(SqliteSession session, MerchantId merchant, string key) => session.First(
        $"""
        SELECT key, request_hash, body, created_at_ms FROM stored_answers
        WHERE merchant_id = {merchant} AND key = {key}
        """,
        Rows.StoredAnswer);

    public static StoredAnswer KeepAnswer(SqliteSession session, MerchantId merchant, StoredAnswer answer)
    {
        if (FindAnswer(session, merchant, answer.Key) is { } kept)
        {
            return kept;
        }

        session.Execute(
            $"""
            INSERT INTO stored_answers (merchant_id, key, request_hash, body, created_at_ms)
            VALUES ({merchant}, {answer.Key}, {answer.RequestHash}, {answer.Body}, {answer.CreatedAt})
            """);
        return answer;
    }

    public static void Journal(SqliteSession session, IReadOnlyList<NetworkMessage> messages)
    {
        foreach (var message in messages)
        {
            session.Execute(
                $"""
                INSERT INTO network_messages (at_ms, event, mti, stan, rrn, action_code, payment_id, summary)
                VALUES ({message.At}, {message.Event}, {message.Mti}, {message.Stan}, {message.Rrn},
                    {message.ActionCode}, {message.PaymentId}, {message.Summary})
                """);
        }
    }

    private static int UpdatePayment(SqliteSession session, PaymentChange change)
    {
        var (before, after) = (change.Before, change.After);
        return session.Execute(
            $"""
            UPDATE payments
            SET status = {after.Status}, version = {after.Version}, declines = {after.Declines},
                authorizations = {after.Authorizations}, decline_code = {after.DeclineCode},
                browser_hash = {after.BrowserHash}, card_mask = {after.CardMask}, rrn = {after.Rrn},
                authorized_at_ms = {after.AuthorizedAt}, verify_deadline_ms = {after.VerifyDeadline},
                verified_at_ms = {after.VerifiedAt}, ended_at_ms = {after.EndedAt},
                reversal_cause = {after.ReversalCause}
            WHERE id = {before.Id} AND version = {before.Version} AND status = {before.Status}
                AND ({change.LeaseEpoch} IS NULL
                    OR EXISTS (SELECT 1 FROM open_payments WHERE payment_id = {before.Id} AND lease_epoch = {change.LeaseEpoch}))
            """);
    }

    /// <summary>When it is due next, and with what card; nothing of a payment that is final.</summary>
    private static void UpdateOpenPayment(SqliteSession session, PaymentChange change)
    {
        var (before, after) = (change.Before, change.After);
        if (after.IsFinal)
        {
            if (change.KeepCardUntil is { } forgetAt)
            {
                session.Execute(
                    $"""
                    INSERT INTO refundable_cards (payment_id, sealed_card, forget_at_ms)
                    SELECT payment_id, sealed_card, {forgetAt} FROM open_payments WHERE payment_id = {after.Id} AND sealed_card IS NOT NULL
                    """);
            }

            session.Execute($"DELETE FROM open_payments WHERE payment_id = {after.Id}");
            return;
        }

        var begins = after.Authorizations > before.Authorizations;
        session.Execute(
            $"""
            UPDATE open_payments
            SET due_at_ms = {after.DueAt}, lease_until_ms = 0, job_attempts = {after.JobAttempts},
                job_refusals = {after.JobRefusals}, job_note = NULL,
                sealed_card = CASE WHEN {begins} THEN {(begins ? change.Authorization?.SealedCard : null)}
                                   WHEN NOT {change.ForgetsCard} THEN sealed_card END
            WHERE payment_id = {after.Id}
            """);
    }

    /// <remarks>The clock may have been set back since the move before: the history does not go back with it.</remarks>
    private static void Transition(
        SqliteSession session, PaymentId id, long version, DateTimeOffset at, PaymentStatus? from, PaymentStatus to, string cause) =>
        session.Execute(
            $"""
            INSERT INTO transitions (payment_id, version, at_ms, from_status, to_status, cause)
            VALUES ({id}, {version},
                max({at}, coalesce((SELECT max(at_ms) FROM transitions WHERE payment_id = {id}), 0)), {from}, {to}, {cause})
            """);

    private static void InsertAuthorization(SqliteSession session, Authorization authorization) => session.Execute(
        $"""
        INSERT INTO authorizations (payment_id, number, stan, rrn, transmitted_at_ms, terminal_id, acceptor_id,
            category_code, amount_rials, card_mask, card_hash, status)
        VALUES ({authorization.PaymentId}, {authorization.Number}, {authorization.Stan}, {authorization.Rrn},
            {authorization.TransmittedAt}, {authorization.Terminal.TerminalId}, {authorization.Terminal.AcceptorId},
            {authorization.Terminal.CategoryCode}, {authorization.Amount}, {authorization.CardMask},
            {authorization.CardHash}, {authorization.Status})
        """);

    private static void UpdateAuthorization(SqliteSession session, Authorization authorization)
    {
        var rows = session.Execute(
            $"""
            UPDATE authorizations
            SET status = {authorization.Status}, action_code = {authorization.ActionCode},
                approval_code = {authorization.ApprovalCode}, note = {authorization.Note},
                reversal_stan = {authorization.Reversal?.Stan}, reversal_at_ms = {authorization.Reversal?.TransmittedAt}
            WHERE payment_id = {authorization.PaymentId} AND number = {authorization.Number}
            """);
        if (rows != 1)
        {
            throw new InvalidOperationException(
                $"Authorization {authorization.Number} of payment {authorization.PaymentId.Value} is not in the books.");
        }
    }
}
