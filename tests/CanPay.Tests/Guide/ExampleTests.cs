using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CanPay.Gateway.Guide;
using CanPay.Gateway.Guide.Description;
using CanPay.Tests.EndToEnd;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CanPay.Tests.Guide;

/// <summary>What the guide prints is what the gateway answers: every example is sent, in the order of a payment's life.</summary>
public sealed partial class ExampleTests
{
    /// <summary>Of their values only the form is the same each time; the schema holds them to it.</summary>
    private static readonly string[] Varying = ["token", "url", "reference", "time", "version", "verify_until"];

    private static readonly JsonNode Document = JsonNode.Parse(OpenApi.Document(OpenApi.ProductionUrl, english: false))!;

    [Fact]
    public async Task The_examples_are_what_the_gateway_answers()
    {
        await using var world = await World.Start("--Http:AddressRefusalsPerMinute=1000");

        await Sent(world, "ping", token: null);
        var token = (await Sent(world, "token", token: null))["data"]!["token"]!.GetValue<string>();
        using (var payer = world.NewBrowser())
        {
            await payer.Pay(token);
        }

        await Sent(world, "inquiry", token);
        await Sent(world, "unverified", token);
        await Sent(world, "transactions", token);
        await Sent(world, "verify", token);

        // The network may have answered before we are.
        await Sent(world, "refund", token, "status", "ended_at", "refunded");
        await world.Until(async () => (await world.Call("refund/status", JsonNode.Parse(Calls.At("refund/status").RequestExample)!)).Body
            .GetProperty("data").GetProperty("status").GetString() == "succeeded");
        await Sent(world, "refund/status", token);
        var second = await world.Token(amount: 150_000);
        using (var payer = world.NewBrowser())
        {
            await payer.Pay(second);
        }

        await Sent(world, "reverse", second, "invoice_id");
        await Sent(world, "sandbox/advance", token: null, "payments");
    }

    [Theory]
    [InlineData("fa")]
    [InlineData("en")]
    public async Task The_error_of_the_introduction_is_the_gateways(string language)
    {
        await using var world = await World.Start();
        var printed = ErrorExample().Match(Chapter.Sources(language).First().Text).Groups["json"].Value;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/ipg/token")
        {
            Content = Json(Calls.At("token").RequestExample.Replace("150000", "1", StringComparison.Ordinal)),
            Headers = { { "Accept-Language", language } },
        };

        using var answer = await world.Http.SendAsync(request, Ct);

        Assert.Equal(JsonNode.Parse(printed)!.ToJsonString(), JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!.ToJsonString());
    }

    [Fact]
    public async Task The_gateway_has_the_calls_that_are_described_and_no_others()
    {
        await using var world = await World.Start();
        var mapped = world.Gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => endpoint.RoutePattern.RawText ?? "").Where(route => route.StartsWith("/api/ipg/", StringComparison.Ordinal))
            .Select(route => route["/api/ipg/".Length..]);

        Assert.Equal(
            Calls.All.Select(call => call.Path).Order(StringComparer.Ordinal), mapped.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Headers_of_answers_are_those_that_are_described()
    {
        await using var world = await World.Start();
        using var answer = await world.Http.PostAsync("/api/ipg/ping", Json(Calls.At("ping").RequestExample), Ct);
        var described = Document["paths"]!["/api/ipg/ping"]!["post"]!["responses"]!["200"]!["headers"]!.AsObject().Select(header => header.Key);

        Assert.All(described, name => Assert.True(answer.Headers.Contains(name), name));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static async Task<JsonNode> Sent(World world, string path, string? token, params string[] exceptFor)
    {
        var call = Calls.At(path);
        var request = JsonNode.Parse(call.RequestExample)!;
        if (request["token"] is not null)
        {
            request["token"] = token;
        }

        using var answer = await world.Http.PostAsync($"/api/ipg/{path}", Json(request.ToJsonString()), Ct);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {text}");

        var schema = Document["paths"]![$"/api/ipg/{path}"]!["post"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!;
        Assert.Empty(SchemaCheck.Of(Document, schema).Problems(text));
        var got = JsonNode.Parse(text)!;
        Same(JsonNode.Parse(call.AnswerExample)!, got, path, exceptFor);
        return got;
    }

    /// <summary>The same keys in the same order, the same kinds, and the same values but for what is another each time.</summary>
    private static void Same(JsonNode? printed, JsonNode? got, string place, string[] exceptFor)
    {
        Assert.Equal(printed?.GetValueKind(), got?.GetValueKind());
        switch (printed)
        {
            case JsonObject wanted:
                Assert.Equal(wanted.Select(pair => pair.Key), got!.AsObject().Select(pair => pair.Key));
                foreach (var (name, value) in wanted.Where(pair => !exceptFor.Contains(pair.Key, StringComparer.Ordinal)))
                {
                    Same(value, got[name], $"{place}.{name}", exceptFor);
                }

                break;
            case JsonArray wanted:
                Assert.Equal(wanted.Count, got!.AsArray().Count);
                for (var i = 0; i < wanted.Count; i++)
                {
                    Same(wanted[i], got[i], place, exceptFor);
                }

                break;
            case JsonValue value:
                var last = place[(place.LastIndexOf('.') + 1)..];
                if (!Varying.Contains(last, StringComparer.Ordinal) && !last.EndsWith("_at", StringComparison.Ordinal))
                {
                    Assert.True(value.ToJsonString() == got!.ToJsonString(), $"{place}: the guide prints {value.ToJsonString()}, the gateway answers {got.ToJsonString()}");
                }

                break;
        }
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    [GeneratedRegex(@"```json\n(?<json>\{\s+""status"": false[^`]+)```", RegexOptions.ExplicitCapture)]
    private static partial Regex ErrorExample();
}
