namespace CanPay.Client;

/// <summary>Names of the gateway's errors, for <see cref="CanPayRefusedException.Name"/>. The list is stable, and may grow.</summary>
public static class CanPayErrors
{
    /// <summary>The body could not be read.</summary>
    public const string MalformedBody = "malformed_body";

    /// <summary>This content type is not accepted.</summary>
    public const string UnsupportedMediaType = "unsupported_media_type";

    /// <summary>The body is too large.</summary>
    public const string BodyTooLarge = "body_too_large";

    /// <summary>There is no such service.</summary>
    public const string UnknownPath = "unknown_path";

    /// <summary>This service takes only POST.</summary>
    public const string MethodNotAllowed = "method_not_allowed";

    /// <summary>There are too many requests.</summary>
    public const string TooManyRequests = "too_many_requests";

    /// <summary>Access is denied.</summary>
    public const string AccessDenied = "access_denied";

    /// <summary>The header Idempotency-Key is not valid.</summary>
    public const string IdempotencyKeyInvalid = "idempotency_key_invalid";

    /// <summary>This Idempotency-Key was used with another request.</summary>
    public const string IdempotencyKeyReused = "idempotency_key_reused";

    /// <summary>A required field is missing.</summary>
    public const string FieldMissing = "field_missing";

    /// <summary>The field merchant is not valid.</summary>
    public const string MerchantInvalid = "merchant_invalid";

    /// <summary>The field amount is not valid.</summary>
    public const string AmountInvalid = "amount_invalid";

    /// <summary>The field amount is not valid.</summary>
    public const string AmountOutOfRange = "amount_out_of_range";

    /// <summary>The field callback_url is not valid.</summary>
    public const string CallbackUrlInvalid = "callback_url_invalid";

    /// <summary>The field callback_url is not valid.</summary>
    public const string CallbackDomainNotRegistered = "callback_domain_not_registered";

    /// <summary>The field callback_url is not valid.</summary>
    public const string CallbackUrlInsecure = "callback_url_insecure";

    /// <summary>The field invoice_id is not valid.</summary>
    public const string InvoiceIdInvalid = "invoice_id_invalid";

    /// <summary>The field mobile is not valid.</summary>
    public const string MobileInvalid = "mobile_invalid";

    /// <summary>The field token is not valid.</summary>
    public const string TokenInvalid = "token_invalid";

    /// <summary>The amount is not the payment's amount.</summary>
    public const string AmountMismatch = "amount_mismatch";

    /// <summary>This invoice_id was used before.</summary>
    public const string DuplicateInvoice = "duplicate_invoice";

    /// <summary>There is no payment with this token.</summary>
    public const string TokenNotFound = "token_not_found";

    /// <summary>This payment has not been paid yet.</summary>
    public const string PaymentNotPaid = "payment_not_paid";

    /// <summary>The outcome of this payment is not known yet.</summary>
    public const string PaymentInProgress = "payment_in_progress";

    /// <summary>The payer cancelled this payment.</summary>
    public const string PaymentCancelled = "payment_cancelled";

    /// <summary>This payment failed.</summary>
    public const string PaymentFailed = "payment_failed";

    /// <summary>The time for this payment is over.</summary>
    public const string PaymentExpired = "payment_expired";

    /// <summary>The money of this payment went back, or is going back, to the payer.</summary>
    public const string PaymentReturned = "payment_returned";

    /// <summary>This payment goes on in another browser.</summary>
    public const string AnotherBrowser = "another_browser";

    /// <summary>The card network cannot be reached.</summary>
    public const string NetworkUnavailable = "network_unavailable";

    /// <summary>No new payments are taken for a while.</summary>
    public const string OnHold = "on_hold";

    /// <summary>An internal error occurred.</summary>
    public const string InternalError = "internal_error";

    /// <summary>The service is temporarily unavailable.</summary>
    public const string TemporarilyUnavailable = "temporarily_unavailable";

    /// <summary>The API key is not known, or was revoked.</summary>
    public const string KeyInvalid = "key_invalid";

    /// <summary>The API key may not do this.</summary>
    public const string ScopeMissing = "scope_missing";

    /// <summary>There is no payment with this invoice_id.</summary>
    public const string InvoiceNotFound = "invoice_not_found";

    /// <summary>This payment is verified and cannot be reversed: refund it.</summary>
    public const string AlreadyVerified = "already_verified";

    /// <summary>Refunds are not enabled for this merchant.</summary>
    public const string RefundsNotEnabled = "refunds_not_enabled";

    /// <summary>More than is left of the payment.</summary>
    public const string RefundExceedsPayment = "refund_exceeds_payment";

    /// <summary>This refund_id was used with another request.</summary>
    public const string RefundIdReused = "refund_id_reused";

    /// <summary>This payment is not verified.</summary>
    public const string NotVerified = "not_verified";

    /// <summary>There is no refund with this refund_id.</summary>
    public const string RefundNotFound = "refund_not_found";

    /// <summary>This merchant's calls need an API key.</summary>
    public const string KeyRequired = "key_required";

    /// <summary>This call is for test merchants.</summary>
    public const string SandboxOnly = "sandbox_only";

    /// <summary>A page has 1 to 100 payments.</summary>
    public const string LimitInvalid = "limit_invalid";

    /// <summary>The cursor is none that this gateway gave.</summary>
    public const string CursorInvalid = "cursor_invalid";

    /// <summary>There is no such status.</summary>
    public const string StatusInvalid = "status_invalid";

    /// <summary>A time is not ISO 8601 with an offset.</summary>
    public const string InstantInvalid = "instant_invalid";

    /// <summary>The field seconds is not valid.</summary>
    public const string SecondsInvalid = "seconds_invalid";

    /// <summary>A refund_id has 1 to 64 printable characters.</summary>
    public const string RefundIdInvalid = "refund_id_invalid";

    /// <summary>There is no such reason.</summary>
    public const string RefundReasonInvalid = "refund_reason_invalid";

    /// <summary>There is no such method.</summary>
    public const string RefundMethodInvalid = "refund_method_invalid";

    /// <summary>This refund is over.</summary>
    public const string RefundNotOpen = "refund_not_open";
}
