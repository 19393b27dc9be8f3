namespace CanPay.Gateway.Kernel;

/// <summary>Instants are stored as Unix milliseconds; a value that goes through the store comes back equal.</summary>
public static class Instants
{
    /// <summary>Now, cut to the whole millisecond that the store keeps.</summary>
    public static DateTimeOffset Now(this TimeProvider clock) => clock.GetUtcNow().ToMilliseconds();

    public static DateTimeOffset ToMilliseconds(this DateTimeOffset instant) =>
        DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds());
}
