namespace CanPay.Gateway.Risk;

/// <summary>What all nodes tell each other of declined cards, and what is still known of them after a restart.</summary>
public interface IRiskStore
{
    Task Add(Attempt declined, DateTimeOffset at, CancellationToken ct);

    /// <summary>What others than this process wrote down as declined at this time or later.</summary>
    Task<IReadOnlyList<DeclinedAttempt>> Since(DateTimeOffset time, CancellationToken ct);

    /// <summary>Writes down that a captcha was answered.</summary>
    /// <returns>False where it was answered before: it counts once, right or wrong.</returns>
    Task<bool> TryAnswer(AnsweredCaptcha answered, CancellationToken ct);

    /// <summary>There is a right answer of this browser at this payment that was not used yet.</summary>
    Task<bool> HasPass(long paymentId, string browserHash, CancellationToken ct);

    /// <summary>Uses one right answer up.</summary>
    /// <returns>False where there is none. Of two who use the last at once one is told true.</returns>
    Task<bool> TrySpendPass(long paymentId, string browserHash, CancellationToken ct);

    /// <summary>Throws away what is older.</summary>
    Task Forget(DateTimeOffset before, CancellationToken ct);
}

/// <param name="Id">Of the captcha: 128 random bits.</param>
public sealed record AnsweredCaptcha(string Id, long PaymentId, string BrowserHash, bool IsRight, DateTimeOffset At);
