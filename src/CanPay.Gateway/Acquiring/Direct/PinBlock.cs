using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Acquiring.Direct;

/// <summary>The clear PIN block of ISO 9564-1 format 0: length, PIN and filler, XORed with twelve digits of the card number.</summary>
/// <remarks>Lives for the moment between the form and the HSM; whoever makes one wipes it.</remarks>
internal static class PinBlock
{
    public const int Length = 8;

    private const int MinPin = 4;
    private const int MaxPin = 12;

    /// <exception cref="ArgumentException">The PIN has not 4 to 12 digits, or the card number is too short. Says no digit.</exception>
    public static void Encode(ReadOnlySpan<char> pin, ReadOnlySpan<char> pan, Span<byte> block)
    {
        if (pin.Length is < MinPin or > MaxPin || !Digits.IsAll(pin))
        {
            throw new ArgumentException("A PIN has 4 to 12 digits.", nameof(pin));
        }

        RequirePan(pan);
        block[..Length].Fill(0xFF);
        block[0] = (byte)pin.Length;
        for (var i = 0; i < pin.Length; i++)
        {
            var digit = (byte)(pin[i] - '0');
            var at = 1 + (i / 2);
            block[at] = (byte)(i % 2 == 0 ? (digit << 4) | (block[at] & 0x0F) : (block[at] & 0xF0) | digit);
        }

        MixAccount(pan, block);
    }

    /// <summary>Reads a block back; false for whatever format 0 does not allow.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> block, ReadOnlySpan<char> pan, Span<char> pin, out int length)
    {
        length = 0;
        RequirePan(pan);
        if (block.Length != Length)
        {
            return false;
        }

        Span<byte> clear = stackalloc byte[Length];
        block.CopyTo(clear);
        MixAccount(pan, clear);
        var count = clear[0] & 0x0F;
        if (clear[0] >> 4 != 0 || count is < MinPin or > MaxPin)
        {
            return false;
        }

        for (var i = 0; i < (Length - 1) * 2; i++)
        {
            var nibble = i % 2 == 0 ? clear[1 + (i / 2)] >> 4 : clear[1 + (i / 2)] & 0x0F;
            if (i < count ? nibble > 9 : nibble != 0x0F)
            {
                return false;
            }

            if (i < count)
            {
                pin[i] = (char)('0' + nibble);
            }
        }

        length = count;
        return true;
    }

    /// <summary>The twelve rightmost digits of the card number without its check digit, after four zeros.</summary>
    private static void MixAccount(ReadOnlySpan<char> pan, Span<byte> block)
    {
        var account = pan[^13..^1];
        for (var i = 0; i < account.Length; i++)
        {
            var digit = (byte)(account[i] - '0');
            block[2 + (i / 2)] ^= (byte)(i % 2 == 0 ? digit << 4 : digit);
        }
    }

    private static void RequirePan(ReadOnlySpan<char> pan)
    {
        if (pan.Length < 13 || !Digits.IsAll(pan))
        {
            throw new ArgumentException("A card number has at least 13 digits.", nameof(pan));
        }
    }
}
