using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Payments;

/// <summary>Throws away what is old, some rows a call. What may never be deleted the tables themselves refuse to delete.</summary>
/// <remarks>Nodes that call at the same time do not do the same twice: one does it, the others hear that nothing is left.</remarks>
public interface IRetentionStore
{
    /// <summary>Messages of the line that are older, of payments that are final.</summary>
    /// <param name="after">Where the last step ended; the beginning is 0.</param>
    /// <param name="rows">Rows to look at.</param>
    Task<ForgetStep> ForgetMessages(DateTimeOffset before, PaymentId after, int rows);

    /// <summary>Messages of the line that are older and belong to no payment; returns how many.</summary>
    Task<long> ForgetStrays(DateTimeOffset before, int rows);

    /// <summary>Payments that were cancelled, expired or failed earlier, with all that belongs to them.</summary>
    /// <param name="rows">Payments to look at, beginning where the last step ended, perhaps of another node.</param>
    Task<ForgetStep> ForgetPayments(DateTimeOffset before, int rows);
}

/// <summary>What one step threw away.</summary>
/// <param name="Last">The last payment that was looked at; none where nothing that is old enough is left.</param>
public readonly record struct ForgetStep(long Forgotten, PaymentId? Last);
