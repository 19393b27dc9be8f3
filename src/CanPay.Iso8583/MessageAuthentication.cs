using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace CanPay.Iso8583;

/// <summary>Makes message authentication codes; the key stays inside, in software or in a hardware security module.</summary>
/// <remarks>Called by several threads at once.</remarks>
public interface IMessageAuthenticator
{
    /// <summary>Computes the code of the data.</summary>
    /// <param name="data">What is authenticated.</param>
    /// <param name="mac">Takes <see cref="MessageAuthentication.MacLength"/> bytes.</param>
    void Compute(ReadOnlySpan<byte> data, Span<byte> mac);
}

/// <summary>The code in field 128: over every byte of the message before it, the last thing on the wire.</summary>
public static class MessageAuthentication
{
    /// <summary>Bytes of a code.</summary>
    public const int MacLength = 8;

    private const int MacField = 128;
    private const int DigitsOnWire = 2 * MacLength;

    /// <summary>Writes the message with its code in field 128.</summary>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="IsoFormatException">The message cannot be written.</exception>
    public static int EncodeWithMac(
        this MessageFormat format, IsoMessage message, IMessageAuthenticator authenticator, Span<byte> target)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(authenticator);
        Span<byte> mac = stackalloc byte[MacLength];
        mac.Clear();
        message.Set(MacField, mac);
        var length = format.Encode(message, target);
        authenticator.Compute(target[..(length - DigitsOnWire)], mac);
        Convert.TryToHexString(mac, target.Slice(length - DigitsOnWire, DigitsOnWire), out _);
        return length;
    }

    /// <summary>
    /// The bytes end with the right code of all that is before it. To be asked before anything else is believed of them: bytes
    /// without a field 128 fail as well.
    /// </summary>
    public static bool HasValidMac(ReadOnlySpan<byte> bytes, IMessageAuthenticator authenticator)
    {
        ArgumentNullException.ThrowIfNull(authenticator);
        if (bytes.Length <= DigitsOnWire)
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[MacLength];
        Span<byte> digits = stackalloc byte[DigitsOnWire];
        authenticator.Compute(bytes[..^DigitsOnWire], expected);
        Convert.TryToHexString(expected, digits, out _);
        return CryptographicOperations.FixedTimeEquals(digits, bytes[^DigitsOnWire..]);
    }
}

/// <summary>How data is filled up to whole blocks, by the numbers of ISO/IEC 9797-1.</summary>
public enum MacPadding
{
    /// <summary>Method 1: zeros, none where the block is full.</summary>
    Zeros,

    /// <summary>Method 2: one bit set, then zeros; a full block gets another.</summary>
    OneAndZeros,
}

/// <summary>
/// The retail MAC: ISO/IEC 9797-1 algorithm 3, also known as ANSI X9.19. DES in CBC mode under the first half of a
/// double-length key, the last block decrypted under the second half and encrypted under the first.
/// </summary>
public sealed class RetailMac : IMessageAuthenticator, IDisposable
{
    private const int Block = 8;

    private readonly byte[] _key;
    private readonly MacPadding _padding;
    private readonly ConcurrentBag<Chain> _chains = [];

    /// <summary>Makes it with a clear key; where the key may not be clear, implement <see cref="IMessageAuthenticator"/> on a hardware security module.</summary>
    /// <param name="key">16 bytes.</param>
    /// <param name="padding">As agreed with the other side.</param>
    /// <exception cref="ArgumentException">The key has not 16 bytes.</exception>
    public RetailMac(ReadOnlySpan<byte> key, MacPadding padding = MacPadding.Zeros)
    {
        if (key.Length != 2 * Block)
        {
            throw new ArgumentException("A retail MAC takes a key of 16 bytes.", nameof(key));
        }

        _key = key.ToArray();
        _padding = padding;
    }

    /// <inheritdoc/>
    public void Compute(ReadOnlySpan<byte> data, Span<byte> mac)
    {
        var whole = _padding is MacPadding.Zeros ? (data.Length + Block - 1) / Block * Block : (data.Length / Block * Block) + Block;
        whole = Math.Max(whole, Block);
        var padded = ArrayPool<byte>.Shared.Rent(2 * whole);
        try
        {
            data.CopyTo(padded);
            padded.AsSpan(data.Length, whole - data.Length).Clear();
            if (_padding is MacPadding.OneAndZeros)
            {
                padded[data.Length] = 0x80;
            }

            // One that throws is not put back: nobody knows where its chain stands.
            var chain = _chains.TryTake(out var free) ? free : new Chain(_key);
            chain.Compute(padded, whole, mac);
            _chains.Add(chain);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(padded, clearArray: true);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_chains.TryTake(out var chain))
        {
            chain.Dispose();
        }

        CryptographicOperations.ZeroMemory(_key);
    }

    /// <summary>The ciphers with their keys set up, for one computation at a time: setting them up costs more than the DES does.</summary>
    private sealed class Chain : IDisposable
    {
        private readonly ICryptoTransform _chaining;
        private readonly ICryptoTransform _decrypting;
        private readonly ICryptoTransform _encrypting;
        private readonly byte[] _last = new byte[Block];
        private readonly byte[] _result = new byte[Block];

        public Chain(byte[] key)
        {
            _chaining = Transform(key[..Block], CipherMode.CBC, encrypts: true);
            _encrypting = Transform(key[..Block], CipherMode.ECB, encrypts: true);
            _decrypting = Transform(key[Block..], CipherMode.ECB, encrypts: false);
        }

        /// <param name="bytes">Whole blocks, and as much room after them.</param>
        public void Compute(byte[] bytes, int length, Span<byte> mac)
        {
            // The cipher goes on where the last message ended; its last block, mixed in twice, takes it back to zeros.
            for (var i = 0; i < Block; i++)
            {
                bytes[i] ^= _last[i];
            }

            _chaining.TransformBlock(bytes, 0, length, bytes, length);
            Array.Copy(bytes, (2 * length) - Block, _last, 0, Block);
            _decrypting.TransformBlock(_last, 0, Block, _result, 0);
            _encrypting.TransformBlock(_result, 0, Block, _result, 0);
            _result.CopyTo(mac);
        }

        public void Dispose()
        {
            _chaining.Dispose();
            _decrypting.Dispose();
            _encrypting.Dispose();
        }

        private static ICryptoTransform Transform(byte[] key, CipherMode mode, bool encrypts)
        {
#pragma warning disable CA5351 // the algorithm of the standard; what it is trusted for here is a line of 8-byte codes
            using var des = DES.Create();
#pragma warning restore CA5351
            des.Mode = mode;
            des.Padding = PaddingMode.None;
            des.Key = key;
            des.IV = new byte[Block];
            return encrypts ? des.CreateEncryptor() : des.CreateDecryptor();
        }
    }
}
