using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CanPay.Simulator;

/// <summary>PINs as the issuers know them: the static one of the sandbox, and a dynamic one for each card and window of time.</summary>
internal sealed class Pins(byte[] seed, int windowSeconds, TimeProvider clock)
{
    private const int SeedLength = 32;

    /// <exception cref="IOException">The seed cannot be read or is damaged.</exception>
    public static Pins Open(string folder, int windowSeconds, TimeProvider clock)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "pin-seed");
        if (!File.Exists(file))
        {
            // Written whole under another name first: a crash leaves no half seed behind.
            var draft = file + ".new";
            File.WriteAllBytes(draft, RandomNumberGenerator.GetBytes(SeedLength));
            File.Move(draft, file, overwrite: true);
        }

        var seed = File.ReadAllBytes(file);
        return seed.Length == SeedLength
            ? new Pins(seed, windowSeconds, clock)
            : throw new IOException($"{file} is damaged. Delete it: a new one is made, with other dynamic PINs.");
    }

    /// <summary>For so long, at the least, a dynamic PIN is taken after it was told.</summary>
    public int GoodSeconds => windowSeconds;

    public int SecondsLeft => windowSeconds - (int)(clock.GetUtcNow().ToUnixTimeSeconds() % windowSeconds);

    public string Dynamic(string pan) => Dynamic(pan, Window);

    /// <summary>The static PIN, this window's dynamic one, or the one of the window before.</summary>
    public bool IsRight(string pan, string pin) =>
        pin == TestCard.StaticPin || pin == Dynamic(pan, Window) || pin == Dynamic(pan, Window - 1);

    private long Window => clock.GetUtcNow().ToUnixTimeSeconds() / windowSeconds;

    private string Dynamic(string pan, long window)
    {
        var hash = HMACSHA256.HashData(seed, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{pan}:{window}")));
        return (BinaryPrimitives.ReadUInt32BigEndian(hash) % 1_000_000).ToString("000000", CultureInfo.InvariantCulture);
    }
}
