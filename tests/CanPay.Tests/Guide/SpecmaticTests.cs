using CanPay.Gateway.Guide.Description;
using CanPay.Tests.EndToEnd;

namespace CanPay.Tests.Guide;

/// <summary>
/// <c>docs/openapi.json</c> against a running gateway, with somebody else's program as the judge. Not sent: payers' pages and webhooks, which
/// are no calls of merchants; and 405, 413, 415, 429, 500 and 503, which no request of the described form brings about.
/// </summary>
public sealed class SpecmaticTests
{
    [Fact]
    public async Task Each_call_and_its_refusals_are_answered_as_described()
    {
        await using var world = await SpecmaticWorld.Start();
        IReadOnlyList<SpecmaticExample> examples = [.. world.Done(), .. world.More()];

        var found = await Specmatic.Run(world.Gateway, SpecmaticDescription.Published(), Requests.Examples, examples);

        Assert.True(found.Failed is [], Report(found));
        Assert.All(examples, example => Assert.Contains(
            found.Tests, test => test.StartsWith($"Scenario: POST /api/ipg/{example.Path} -> {example.Status} ", StringComparison.Ordinal)));
        Assert.InRange(found.Tests.Count, examples.Count, int.MaxValue);
    }

    [Fact]
    public async Task All_that_the_description_allows_is_answered_as_described()
    {
        await using var world = await SpecmaticWorld.Start();

        var found = await Specmatic.Run(world.Gateway, SpecmaticDescription.Lawful(world), Requests.Lawful, []);

        Assert.True(found.Failed is [], Report(found));
        Assert.All(Calls.All, call => Assert.Contains(found.Tests, test => test.Contains($"POST /api/ipg/{call.Path} -> 200", StringComparison.Ordinal)));
        Assert.InRange(found.Tests.Count, 150, int.MaxValue);
    }

    [Fact]
    public async Task What_the_description_forbids_is_refused_as_described()
    {
        await using var world = await SpecmaticWorld.Start();

        var found = await Specmatic.Run(world.Gateway, SpecmaticDescription.Unlawful(), Requests.Unlawful, world.Done());

        Assert.True(found.Failed is [], Report(found));
        Assert.All(Calls.All, call => Assert.Contains(found.Tests, test => test.Contains($"POST /api/ipg/{call.Path} -> 4xx", StringComparison.Ordinal)));
        Assert.InRange(found.Tests.Count, 300, int.MaxValue);
    }

    [Fact]
    public async Task Lies_of_a_description_would_be_found()
    {
        await using var world = await World.Start();
        var answer = SpecmaticDescription.Published();
        answer["components"]!["schemas"]!["PingAnswer"]!["properties"]!["version"]!["type"] = "integer";
        var request = SpecmaticDescription.Unlawful();
        SpecmaticDescription.Each(request, "sandbox/advance", schema => schema["properties"]!["seconds"]!["maximum"] = 1_000);

        var ping = await Specmatic.Run(world, answer, Requests.Examples, [SpecmaticWorld.Done("ping", [])], only: "ping");
        var advance = await Specmatic.Run(
            world, request, Requests.Unlawful, [SpecmaticWorld.Done("sandbox/advance", new() { ["seconds"] = 1 })], only: "sandbox/advance");

        Assert.Contains(ping.Failed, failure => failure.Contains("RESPONSE.BODY.data.version", StringComparison.Ordinal));
        Assert.Contains(advance.Failed, failure => failure.Contains("seconds is set to a value greater than", StringComparison.Ordinal));
    }

    private static string Report(Findings found) => $"{string.Join("\n\n", found.Failed)}\n\n{found.Said}";
}
