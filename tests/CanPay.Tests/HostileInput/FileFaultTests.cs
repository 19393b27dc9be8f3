using System.Text;
using CanPay.Gateway.Acquiring.Keys;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Operations;

namespace CanPay.Tests.HostileInput;

/// <summary>Files of an operator that broke a command instead of being refused in a line. A fuzzer found them.</summary>
public sealed class FileFaultTests
{
    private const string Key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    [Theory]
    [InlineData("""[null]""")]
    [InlineData("""[{"amount":1,"kind":"purchase","outcome":"approved"}]""")]
    [InlineData("""[{"rrn":null,"amount":1,"kind":"refund","outcome":"refunded"}]""")]
    [InlineData("""[{"rrn":"1","amount":1}]""")]
    public async Task A_network_journal_with_half_a_line_is_refused(string text)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<StartException>(() => NetworkJournal.Open(file, TestContext.Current.CancellationToken));
        File.Delete(file);
    }

    [Theory]
    [InlineData("null", $"\"{Key}\"")]
    [InlineData("\"\"", $"\"{Key}\"")]
    [InlineData("\"MDEyMw==\"", $"\"{Key}\"")]
    [InlineData($"\"{Key}\"", "\"MDEyMw==\"")]
    public void Card_keys_of_another_length_are_refused(string sealing, string hash) => Assert.Throws<StartException>(() =>
        CardKeyFile.Parse(Encoding.UTF8.GetBytes($$"""{"SealingKeys":{"1":{{sealing}}},"HashKey":{{hash}}}"""), "card-keys.json"));
}
