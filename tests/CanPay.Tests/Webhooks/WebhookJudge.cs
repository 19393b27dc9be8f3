using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace CanPay.Tests.Webhooks;

/// <summary>npm's standardwebhooks, the reference implementation, in a node process of its own.</summary>
internal static class WebhookJudge
{
    private static readonly string Folder = Path.Combine(Programs.Root, "artifacts", "webhook-judge");

    /// <summary>Whether a receiver that uses it takes each of them.</summary>
    public static IReadOnlyList<bool> Takes(params Letter[] letters)
    {
        Assert.True(File.Exists(Path.Combine(Folder, "installed")), "standardwebhooks is not installed: run eng/install-webhook-judge (./test does)");
        var start = new ProcessStartInfo("node", [Path.Combine(Folder, "judge.mjs")])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Write(JsonSerializer.Serialize(letters, JsonSerializerOptions.Web));
        process.StandardInput.Close();
        var answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return JsonSerializer.Deserialize<IReadOnlyList<bool>>(answer)!;
    }
}

/// <summary>What a receiver has: its secret, the three headers, the body.</summary>
internal sealed record Letter(string Secret, string Id, long Timestamp, string Signature, string Body);
