using System.Security.Cryptography;
using CanPay.Gateway.Kernel;
using CanPay.Iso8583;

namespace CanPay.Gateway.Acquiring.Direct;

/// <summary>The sandbox's keys, in memory. Everybody knows them: refused where money is real.</summary>
internal sealed class SoftwareHsm : IHsm, IDisposable
{
    private static readonly byte[] ZonePinKey = Convert.FromHexString("0123456789ABCDEFFEDCBA9876543210");
    private static readonly byte[] MacKey = Convert.FromHexString("89ABCDEF0123456776543210FEDCBA98");

    private readonly TripleDES _zonePin;
    private readonly RetailMac _mac;

    /// <exception cref="StartException">Not in the sandbox.</exception>
    public SoftwareHsm(SandboxOptions sandbox)
    {
        if (!sandbox.Enabled)
        {
            throw new StartException(
                "Sandbox:Enabled is false, but the only keys for the card network are the sandbox's software keys, which protect " +
                "nothing. This version has no driver for a hardware security module: set Sandbox:Enabled to true, or provide one.");
        }

#pragma warning disable CA5350 // PIN blocks of this format are TDES
        _zonePin = TripleDES.Create();
#pragma warning restore CA5350
        _zonePin.Key = [.. ZonePinKey, .. ZonePinKey.AsSpan(0, 8)];
        _mac = new RetailMac(MacKey);
    }

    public void EncryptPin(ReadOnlySpan<char> pin, ReadOnlySpan<char> pan, Span<byte> block)
    {
        Span<byte> clear = stackalloc byte[PinBlock.Length];
        try
        {
            PinBlock.Encode(pin, pan, clear);
            _zonePin.EncryptEcb(clear, block, PaddingMode.None);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(clear);
        }
    }

    public void Compute(ReadOnlySpan<byte> data, Span<byte> mac) => _mac.Compute(data, mac);

    public void Dispose()
    {
        _zonePin.Dispose();
        _mac.Dispose();
    }
}
