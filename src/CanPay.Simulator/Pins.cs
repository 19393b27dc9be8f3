using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CanPay.Simulator;

/// <summary>PINs as the issuers know them: the static one of the sandbox, and a dynamic one for each card and window of time.</summary>
internal sealed class Pins(byte[] seed, int windowSeconds, TimeProvider clock)
{
    public static Pins Open(string folder, int windowSeconds, TimeProvider clock)
    {
        var file = Path.Combine(folder, "pin-seed");
        if (!File.Exists(file))
        {
            File.WriteAllBytes(file, RandomNumberGenerator.GetBytes(32));
        }

        return new Pins(File.ReadAllBytes(file), windowSeconds, clock);
    }

    public int SecondsLeft => windowSeconds - (int)(clock.GetUtcNow().ToUnixTimeSeconds() % windowSeconds);

    public string Dynamic(string pan) => Dynamic(pan, Window);

    /// <summary>The static PIN, this window's dynamic one, or the one of the window before.</summary>
    public bool IsRight(string pan, string pin) =>
        pin == TestCard.StaticPin || pin == Dynamic(pan, Window) || pin == Dynamic(pan, Window - 1);

    /// <summary>Opens an ISO 9564 format 0 block under the zone key.</summary>
    /// <returns>Null where it is no such block for this card.</returns>
    public static string? Open(ReadOnlySpan<byte> block, string pan)
    {
        if (block.Length != 8 || pan.Length < 13)
        {
            return null;
        }

#pragma warning disable CA5350 // PIN blocks of this format are TDES
        using var cipher = TripleDES.Create();
#pragma warning restore CA5350
        cipher.Key = [.. SandboxKeys.ZonePin, .. SandboxKeys.ZonePin.AsSpan(0, 8)];
        var clear = cipher.DecryptEcb(block, PaddingMode.None);
        var account = Convert.FromHexString("0000" + pan[^13..^1]);
        for (var i = 0; i < 8; i++)
        {
            clear[i] ^= account[i];
        }

        var digits = Convert.ToHexString(clear);
        var length = digits[1] is >= '4' and <= '9' ? digits[1] - '0' : digits[1] is >= 'A' and <= 'C' ? digits[1] - 'A' + 10 : 0;
        return digits[0] == '0' && length > 0 && digits[(2 + length)..].All(c => c == 'F') && digits[2..(2 + length)].All(char.IsAsciiDigit)
            ? digits[2..(2 + length)]
            : null;
    }

    private long Window => clock.GetUtcNow().ToUnixTimeSeconds() / windowSeconds;

    private string Dynamic(string pan, long window)
    {
        var hash = HMACSHA256.HashData(seed, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{pan}:{window}")));
        return (BinaryPrimitives.ReadUInt32BigEndian(hash) % 1_000_000).ToString("000000", CultureInfo.InvariantCulture);
    }
}
