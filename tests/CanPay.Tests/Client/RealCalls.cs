namespace CanPay.Tests.Client;

/// <summary>
/// The calls that the real gateway has. The client, the gateway in memory and the Postman collection are held against it with these;
/// what they know of others waits until the call is named here.
/// </summary>
internal static class RealCalls
{
    public static readonly string[] All = ["token", "verify", "inquiry", "unverified", "transactions", "ping", "reverse", "refund", "refund/status"];

    public static bool Has(string call) => All.Contains(call, StringComparer.Ordinal);
}
