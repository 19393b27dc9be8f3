namespace CanPay.Gateway.Payments;

/// <summary>One kind of work that becomes due in the books, for <see cref="PaymentJobs"/>.</summary>
public interface IDueWork
{
    /// <summary>How much of it is done at once by a node. Each kind has its own places: none keeps another waiting.</summary>
    int Places { get; }

    /// <summary>Takes what is due, oldest first, and leases it: no other worker is given it until the lease is over.</summary>
    Task<IReadOnlyList<ClaimedWork>> Claim(int limit, TimeSpan lease, CancellationToken ct);
}

/// <summary>Work that this node has for itself for a while.</summary>
/// <param name="Name">For the log.</param>
/// <param name="LookAfter">Does it; safe to do twice.</param>
/// <param name="CountFailure">It broke: it is tried again, and put aside when it breaks every time.</param>
public sealed record ClaimedWork(string Name, Func<Task> LookAfter, Func<Exception, Task> CountFailure);
