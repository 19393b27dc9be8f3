using System.Net;

namespace CanPay.Client;

/// <summary>Why a call brought no answer. See <see cref="CanPayRefusedException"/> and <see cref="CanPayUnavailableException"/>.</summary>
public abstract class CanPayException : Exception
{
    private protected CanPayException(string message, string requestId, Exception? inner)
        : base(message, inner) => RequestId = requestId;

    /// <summary>The <c>X-Request-Id</c> of the call; the facilitator's support finds it by this.</summary>
    public string RequestId { get; }
}

/// <summary>The gateway understood and said no. Repeating the same request gives the same answer.</summary>
public sealed class CanPayRefusedException : CanPayException
{
    internal CanPayRefusedException(HttpStatusCode status, int code, string name, string message, string description, string requestId)
        : base($"{code} {name}: {message} {description}".TrimEnd(), requestId, null)
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

    /// <summary>Stable name of the error, one of <see cref="CanPayErrors"/> or a newer one, for example <c>payment_not_paid</c>.</summary>
    public string Name { get; }

    /// <summary>What is wrong, in the language of the request (Persian unless you send <c>Accept-Language: en</c>).</summary>
    public string GatewayMessage { get; }

    /// <summary>What to do about it.</summary>
    public string Description { get; }

    /// <summary>The payment is not decided yet: verify again in some seconds.</summary>
    public bool IsPending => Name is CanPayErrors.PaymentInProgress or CanPayErrors.PaymentNotPaid;

    /// <summary>The payment is over and was not paid, or its money went back: do not deliver.</summary>
    public bool IsNotPaid => Name is CanPayErrors.PaymentCancelled or CanPayErrors.PaymentFailed or CanPayErrors.PaymentExpired
        or CanPayErrors.PaymentReturned;
}

/// <summary>
/// Nobody knows what became of the call: no connection, no answer in time, or an answer that says nothing. Every call may be
/// repeated safely; a payment that cannot be verified now may be verified later.
/// </summary>
public sealed class CanPayUnavailableException : CanPayException
{
    internal CanPayUnavailableException(
        string message, string requestId, Exception? inner = null, TimeSpan? retryAfter = null, string? name = null)
        : base(message, requestId, inner)
    {
        RetryAfter = retryAfter;
        Name = name;
    }

    /// <summary>How long the gateway asks you to wait, where it said so.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The error's name where the gateway gave one, for example <c>too_many_requests</c> or <c>on_hold</c>.</summary>
    public string? Name { get; }
}
