using System.Diagnostics;

namespace CanPay.Fuzz.Engine;

/// <summary>Runs one input by itself and says what is wrong with it.</summary>
internal static class Judge
{
    public const int MaxMilliseconds = 100;
    public const long MaxBytes = 16 << 20;

    /// <summary>A pause of the machine does not come every time.</summary>
    private const int SlowTries = 6;

    public static Violation? Alone(Target target, ReadOnlySpan<byte> input)
    {
        for (var attempt = 0; attempt < SlowTries; attempt++)
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var watch = Stopwatch.StartNew();
            if (Try(target, input, out _) is { } violation)
            {
                return violation;
            }

            // The first time may have made what stays.
            if (attempt > 0 && GC.GetAllocatedBytesForCurrentThread() - allocated > MaxBytes)
            {
                return Of(target, "memory", $"more than {MaxBytes} bytes", input);
            }

            if (attempt > 0 && watch.ElapsedMilliseconds <= MaxMilliseconds)
            {
                return null;
            }
        }

        return Of(target, "slow", $"more than {MaxMilliseconds} ms", input);
    }

    public static Violation? Try(Target target, ReadOnlySpan<byte> input, out bool isAccepted)
    {
        isAccepted = false;
        try
        {
            isAccepted = target.Run(input);
            return null;
        }
        catch (PropertyException e)
        {
            return Of(target, "property", e.Message, input);
        }
        catch (Exception e)
        {
            var frame = new StackTrace(e).GetFrames().Select(frame => frame.GetMethod()).FirstOrDefault(
                method => method?.DeclaringType?.FullName?.StartsWith("CanPay.", StringComparison.Ordinal) ?? false);
            return Of(target, "exception", $"{e.GetType().Name} in {frame?.DeclaringType?.Name}.{frame?.Name}: {e.Message}", input);
        }
    }

    public static Violation Of(Target target, string kind, string what, ReadOnlySpan<byte> input) =>
        new(target.Name, kind, what, Convert.ToHexStringLower(input));
}
