using System.Data.Common;
using System.Globalization;
using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Storage;

/// <summary>Which columns a value is read from, in the order in which it reads them; on both engines.</summary>
internal static class Rows
{
    public static readonly SqlLiteral PaymentColumns = new(
        """
        id, merchant_id, token, invoice_id, amount_rials, callback_url, mobile, created_at_ms, page_expires_at_ms, status,
        version, declines, authorizations, decline_code, browser_hash, card_mask, rrn, authorized_at_ms,
        verify_deadline_ms, verified_at_ms, ended_at_ms, reversal_cause, due_at_ms, coalesce(lease_epoch, 0),
        coalesce(job_attempts, 0), coalesce(job_refusals, 0)
        """);

    /// <summary>What they are read from; where a payment is final there is nothing open about it.</summary>
    public static readonly SqlLiteral Payments = new("payments LEFT JOIN open_payments ON open_payments.payment_id = id");

    public static readonly SqlLiteral AuthorizationColumns = new(
        """
        a.payment_id, number, stan, rrn, transmitted_at_ms, terminal_id, acceptor_id, category_code, amount_rials, card_mask,
        card_hash, sealed_card, status, action_code, approval_code, note, reversal_stan, reversal_at_ms
        """);

    /// <summary>What they are read from: the card is that of the one authorization that may hold money.</summary>
    public static readonly SqlLiteral Authorizations = new(
        """
        authorizations a LEFT JOIN open_payments ON open_payments.payment_id = a.payment_id
            AND a.status IN ('Pending', 'Approved', 'Unknown')
        """);

    public static readonly SqlLiteral MerchantColumns = new(
        """
        id, code, name, terminal_id, acceptor_id, category_code, status, addresses, domains, min_amount_rials,
        max_amount_rials, referrer_policy, callback_method, allow_http_callback, created_at_ms, version, require_key, refund_method,
        (SELECT string_agg(k.id || '/' || k.secret_hash || '/' || k.scopes || '/' || coalesce(k.expires_at_ms, 0), ',')
         FROM api_keys k WHERE k.merchant_id = merchants.id AND k.revoked_at_ms IS NULL)
        """);

    /// <summary>Which of them the merchant's version is.</summary>
    public const int MerchantVersionColumn = 15;

    public static readonly SqlLiteral HoldColumns = new("reason, is_after_restore, placed_at_ms");

    public static Payment Payment(DbDataReader row) => new(
        new PaymentId(row.GetInt64(0)),
        new MerchantId(row.GetInt64(1)),
        row.GetString(2),
        row.GetString(3),
        new Rials(row.GetInt64(4)),
        new Uri(row.GetString(5)),
        Text(row, 6),
        Instant(row, 7)!.Value,
        Instant(row, 8)!.Value)
    {
        Status = Enum.Parse<PaymentStatus>(row.GetString(9)),
        Version = row.GetInt64(10),
        Declines = row.GetInt32(11),
        Authorizations = row.GetInt32(12),
        DeclineCode = Number(row, 13),
        BrowserHash = Text(row, 14),
        CardMask = Text(row, 15),
        Rrn = Text(row, 16),
        AuthorizedAt = Instant(row, 17),
        VerifyDeadline = Instant(row, 18),
        VerifiedAt = Instant(row, 19),
        EndedAt = Instant(row, 20),
        ReversalCause = Text(row, 21) is { } cause ? Enum.Parse<ReversalCause>(cause) : null,
        DueAt = Instant(row, 22),
        LeaseEpoch = row.GetInt64(23),
        JobAttempts = row.GetInt32(24),
        JobRefusals = row.GetInt32(25),
    };

    public static Authorization Authorization(DbDataReader row) => new(
        new PaymentId(row.GetInt64(0)),
        row.GetInt32(1),
        row.GetString(2),
        row.GetString(3),
        Instant(row, 4)!.Value,
        new Terminal(row.GetString(5), row.GetString(6), row.GetString(7)),
        new Rials(row.GetInt64(8)),
        row.GetString(9))
    {
        CardHash = row.GetString(10),
        SealedCard = row.IsDBNull(11) ? null : row.GetFieldValue<byte[]>(11),
        Status = Enum.Parse<AuthorizationStatus>(row.GetString(12)),
        ActionCode = Number(row, 13),
        ApprovalCode = Text(row, 14),
        Note = Text(row, 15),
        Reversal = Text(row, 16) is { } stan ? new ReversalAdvice(stan, Instant(row, 17)!.Value) : null,
    };

    public static Merchant Merchant(DbDataReader row) => new(
        new MerchantId(row.GetInt64(0)),
        row.GetString(1),
        row.GetString(2),
        new Terminal(row.GetString(3), row.GetString(4), row.GetString(5)))
    {
        Status = Enum.Parse<MerchantStatus>(row.GetString(6)),
        Addresses = [.. Words(row, 7).Select(text => AddressRange.TryParse(text, out var range)
            ? range.Value
            : throw new FormatException($"Merchant {row.GetInt64(0)} has the address '{text}', which cannot be read."))],
        Domains = [.. Words(row, 8)],
        MinAmount = new Rials(row.GetInt64(9)),
        MaxAmount = new Rials(row.GetInt64(10)),
        ReferrerPolicy = Enum.Parse<ReferrerPolicy>(row.GetString(11)),
        CallbackMethod = Enum.Parse<CallbackMethod>(row.GetString(12)),
        AllowHttpCallback = row.GetBoolean(13),
        CreatedAt = Instant(row, 14)!.Value,
        RequireKey = row.GetBoolean(16),
        RefundMethod = Enum.Parse<RefundMethod>(row.GetString(17)),
        Keys = [.. (Text(row, 18)?.Split(',') ?? []).Select(Key)],
    };

    public static StoredAnswer StoredAnswer(DbDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), Instant(row, 3)!.Value);

    public static Hold Hold(DbDataReader row) => new(row.GetString(0), row.GetBoolean(1), Instant(row, 2)!.Value);

    private static ApiKey Key(string text)
    {
        var parts = text.Split('/');
        var expires = long.Parse(parts[3], CultureInfo.InvariantCulture);
        return new ApiKey(
            parts[0],
            parts[1],
            [.. parts[2].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<ApiScope>)],
            expires == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(expires));
    }

    private static string[] Words(DbDataReader row, int column) =>
        row.GetString(column).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static int? Number(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt32(column);

    private static DateTimeOffset? Instant(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}

/// <summary>A piece of SQL that is written in the program, such as a list of columns.</summary>
internal readonly record struct SqlLiteral(string Text)
{
    public override string ToString() => Text;
}
