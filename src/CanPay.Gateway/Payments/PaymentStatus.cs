namespace CanPay.Gateway.Payments;

/// <summary>Where a payment stands. The names are stored and shown as they are.</summary>
public enum PaymentStatus
{
    /// <summary>The payer may pay.</summary>
    Created,

    /// <summary>A purchase is with the card network and its outcome is not known yet.</summary>
    Authorizing,

    /// <summary>Paid; the merchant has not verified it yet.</summary>
    Authorized,

    /// <summary>The merchant confirmed: the money is owed to it. Final.</summary>
    Verified,

    /// <summary>The money, or what may have been taken, is being given back; the network has not acknowledged yet.</summary>
    Reversing,

    /// <summary>The network acknowledged the reversal. Final.</summary>
    Reversed,

    /// <summary>The payer gave up. Final.</summary>
    Cancelled,

    /// <summary>Too many declines. Final.</summary>
    Failed,

    /// <summary>Nobody paid in time. Final.</summary>
    Expired,
}
