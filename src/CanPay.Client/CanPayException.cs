using System.Net;

namespace CanPay.Client;

/// <summary>Why a call brought no answer. See <see cref="CanPayRefusedException"/> and <see cref="CanPayUnavailableException"/>.</summary>
public abstract class CanPayException : Exception
{
    private protected CanPayException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}

/// <summary>The gateway understood and said no. Repeating the same request gives the same answer.</summary>
public sealed class CanPayRefusedException : CanPayException
{
    internal CanPayRefusedException(HttpStatusCode status, int code, string name, string message, string description)
        : base($"{code} {name}: {message} {description}".TrimEnd(), null)
    {
        Status = status;
        Code = code;
        Name = name;
        GatewayMessage = message;
        Description = description;
    }

    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>Stable number of the error catalogue, for example 803.</summary>
    public int Code { get; }

    /// <summary>Stable name of the error, for example <c>payment_not_paid</c>.</summary>
    public string Name { get; }

    /// <summary>What is wrong, in the language of the request.</summary>
    public string GatewayMessage { get; }

    /// <summary>What to do about it.</summary>
    public string Description { get; }

    /// <summary>The payment is not decided yet: verify again in some seconds.</summary>
    public bool IsPending => Name is "payment_in_progress" or "payment_not_paid";

    /// <summary>The payment is over and was not paid, or its money went back: do not deliver.</summary>
    public bool IsNotPaid => Name is "payment_cancelled" or "payment_failed" or "payment_expired" or "payment_returned";
}

/// <summary>
/// Nobody knows what became of the call: no connection, no answer in time, or an answer that cannot be read. Both calls may be
/// repeated safely; a payment that cannot be verified now may be verified later.
/// </summary>
public sealed class CanPayUnavailableException : CanPayException
{
    internal CanPayUnavailableException(string message, Exception? inner = null, TimeSpan? retryAfter = null)
        : base(message, inner) => RetryAfter = retryAfter;

    /// <summary>How long the gateway asks you to wait, where it said so.</summary>
    public TimeSpan? RetryAfter { get; }
}
