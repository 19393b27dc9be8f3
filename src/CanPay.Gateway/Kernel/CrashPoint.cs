using System.Diagnostics;

namespace CanPay.Gateway.Kernel;

/// <summary>
/// Places in the life of a payment at which the process can be made to die, to prove that it may die there. A release build has
/// none of them: the compiler leaves the calls out, and nothing reads the environment.
/// </summary>
internal static class CrashPoint
{
    /// <summary>The environment variable that names a file. While the file is there, the process dies at the point that it names.</summary>
    public const string Variable = "CANPAY_CRASH_ORDER";

    /// <summary>Behind the name of the file when the process has died by it.</summary>
    public const string Done = ".done";

    /// <summary>Both sides of whatever is written, and of what is said to others; <c>network</c> with the message's type.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "migration.applied",
        "token.before", "token.after",
        "claim.before", "claim.after",
        "network.1200.sent", "network.1200.answered",
        "outcome.before", "outcome.after",
        "verify.before", "verify.after",
        "return.before", "return.after",
        "due.Expired.before", "due.Expired.after",
        "due.Reversing.before", "due.Reversing.after",
        "network.1420.sent", "network.1420.answered",
        "due.Reversed.before", "due.Reversed.after",
        "refund.before", "refund.after",
        "network.1220.sent", "network.1220.answered",
        "refund_end.before", "refund_end.after",
        "webhook.delivered", "webhook.recorded",
    ];

    /// <summary>Dies here, by SIGKILL, where that is ordered.</summary>
    [Conditional("DEBUG")]
    public static void Reach(string name)
    {
#if DEBUG
        if (Order is { Length: > 0 })
        {
            DieIfOrdered(Order, name);
        }
#endif
    }

#if DEBUG
    private static readonly string? Order = Environment.GetEnvironmentVariable(Variable);

    private static void DieIfOrdered(string order, string name)
    {
        if (!All.Contains(name, StringComparer.Ordinal))
        {
            throw new UnreachableException($"{name} is not among the crash points.");
        }

        try
        {
            if (!File.Exists(order) || File.ReadAllText(order) != name)
            {
                return;
            }

            File.Move(order, order + Done);
        }
        catch (IOException)
        {
            return; // another thread was quicker and dies
        }

        using var self = Process.GetCurrentProcess();
        self.Kill();
        using var never = new ManualResetEvent(initialState: false);
        never.WaitOne();
    }
#endif
}
