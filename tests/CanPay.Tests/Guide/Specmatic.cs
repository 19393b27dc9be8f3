using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using CanPay.Gateway.Guide.Description;
using CanPay.Tests.EndToEnd;

namespace CanPay.Tests.Guide;

/// <summary>What Specmatic makes requests of.</summary>
internal enum Requests
{
    /// <summary>The examples, and nothing else.</summary>
    Examples,

    /// <summary>Made up: all that the description allows, at its bounds, with and without what is optional. 200 is right.</summary>
    Lawful,

    /// <summary>Examples with one thing changed to what the description forbids. Only a 4xx that is described is right.</summary>
    Unlawful,
}

/// <summary>A request and the status of its answer, for Specmatic to send.</summary>
/// <param name="Error">Name of the refusal; null where the call is done.</param>
internal sealed record SpecmaticExample(string Path, int Status, string? Error, JsonObject Body, string? Key = null);

/// <summary>What Specmatic found: the names of its tests, those that failed, and all that it printed.</summary>
internal sealed record Findings(IReadOnlyList<string> Tests, IReadOnlyList<string> Failed, string Said);

/// <summary>
/// Somebody else's program that sends requests by an OpenAPI file and holds the answers to it. <c>./test</c> installs it; by hand:
/// <c>eng/install-specmatic</c>.
/// </summary>
internal static class Specmatic
{
    private static readonly string Jar = Path.Combine(Programs.Root, "artifacts", "specmatic", "node_modules", "specmatic", "specmatic.jar");

    /// <param name="document">The description, which the gateway is held to.</param>
    /// <param name="only">The one call that is tested; null: all.</param>
    public static async Task<Findings> Run(
        World world, JsonNode document, Requests requests, IEnumerable<SpecmaticExample> examples, string? only = null)
    {
        Assert.True(File.Exists(Jar), "Specmatic is not installed: run eng/install-specmatic.");
        var folder = Directory.CreateTempSubdirectory("canpay-specmatic-");
        try
        {
            await Write(folder, document, requests, examples);
            string[] filters =
            [
                .. only is null ? Array.Empty<string>() : [$"PATH='/api/ipg/{only}'"],
                .. requests is Requests.Unlawful ? ["STATUS>='400'"] : Array.Empty<string>(),
            ];
            using var process = Process.Start(new ProcessStartInfo(
                "java",
                [
                    "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", Jar, "test", "openapi.json",
                    $"--testBaseURL={world.Http.BaseAddress!.GetLeftPart(UriPartial.Authority)}", "--timeout=60", "--junitReportDir=report",
                    .. requests is Requests.Lawful ? Array.Empty<string>() : ["--examples=examples"],
                    .. requests is Requests.Examples ? ["--strict"] : Array.Empty<string>(),
                    .. filters is [] ? Array.Empty<string>() : [$"--filter={string.Join(" && ", filters)}"],
                ])
            {
                WorkingDirectory = folder.FullName,
                RedirectStandardOutput = true,
                RedirectStandardError = true,

                // Of each request so many variations: ten have every field wrong in every way, and all of them would take a minute.
                Environment = { ["MAX_TEST_REQUEST_COMBINATIONS"] = requests is Requests.Unlawful ? "10" : null },
            })!;
            var output = process.StandardOutput.ReadToEndAsync();
            var said = await process.StandardError.ReadToEndAsync() + await output;
            await process.WaitForExitAsync();
            var report = folder.GetFiles("report/*.xml");
            Assert.True(report.Length == 1, said);
            var cases = XDocument.Load(report[0].FullName).Descendants("testcase").ToList();
            TestContext.Current.TestOutputHelper?.WriteLine($"Specmatic ran {cases.Count} tests: {requests}.");
            return new Findings([.. cases.Select(Name)], [.. cases.Where(IsBad).Select(each => $"{Name(each)}\n{Why(each)}")], said);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Name(XElement test) => ((string)test.Attribute("name")!).Split(" > ")[^1];

    private static bool IsBad(XElement test) => test.Element("failure") is not null || test.Element("error") is not null || test.Element("skipped") is not null;

    private static string? Why(XElement test) => (string?)(test.Element("failure") ?? test.Element("error"))?.Attribute("message");

    private static async Task Write(DirectoryInfo folder, JsonNode document, Requests requests, IEnumerable<SpecmaticExample> examples)
    {
        var mode = requests switch { Requests.Examples => "none", Requests.Lawful => "positiveOnly", _ => "all" };
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "openapi.json"), document.ToJsonString());
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "specmatic.yaml"), $"version: 2\ncontracts: []\ntest:\n  resiliencyTests:\n    enable: {mode}\n");
        folder.CreateSubdirectory("examples");
        foreach (var (number, example) in examples.Index())
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{number:00}-{example.Path.Replace('/', '-')}-{example.Error ?? "done"}.json");
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "examples", name), Example(example).ToJsonString());
        }
    }

    private static JsonObject Example(SpecmaticExample example)
    {
        var headers = new JsonObject { ["Content-Type"] = "application/json" };
        if (example.Key is not null)
        {
            headers["Authorization"] = $"Bearer {example.Key}";
        }

        var printed = JsonNode.Parse(OpenApi.Document(OpenApi.ProductionUrl, english: true))!["paths"]![$"/api/ipg/{example.Path}"]!["post"]!["responses"]!
            [example.Status.ToString(CultureInfo.InvariantCulture)]!["content"]!["application/json"]!;
        return new JsonObject
        {
            ["http-request"] = new JsonObject
            {
                ["method"] = "POST",
                ["path"] = $"/api/ipg/{example.Path}",
                ["headers"] = headers,
                ["body"] = example.Body.DeepClone(),
            },
            ["http-response"] = new JsonObject
            {
                ["status"] = example.Status,
                ["headers"] = new JsonObject { ["Content-Type"] = "application/json" },
                ["body"] = (example.Error is null ? printed["example"] : printed["examples"]![example.Error]!["value"])!.DeepClone(),
            },
        };
    }
}
