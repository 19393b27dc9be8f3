namespace CanPay.Client.Testing;

/// <summary>A lawful "no", with the numbers of the gateway's catalogue.</summary>
internal sealed record FakeError(int Status, int Code, string Name)
{
    public static readonly FakeError UnknownPath = new(404, 604, CanPayErrors.UnknownPath);
    public static readonly FakeError AccessDenied = new(403, 607, CanPayErrors.AccessDenied);
    public static readonly FakeError IdempotencyKeyReused = new(409, 609, CanPayErrors.IdempotencyKeyReused);
    public static readonly FakeError FieldMissing = new(422, 701, CanPayErrors.FieldMissing);
    public static readonly FakeError AmountInvalid = new(422, 703, CanPayErrors.AmountInvalid);
    public static readonly FakeError AmountOutOfRange = new(422, 704, CanPayErrors.AmountOutOfRange);
    public static readonly FakeError CallbackUrlInvalid = new(422, 705, CanPayErrors.CallbackUrlInvalid);
    public static readonly FakeError InvoiceIdInvalid = new(422, 708, CanPayErrors.InvoiceIdInvalid);
    public static readonly FakeError MobileInvalid = new(422, 709, CanPayErrors.MobileInvalid);
    public static readonly FakeError TokenInvalid = new(422, 710, CanPayErrors.TokenInvalid);
    public static readonly FakeError AmountMismatch = new(422, 711, CanPayErrors.AmountMismatch);
    public static readonly FakeError DuplicateInvoice = new(409, 801, CanPayErrors.DuplicateInvoice);
    public static readonly FakeError TokenNotFound = new(404, 802, CanPayErrors.TokenNotFound);
    public static readonly FakeError NotPaid = new(409, 803, CanPayErrors.PaymentNotPaid);
    public static readonly FakeError InProgress = new(409, 804, CanPayErrors.PaymentInProgress);
    public static readonly FakeError Cancelled = new(409, 805, CanPayErrors.PaymentCancelled);
    public static readonly FakeError Failed = new(409, 806, CanPayErrors.PaymentFailed);
    public static readonly FakeError Expired = new(409, 807, CanPayErrors.PaymentExpired);
    public static readonly FakeError Returned = new(409, 808, CanPayErrors.PaymentReturned);
    public static readonly FakeError InvoiceNotFound = new(404, 812, CanPayErrors.InvoiceNotFound);
    public static readonly FakeError AlreadyVerified = new(409, 820, CanPayErrors.AlreadyVerified);
    public static readonly FakeError RefundsNotEnabled = new(403, 821, CanPayErrors.RefundsNotEnabled);
    public static readonly FakeError RefundExceedsPayment = new(422, 822, CanPayErrors.RefundExceedsPayment);
    public static readonly FakeError RefundIdReused = new(409, 823, CanPayErrors.RefundIdReused);
    public static readonly FakeError NotVerified = new(409, 824, CanPayErrors.NotVerified);
    public static readonly FakeError RefundIdInvalid = new(422, 826, CanPayErrors.RefundIdInvalid);
    public static readonly FakeError RefundReasonInvalid = new(422, 827, CanPayErrors.RefundReasonInvalid);
    public static readonly FakeError RefundMethodInvalid = new(422, 828, CanPayErrors.RefundMethodInvalid);
    public static readonly FakeError RefundNotFound = new(404, 825, CanPayErrors.RefundNotFound);
}
