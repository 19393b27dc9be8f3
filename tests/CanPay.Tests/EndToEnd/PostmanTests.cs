using System.Text.Json;

namespace CanPay.Tests.EndToEnd;

/// <summary>The Postman collection of docs, run by newman against a real gateway.</summary>
public sealed class PostmanTests
{
    /// <summary>Folders after the payment, and how many requests and assertions they have.</summary>
    private static readonly (string Folder, int Requests, int Assertions)[] AfterThePayer =
    [
        ("Back from the payer", 3, 6),
        ("Errors", 6, 6),
        ("Questions", 4, 8),
        ("Money back", 3, 5),
    ];

    [Fact]
    public async Task The_collection_holds_against_a_running_gateway()
    {
        await using var world = await World.Start();
        using var browser = world.NewBrowser();
        var folder = Directory.CreateTempSubdirectory("canpay-postman-");
        try
        {
            var environment = Path.Combine(Programs.Root, "docs", "canpay.postman_environment.json");
            var begun = Path.Combine(folder.FullName, "begun.json");

            var first = await Run(world, folder, environment, begun, "Payment");
            await browser.Pay(Value(begun, "token"));
            var second = await Run(world, folder, begun, Path.Combine(folder.FullName, "end.json"), [.. AfterThePayer.Select(part => part.Folder)]);

            Assert.Equal((4, 6), first);
            Assert.Equal((AfterThePayer.Sum(part => part.Requests), AfterThePayer.Sum(part => part.Assertions)), second);
            await world.AssertHealthy();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <returns>Requests and assertions, all of which held.</returns>
    private static async Task<(int Requests, int Assertions)> Run(
        World world, DirectoryInfo folder, string environment, string export, params string[] folders)
    {
        var report = Path.Combine(folder.FullName, "report.json");
        var said = await Processes.Run(
            "node",
            new Dictionary<string, string>(),
            [
                Path.Combine(Programs.Root, "artifacts", "newman", "node_modules", "newman", "bin", "newman.js"), "run",
                Path.Combine(Programs.Root, "docs", "canpay.postman_collection.json"), "--environment", environment, "--env-var",
                $"gateway={world.Http.BaseAddress!.OriginalString.TrimEnd('/')}", "--export-environment", export, "--reporters", "cli,json",
                "--reporter-json-export", report, "--color", "off", .. folders.SelectMany(name => new[] { "--folder", name }),
            ]);
        Assert.True(File.Exists(report), said);
        using var run = JsonDocument.Parse(await File.ReadAllTextAsync(report));
        Assert.True(run.RootElement.GetProperty("run").GetProperty("failures").GetArrayLength() == 0, said);
        var stats = run.RootElement.GetProperty("run").GetProperty("stats");
        return (stats.GetProperty("requests").GetProperty("total").GetInt32(), stats.GetProperty("assertions").GetProperty("total").GetInt32());
    }

    private static string Value(string environment, string key)
    {
        using var read = JsonDocument.Parse(File.ReadAllText(environment));
        return read.RootElement.GetProperty("values").EnumerateArray()
            .Single(value => value.GetProperty("key").GetString() == key).GetProperty("value").GetString()!;
    }
}
