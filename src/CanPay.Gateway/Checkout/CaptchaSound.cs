using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;

namespace CanPay.Gateway.Checkout;

/// <summary>Spoken digits over noise, never twice the same: 8,000 samples a second of 8 bits, one channel.</summary>
internal static class CaptchaSound
{
    private const string Prefix = "CanPay.Gateway.Checkout.Voices.";
    private const int Rate = 8_000;
    private const int HeadLength = 44;
    private const int Silence = 128;
    private const int Noise = 10;

    private static readonly FrozenDictionary<string, byte[]> Voices = typeof(CaptchaSound).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Prefix.Length..], Samples, StringComparer.Ordinal);

    /// <param name="language"><c>fa</c> or <c>en</c>.</param>
    public static byte[] Wav(string digits, string language)
    {
        var samples = new List<double>(digits.Length * Rate);
        Wait(samples, 500);
        foreach (var digit in digits)
        {
            var voice = Voices[string.Create(CultureInfo.InvariantCulture, $"{language}-{digit}.wav")];
            var speed = RandomNumberGenerator.GetInt32(88, 113) / 100.0;
            var loudness = RandomNumberGenerator.GetInt32(55, 96) / 100.0;
            for (var at = 0.0; at < voice.Length; at += speed)
            {
                samples.Add((voice[(int)at] - Silence) * loudness);
            }

            Wait(samples, RandomNumberGenerator.GetInt32(350, 800));
        }

        var noise = RandomNumberGenerator.GetBytes(samples.Count);

        var head = new byte[HeadLength];
        "RIFF"u8.CopyTo(head);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(4), HeadLength - 8 + samples.Count);
        "WAVEfmt "u8.CopyTo(head.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(head.AsSpan(20), 1); // PCM
        BinaryPrimitives.WriteInt16LittleEndian(head.AsSpan(22), 1); // channels
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(24), Rate);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(28), Rate); // bytes a second
        BinaryPrimitives.WriteInt16LittleEndian(head.AsSpan(32), 1); // bytes a sample
        BinaryPrimitives.WriteInt16LittleEndian(head.AsSpan(34), 8); // bits a sample
        "data"u8.CopyTo(head.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(40), samples.Count);
        return [.. head, .. samples.Select((sample, i) => (byte)Math.Clamp(Silence + sample + (noise[i] % (2 * Noise)) - Noise, byte.MinValue, byte.MaxValue))];
    }

    private static void Wait(List<double> samples, int milliseconds) => samples.AddRange(Enumerable.Repeat(0.0, milliseconds * Rate / 1_000));

    private static byte[] Samples(string name)
    {
        using var stream = typeof(CaptchaSound).Assembly.GetManifestResourceStream(name)!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray()[HeadLength..];
    }
}
