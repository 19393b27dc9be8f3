using System.Text.Json;
using CanPay.Fuzz.Engine;
using CanPay.Gateway.Acquiring.Keys;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Operations;
using CanPay.Gateway.Webhooks;
using CanPay.Simulator;

namespace CanPay.Fuzz.Targets;

/// <summary>Files and words that an operator gives to <c>canpay</c>. The first byte chooses which.</summary>
internal sealed class OperatorInputTarget() : Target(
    "operator-input", "a file or a word of an operator is read, or refused in a line that says why",
    "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", "{\"SealingKeys\":{\"1\":\"", "\"},\"HashKey\":\"", "\"}", "[", "]", "{", "}", "null", ",", "\"rrn\":", "\"amount\":1", "\"kind\":\"purchase\"",
    "\"kind\":\"refund\"", "\"outcome\":\"approved\"", "\"outcome\":\"refunded\"", "\"outcome\":\"reversed\"", "site.com", "192.0.2.0/24", "TEST0001", "whsec_", "سایت.ir", "xn--", "[::1]")
{
    public override int QuickMillions => 1;

    public override bool Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return false;
        }

        try
        {
            return (input[0] % 5) switch
            {
                0 => KeyFiles.ParseKeks(input[1..].ToArray(), "file").All(key => key.Length == 32),
                1 => CardKeys(input[1..].ToArray()),
                2 => Journal(input[1..].ToArray()),
                3 => Details(Text(input[1..])),
                _ => Secret(Text(input[1..])),
            };
        }
        catch (Exception e) when (e is StartException || (e is JsonException && input[0] % 5 == 2) || (e is FormatException && input[0] % 5 == 4))
        {
            return false;
        }
    }

    private static bool CardKeys(byte[] text)
    {
        using var keys = CardKeyFile.Parse(text, "file");
        Must(keys.Sealing.Values.All(key => key.Length == 32) && keys.Hash.Length == 32, "card keys have 32 bytes");
        Must(keys.FirstKek().Length == 32 && keys.Mark.Length == 64, "card keys are known again");
        return true;
    }

    private static bool Journal(byte[] text)
    {
        var reading = NetworkJournal.Read(new MemoryStream(text), CancellationToken.None);
        Must(reading.IsCompleted, "there is nothing to wait for");
        _ = reading.GetAwaiter().GetResult().Holds("1");
        return true;
    }

    private static bool Details(string text)
    {
        var domains = MerchantDetails.Domains(text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Must(MerchantDetails.Domains(domains.Split(' ', StringSplitOptions.RemoveEmptyEntries)) == domains, "a domain that was written down is read as the same");
        Must(System.Text.Ascii.IsValid(domains) && !domains.Contains('/', StringComparison.Ordinal), "a domain is a name in ASCII");
        _ = MerchantDetails.Name(text);
        return domains.Length > 0;
    }

    private static bool Secret(string text)
    {
        var secret = WebhookSecret.Parse(text);
        Must(WebhookSecret.Parse(secret.Reveal()).ToBytes().SequenceEqual(secret.ToBytes()), "a secret that is shown is read as the same");
        return true;
    }
}

/// <summary>What the simulator is given: by the line, by its control page, and in its own files. The first byte chooses which.</summary>
internal sealed class SimulatorInputTarget() : Target(
    "simulator-input", "original data, token lists, PIN blocks, times and lines of the books are read or refused",
    "1200", "CV2003123", "CV2", "000001", "261128130000", "09", "600", "-Infinity", "NaN", "1e3", "0.5", "{\"Entry\":", "null", "}")
{
    private readonly ZonePinKey _zoneKey = new("0123456789ABCDEFFEDCBA9876543210");

    public override int MaxLength => 400;

    public override bool Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return false;
        }

        var text = Text(input[1..]);
        switch (input[0] % 4)
        {
            case 0:
                if (!OriginalData.TryParse(text, out var original))
                {
                    return false;
                }

                Must(text == $"{original.Mti}{original.Stan}{original.LocalTime}{original.Acquirer.Length:00}{original.Acquirer}", "original data are what was sent");
                return true;
            case 1:
                var value = TokenList.Find(text, TokenList.Cvv2);
                // The platform reads "00" and a zero byte as a number; no field of a message has one.
                Must(value is null || text.Contains('\0', StringComparison.Ordinal) || text.Contains(TokenList.Cvv2 + value.Length.ToString("000") + value, StringComparison.Ordinal), "a value stands in its list");
                return value is not null;
            case 2:
                var pin = _zoneKey.Open(input[1..][..Math.Min(8, input.Length - 1)], "5022290000087122");
                Must(pin is null || (pin.Length is >= 4 and <= 12 && pin.All(char.IsAsciiDigit)), "a PIN has 4 to 12 digits");
                return pin is not null;
            default:
                if (!SimulatorControl.TrySeconds(text, out var time))
                {
                    return false;
                }

                Must(time >= TimeSpan.Zero && time <= TimeSpan.FromSeconds(600), "a time is 0 to 600 seconds");
                return true;
        }
    }
}
