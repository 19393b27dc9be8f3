namespace CanPay.Gateway.Kernel;

/// <summary>A merchant's row. What merchants see is <c>Merchant.Code</c>.</summary>
public readonly record struct MerchantId(long Value);

/// <summary>A payment's row, given by the store in order of creation. What merchants and payers see is the token.</summary>
public readonly record struct PaymentId(long Value);
