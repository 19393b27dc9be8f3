using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using CanPay.Gateway.Kernel;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Http;

/// <summary>How much one address and one merchant may ask. Token buckets in memory of this node.</summary>
internal sealed class RateLimits : IDisposable
{
    private readonly PartitionedRateLimiter<IPAddress> _addresses;
    private readonly PartitionedRateLimiter<MerchantId> _merchants;
    private readonly PartitionedRateLimiter<IPAddress> _refusals;
    private readonly long _merchantEach;
    private readonly long _merchantBurst;

    public RateLimits(IOptions<HttpOptions> options)
    {
        var http = options.Value;
        _merchantEach = http.MerchantRequestsPerSecond;
        _merchantBurst = Math.Max(http.MerchantBurst, _merchantEach);
        _addresses = Buckets<IPAddress>(http.AddressRequestsPerSecond, http.AddressBurst, TimeSpan.FromSeconds(1));
        _merchants = Buckets<MerchantId>(http.MerchantRequestsPerSecond, http.MerchantBurst, TimeSpan.FromSeconds(1));
        _refusals = Buckets<IPAddress>(http.AddressRefusalsPerMinute, http.AddressRefusalsPerMinute, TimeSpan.FromMinutes(1));
    }

    /// <summary>Takes one request of the address's allowance; a refusal where it is spent.</summary>
    public Refusal? Take(IPAddress address) => Take(_addresses, address);

    /// <summary>Takes one request of the merchant's allowance; a refusal where it is spent.</summary>
    public Refusal? Take(MerchantId merchant) => Take(_merchants, merchant);

    /// <summary>
    /// What a caller who guesses is told: the refusal, or, when the address has heard too many of them, only that there were
    /// too many. Lawful requests do not come here, so that nobody can shut out a neighbour.
    /// </summary>
    public Refusal Instead(Refusal refusal, IPAddress address) => Take(_refusals, address) ?? refusal;

    /// <summary>How much a merchant may still ask, in the headers of an answer.</summary>
    public void Tell(HttpResponse response, MerchantId merchant)
    {
        var left = _merchants.GetStatistics(merchant)?.CurrentAvailablePermits ?? _merchantBurst;
        response.Headers["X-RateLimit-Limit"] = Number(_merchantBurst);
        response.Headers["X-RateLimit-Remaining"] = Number(left);
        response.Headers["X-RateLimit-Reset"] = Number((_merchantBurst - left + _merchantEach - 1) / _merchantEach);
    }

    public void Dispose()
    {
        _addresses.Dispose();
        _merchants.Dispose();
        _refusals.Dispose();
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static Refusal? Take<T>(PartitionedRateLimiter<T> limiter, T key)
    {
        using var lease = limiter.AttemptAcquire(key);
        if (lease.IsAcquired)
        {
            return null;
        }

        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var time) ? time : TimeSpan.FromSeconds(1);
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        return HttpRefusals.TooManyRequests.With("seconds", seconds.ToString(CultureInfo.InvariantCulture)) with
        {
            RetryAfterSeconds = seconds,
        };
    }

    private static PartitionedRateLimiter<T> Buckets<T>(int each, int burst, TimeSpan period)
        where T : notnull
    {
        // Refilled in slices, so that a caller never waits for a whole period.
        var slices = Math.Min(each, 10);
        return PartitionedRateLimiter.Create<T, T>(key => RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = Math.Max(burst, each),
            TokensPerPeriod = Math.Max(1, each / slices),
            ReplenishmentPeriod = period / slices,
            AutoReplenishment = true,
            QueueLimit = 0,
        }));
    }
}
