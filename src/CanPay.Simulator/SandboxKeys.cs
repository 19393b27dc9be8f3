namespace CanPay.Simulator;

/// <summary>Keys that everybody knows. The gateway's sandbox uses the same; they protect nothing.</summary>
internal static class SandboxKeys
{
    /// <summary>Zone PIN key: double-length TDES.</summary>
    public static byte[] ZonePin { get; } = Convert.FromHexString("0123456789ABCDEFFEDCBA9876543210");

    /// <summary>Key of the retail MAC in field 128.</summary>
    public static byte[] Mac { get; } = Convert.FromHexString("89ABCDEF0123456776543210FEDCBA98");
}
