using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Payments;

/// <summary>Lets time pass for what is only tried out.</summary>
public interface ITestClock
{
    /// <summary>Brings the deadlines of all payments of a merchant that are not over so much nearer. What becomes due by it is done at once.</summary>
    /// <returns>How many payments.</returns>
    Task<int> Advance(MerchantId merchant, TimeSpan by, CancellationToken ct);
}
