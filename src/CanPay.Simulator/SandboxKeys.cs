namespace CanPay.Simulator;

/// <summary>Keys that everybody knows, in hexadecimal. The gateway's sandbox uses the same; they protect nothing.</summary>
internal static class SandboxKeys
{
    /// <summary>Zone PIN key: double-length TDES.</summary>
    public const string ZonePin = "0123456789ABCDEFFEDCBA9876543210";

    /// <summary>Key of the retail MAC in field 128: double-length DES.</summary>
    public const string Mac = "89ABCDEF0123456776543210FEDCBA98";
}
