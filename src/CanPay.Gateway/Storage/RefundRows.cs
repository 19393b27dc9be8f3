using System.Data.Common;
using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Refunds;

namespace CanPay.Gateway.Storage;

/// <summary>Which columns a refund is read from, in the order in which it reads them; on both engines.</summary>
internal static class RefundRows
{
    /// <summary>The name of the rule by which the books refuse more than was paid.</summary>
    public const string TooMuch = "no_more_than_was_paid";

    public static readonly SqlLiteral Columns = new(
        """
        id, payment_id, merchant_id, refund_id, request_hash, amount_rials, reason, method, created_at_ms, status, version, stan, rrn,
        transmitted_at_ms, action_code, bank_reference, failure, ended_at_ms, due_at_ms, lease_epoch, job_attempts, job_refusals,
        (SELECT count(*) FROM payments p WHERE p.id = refunds.payment_id AND p.token LIKE 'TEST%')
        """);

    public static Refund Refund(DbDataReader row) => new(
        new RefundId(row.GetInt64(0)),
        new PaymentId(row.GetInt64(1)),
        new MerchantId(row.GetInt64(2)),
        row.GetString(3),
        row.GetString(4),
        new Rials(row.GetInt64(5)),
        Enum.Parse<RefundReason>(row.GetString(6)),
        Enum.Parse<RefundWay>(row.GetString(7)),
        Instant(row, 8)!.Value)
    {
        Status = Enum.Parse<RefundStatus>(row.GetString(9)),
        Version = row.GetInt64(10),
        Advice = Text(row, 11) is { } stan ? new RefundAdvice(stan, row.GetString(12), Instant(row, 13)!.Value) : null,
        ActionCode = row.IsDBNull(14) ? null : row.GetInt32(14),
        BankReference = Text(row, 15),
        Failure = Text(row, 16),
        EndedAt = Instant(row, 17),
        DueAt = Instant(row, 18),
        LeaseEpoch = row.GetInt64(19),
        JobAttempts = row.GetInt32(20),
        JobRefusals = row.GetInt32(21),
        IsTest = row.GetInt64(22) > 0,
    };

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? Instant(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
