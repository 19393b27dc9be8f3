using System.Text.Json.Nodes;
using CanPay.Gateway.Api;
using CanPay.Gateway.Guide.Description;

namespace CanPay.Tests.Guide;

/// <summary>The description of the API is whole and agrees with itself; that it agrees with the gateway, too: <see cref="ExampleTests"/>.</summary>
public sealed class DescriptionTests
{
    /// <summary>CANPAY_WRITE_DOCS=1 writes the file anew.</summary>
    [Fact]
    public void The_published_file_is_the_description()
    {
        var file = Path.Combine(Programs.Root, "docs", "openapi.json");
        var document = OpenApi.Document(OpenApi.ProductionUrl, english: true);
        if (Environment.GetEnvironmentVariable("CANPAY_WRITE_DOCS") == "1")
        {
            File.WriteAllText(file, document);
        }

        Assert.Equal(document, File.ReadAllText(file));
    }

    [Fact]
    public void Every_error_of_a_call_is_in_the_catalogue()
    {
        var known = ErrorCatalogue.All.Select(refusal => refusal.Name).ToHashSet(StringComparer.Ordinal);
        var named = Calls.All.SelectMany(call => call.Errors).Concat(Operation.CommonErrors).Distinct(StringComparer.Ordinal);

        Assert.All(named, name => Assert.Contains(name, known));
    }

    /// <summary>But for what is no call, what only payers are told, and what only operators are.</summary>
    [Fact]
    public void Every_error_of_the_catalogue_belongs_to_a_call()
    {
        string[] elsewhere = ["unknown_path", "another_browser", "network_unavailable", "refund_not_open"];
        var named = Calls.All.SelectMany(call => call.Errors).Concat(Operation.CommonErrors).Concat(elsewhere).ToHashSet(StringComparer.Ordinal);

        Assert.All(ErrorCatalogue.All, refusal => Assert.Contains(refusal.Name, named));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Examples_keep_to_their_schemas(bool english)
    {
        var document = JsonNode.Parse(OpenApi.Document(OpenApi.ProductionUrl, english))!;
        foreach (var call in Calls.All)
        {
            var post = document["paths"]![$"/api/ipg/{call.Path}"]!["post"]!;
            var request = post["requestBody"]!["content"]!["application/json"]!;
            Assert.Empty(SchemaCheck.Of(document, request["schema"]!).Problems(request["example"]!.ToJsonString()));
            foreach (var (status, response) in post["responses"]!.AsObject())
            {
                var body = response!["content"]!["application/json"]!;
                var check = SchemaCheck.Of(document, body["schema"]!);
                string[] examples = body["example"] is { } one
                    ? [one.ToJsonString()]
                    : [.. body["examples"]!.AsObject().Select(each => each.Value!["value"]!.ToJsonString())];
                Assert.NotEmpty(examples);
                Assert.All(examples, example => Assert.True(check.Problems(example) is [], $"{call.Path} {status}: {string.Join('\n', check.Problems(example))}"));
            }
        }
    }

    [Fact]
    public void What_is_wrong_does_not_pass_the_schemas()
    {
        var document = JsonNode.Parse(OpenApi.Document(OpenApi.ProductionUrl, english: true))!;
        var check = SchemaCheck.Of(document, new JsonObject { ["$ref"] = "#/components/schemas/VerifyAnswer" });
        var right = JsonNode.Parse(Calls.At("verify").AnswerExample)!["data"]!.AsObject();
        Assert.Empty(check.Problems(right.ToJsonString()));
        (string Name, JsonNode? Value)[] wrong =
        [
            ("card", "5022290000087122"), ("reference", 141167552421L), ("amount", "150000"), ("verified_at", "yesterday"), ("already_verified", null),
        ];
        foreach (var (name, value) in wrong)
        {
            var broken = right.DeepClone().AsObject();
            broken[name] = value;
            Assert.True(check.Problems(broken.ToJsonString()).Count > 0, name);
            broken.Remove(name);
            Assert.True(check.Problems(broken.ToJsonString()).Count > 0, $"without {name}");
        }
    }

    [Fact]
    public void Every_field_has_words_in_both_languages() => Assert.All(
        Shapes.All.SelectMany(shape => shape.Fields).Concat(Calls.All.SelectMany(call => call.Request)),
        field =>
        {
            Assert.NotEqual("", field.Persian);
            Assert.NotEqual("", field.English);
            Assert.Matches("^[a-z_]+$", field.Name);
        });
}
