using System.Collections.Concurrent;
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
    private readonly ConcurrentBag<ICryptoTransform> _ciphers = [];
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
#pragma warning disable CA5358 // one block: there is nothing to chain
        _zonePin.Mode = CipherMode.ECB;
#pragma warning restore CA5358
        _zonePin.Padding = PaddingMode.None;
        _zonePin.Key = [.. ZonePinKey, .. ZonePinKey.AsSpan(0, 8)];
        _mac = new RetailMac(MacKey);
    }

    public void EncryptPin(ReadOnlySpan<char> pin, ReadOnlySpan<char> pan, Span<byte> block)
    {
        var clear = new byte[PinBlock.Length];
        try
        {
            PinBlock.Encode(pin, pan, clear);

            // Setting a cipher up costs more than its one block.
            var cipher = _ciphers.TryTake(out var free) ? free : _zonePin.CreateEncryptor();
            cipher.TransformBlock(clear, 0, clear.Length, clear, 0);
            clear.CopyTo(block);
            _ciphers.Add(cipher);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(clear);
        }
    }

    public void Compute(ReadOnlySpan<byte> data, Span<byte> mac) => _mac.Compute(data, mac);

    public void Dispose()
    {
        while (_ciphers.TryTake(out var cipher))
        {
            cipher.Dispose();
        }

        _zonePin.Dispose();
        _mac.Dispose();
    }
}
