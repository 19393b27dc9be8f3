using CanPay.Gateway.Merchants;

namespace CanPay.Gateway.Http;

/// <summary>Who may call a route. Each route says it, or the program does not start (<see cref="RouteList"/>).</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class AccessAttribute(Caller caller) : Attribute
{
    public Caller Caller => caller;

    /// <summary>What a merchant's key must be for; of <see cref="Caller.Merchant"/> and <see cref="Caller.TestMerchant"/> only.</summary>
    public ApiScope Scope { get; init; }

    /// <summary>Whose allowance a call is taken from.</summary>
    public Limits Limits { get; init; }

    /// <summary>Longest body that is read, in bytes; 0 where none is.</summary>
    public int MaxBodyBytes { get; init; }

    /// <summary>Cookies that an answer may set.</summary>
    public Cookies Cookies { get; init; }
}

/// <summary>Who may call.</summary>
internal enum Caller
{
    /// <summary>Whoever likes to: the answer tells nothing of anybody.</summary>
    Anyone,

    /// <summary>Load balancers and supervisors. Nothing is told of payments; the proxy in front keeps the world away.</summary>
    Supervisor,

    /// <summary>A merchant's server: an active merchant, from one of its addresses, with a key of the scope where it sends or must send one.</summary>
    Merchant,

    /// <summary>As <see cref="Merchant"/>, for its own payments that move no money.</summary>
    TestMerchant,

    /// <summary>A payer with a payment's link, from a domain of its merchant; from the first card on only the browser that paid.</summary>
    Payer,

    /// <summary>The browser that opened the payment, with a form that it was given there.</summary>
    PayersBrowser,

    /// <summary>Whoever holds the code of a receipt, which cannot be guessed.</summary>
    ReceiptHolder,

    /// <summary>Whoever holds the token of a payment that moves no money.</summary>
    TestTokenHolder,
}

/// <summary>Whose allowance a call is taken from.</summary>
[Flags]
internal enum Limits
{
    None = 0,

    /// <summary>Requests of one address.</summary>
    Address = 1,

    /// <summary>Requests of one merchant.</summary>
    Merchant = 2,

    /// <summary>Refusals that one address is given: "who are you", "no such token".</summary>
    Refusals = 4,
}

/// <summary>Cookies of ours: HttpOnly, SameSite=Lax, and over HTTPS Secure.</summary>
[Flags]
internal enum Cookies
{
    None = 0,

    /// <summary><c>cp-lang</c>: the language that was chosen.</summary>
    Language = 1,

    /// <summary><c>__Host-cp-…</c> (without HTTPS <c>cp-…</c>): this browser at this payment, signed.</summary>
    Session = 2,
}
