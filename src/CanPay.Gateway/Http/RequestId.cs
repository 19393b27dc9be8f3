using System.Security.Cryptography;

namespace CanPay.Gateway.Http;

/// <summary>What an answer is called, for whoever asks about it later: in <c>X-Request-Id</c>, and in the log.</summary>
internal static class RequestId
{
    private const string Header = "X-Request-Id";
    private const string Letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Length = 26;
    private const int MaxLength = 64;

    /// <summary>The caller's own where it sent one that can stand in a log, or one of ours; from now on on the answer.</summary>
    public static string Give(HttpContext context)
    {
        var sent = context.Request.Headers[Header];
        var id = sent is [{ Length: >= 1 and <= MaxLength } own] && !own.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? own
            : RandomNumberGenerator.GetString(Letters, Length);
        context.TraceIdentifier = id;
        Say(context);
        return id;
    }

    /// <summary>Again, after an answer was begun anew.</summary>
    public static void Say(HttpContext context) => context.Response.Headers[Header] = context.TraceIdentifier;
}
