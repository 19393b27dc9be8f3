using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanPay.Iso8583;

namespace CanPay.Tests.Iso8583;

/// <summary>npm's iso_8583, a codec that knows nothing of ours, in a node process of its own.</summary>
internal static class Judge
{
    private static readonly string Folder = Path.Combine(Programs.Root, "artifacts", "iso8583-judge");

    /// <summary>What it makes of our bytes: field number to text, field 0 the type.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<int, string>> Read(MessageFormat format, IReadOnlyList<IsoMessage> messages)
    {
        var answer = Ask(format, new JsonArray([.. messages.Select(message => (JsonNode)new JsonObject
        {
            ["bytes"] = Convert.ToHexString(Bytes(format, message)),
            ["of53"] = message.Get(53).Length,
        })]), []);
        return [.. answer["read"]!.AsArray().Select(read =>
        {
            Assert.Null(read!["error"]?.ToString());
            return read.AsObject().ToDictionary(pair => int.Parse(pair.Key, CultureInfo.InvariantCulture), pair => pair.Value!.ToString());
        })];
    }

    /// <summary>The bytes that it makes of our messages.</summary>
    public static IReadOnlyList<byte[]> Written(MessageFormat format, IReadOnlyList<IsoMessage> messages)
    {
        var answer = Ask(format, [], new JsonArray([.. messages.Select(message => (JsonNode)new JsonObject
        {
            ["message"] = new JsonObject(Texts(format, message).Select(pair =>
                KeyValuePair.Create(pair.Key.ToString(CultureInfo.InvariantCulture), (JsonNode?)pair.Value))),
            ["of53"] = message.Get(53).Length,
        })]));
        return [.. answer["write"]!.AsArray().Select(written =>
        {
            Assert.True(written!.GetValueKind() is JsonValueKind.String, written.ToJsonString());
            return Convert.FromHexString(written.ToString());
        })];
    }

    /// <summary>A message in its words: bytes in hexadecimal, field 53 with its length.</summary>
    public static IReadOnlyDictionary<int, string> Texts(MessageFormat format, IsoMessage message)
    {
        var texts = new Dictionary<int, string> { [0] = message.Mti.ToString("0000", CultureInfo.InvariantCulture) };
        for (var field = message.Next(1); field != 0; field = message.Next(field))
        {
            var row = format[field]!;
            var text = row.Kind is FieldKind.Hex ? Convert.ToHexString(message.Get(field)) : message.GetText(field)!;
            texts[field] = field == 53 ? message.Get(53).Length.ToString("00", CultureInfo.InvariantCulture) + text : text;
        }

        return texts;
    }

    private static byte[] Bytes(MessageFormat format, IsoMessage message)
    {
        var bytes = new byte[MessageCodec.MaxLength];
        return bytes[..format.Encode(message, bytes)];
    }

    private static JsonNode Ask(MessageFormat format, JsonArray read, JsonArray write)
    {
        var rows = Enumerable.Range(2, 127).Select(number => format[number]).OfType<FieldFormat>().Select(row => (JsonNode)new JsonObject
        {
            ["number"] = row.Number,
            ["kind"] = row.Kind.ToString(),
            ["length"] = row.Length,
            ["lengthDigits"] = row.LengthDigits,
        });
        Assert.True(File.Exists(Path.Combine(Folder, "installed")), "iso_8583 is not installed: run eng/install-iso8583-judge (./test does)");
        var start = new ProcessStartInfo("node", [Path.Combine(Folder, "judge.mjs")])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Write(new JsonObject { ["rows"] = new JsonArray([.. rows]), ["read"] = read, ["write"] = write }.ToJsonString());
        process.StandardInput.Close();
        var answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return JsonNode.Parse(answer)!;
    }
}
