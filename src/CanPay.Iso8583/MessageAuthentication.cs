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

    private readonly DES _first;
    private readonly DES _second;
    private readonly MacPadding _padding;

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

        _first = Des(key[..Block]);
        _second = Des(key[Block..]);
        _padding = padding;
    }

    /// <inheritdoc/>
    public void Compute(ReadOnlySpan<byte> data, Span<byte> mac)
    {
        var whole = _padding is MacPadding.Zeros ? (data.Length + Block - 1) / Block * Block : (data.Length / Block * Block) + Block;
        Span<byte> padded = whole <= 1024 ? stackalloc byte[1024] : new byte[whole];
        padded = padded[..Math.Max(whole, Block)];
        padded.Clear();
        data.CopyTo(padded);
        if (_padding is MacPadding.OneAndZeros)
        {
            padded[data.Length] = 0x80;
        }

        Span<byte> chained = padded.Length <= 1024 ? stackalloc byte[1024] : new byte[padded.Length];
        chained = chained[..padded.Length];
        Span<byte> zeros = stackalloc byte[Block];
        zeros.Clear();
        _first.EncryptCbc(padded, zeros, chained, PaddingMode.None);
        Span<byte> last = stackalloc byte[Block];
        _second.DecryptEcb(chained[^Block..], last, PaddingMode.None);
        _first.EncryptEcb(last, mac, PaddingMode.None);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    private static DES Des(ReadOnlySpan<byte> key)
    {
#pragma warning disable CA5351 // the algorithm of the standard; what it is trusted for here is a line of 8-byte codes
        var des = DES.Create();
#pragma warning restore CA5351
        des.Key = key.ToArray();
        return des;
    }
}
