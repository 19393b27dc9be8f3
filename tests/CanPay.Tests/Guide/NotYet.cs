namespace CanPay.Tests.Guide;

/// <summary>What the guide and openapi.json describe and the gateway does not have yet. What it has by now makes a test fail that says so: delete it here.</summary>
internal static class NotYet
{
    /// <summary>Paths after <c>/api/ipg/</c>.</summary>
    public static readonly string[] Calls = ["reverse", "refund", "refund/status"];

    /// <summary>Names of errors that are not in the catalogue.</summary>
    public static readonly string[] Errors =
        ["already_verified", "not_verified", "refund_exceeds_payment", "refund_id_reused", "refunds_not_enabled", "refund_not_found"];

    /// <summary>Fields of answers, by the name of their shape.</summary>
    public static readonly string[] Fields =
        ["Payment.refunded", "Payment.test", "PaymentWithRefunds.refunded", "PaymentWithRefunds.test", "PaymentWithRefunds.refunds"];

    public static bool Field(string shape, string name) => Fields.Contains($"{shape}.{name}", StringComparer.Ordinal);
}
