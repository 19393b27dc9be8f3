using System.Diagnostics;
using System.Security.Cryptography;
using CanPay.Gateway.Acquiring.Keys;
using CanPay.Tests.EndToEnd;

namespace CanPay.Tests.Operations;

/// <summary><c>canpay keys</c>: two custodians, and nothing that shows a key.</summary>
public sealed class KeyCommandTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("canpay-keys-").FullName;

    private string KekFile => Path.Combine(_data, "keys", "kek.txt");

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Two_components_make_a_key_that_nobody_is_shown()
    {
        var (one, two) = (RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32));
        var key = one.Zip(two, (a, b) => (byte)(a ^ b)).ToArray();

        var (code, said) = await Import($"{Convert.ToHexString(one)}\n{string.Join(' ', Convert.ToHexString(two).Chunk(4).Select(part => new string(part)))}\n");

        Assert.True(code == 0, said);
        Assert.Contains(KeyCheck.Of(one), said, StringComparison.Ordinal);
        Assert.Contains(KeyCheck.Of(two), said, StringComparison.Ordinal);
        Assert.Contains(KeyCheck.Of(key), said, StringComparison.Ordinal);
        Assert.Equal(Convert.ToBase64String(key), (await File.ReadAllTextAsync(KekFile)).Trim());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KekFile));
        foreach (var secret in new[] { key, one, two })
        {
            Assert.DoesNotContain(Convert.ToHexString(secret)[..16], said, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Convert.ToBase64String(secret)[..12], said, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("00", "hexadecimal digits")]
    [InlineData("same", "they make no key")]
    [InlineData("letters", "hexadecimal digits")]
    public async Task What_is_no_component_changes_nothing(string what, string text)
    {
        var component = what switch
        {
            "same" => new string('A', 64),
            "letters" => new string('x', 64),
            _ => what,
        };

        var (code, said) = await Import($"{component}\n{component}\n");

        Assert.Equal(2, code);
        Assert.Contains(text, said, StringComparison.Ordinal);
        Assert.False(File.Exists(KekFile));
    }

    [Fact]
    public async Task Keys_are_shown_without_key_material()
    {
        await using (var world = await World.Start("--Storage:DataFolder=" + _data))
        {
            using var browser = world.NewBrowser();
            await browser.Pay(await world.Token());
        }

        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["CANPAY_DATA"] = _data };
        var table = await Processes.Run(Programs.Gateway, settings, "keys", "show");
        var json = await Processes.Run(Programs.Gateway, settings, "keys", "show", "--json");

        Assert.Contains("Current", table, StringComparison.Ordinal);
        Assert.Contains("\"open_payments\": 1", json, StringComparison.Ordinal);
        Assert.DoesNotContain("wrapped", json, StringComparison.Ordinal);
        Assert.DoesNotContain((await File.ReadAllTextAsync(KekFile)).Trim(), table + json, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Said)> Import(string input)
    {
        var start = new ProcessStartInfo(Programs.Gateway, ["keys", "import"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["CANPAY_DATA"] = _data;
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var said = await process.StandardOutput.ReadToEndAsync() + await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said);
    }
}
