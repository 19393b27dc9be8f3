namespace CanPay.Gateway.Kernel;

/// <summary>A refund's row, given by the store. What merchants see is the <c>refund_id</c> that they chose.</summary>
public readonly record struct RefundId(long Value);
