using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace CanPay.Tests.Guide;

/// <summary>A schema of an OpenAPI document, as a judge of JSON.</summary>
internal sealed class SchemaCheck(JsonSchema schema)
{
    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    /// <param name="document">Whose components the schema refers to.</param>
    /// <param name="schema">A part of the document.</param>
    public static SchemaCheck Of(JsonNode document, JsonNode schema)
    {
        var definitions = document["components"]!["schemas"]!.DeepClone();
        var whole = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["allOf"] = new JsonArray(schema.DeepClone()),
            ["$defs"] = definitions,
        };
        return new SchemaCheck(JsonSchema.FromText(whole.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal)));
    }

    /// <summary>What is wrong with it; nothing where it keeps to the schema.</summary>
    public IReadOnlyList<string> Problems(string json)
    {
        using var document = JsonDocument.Parse(json);
        var result = schema.Evaluate(document.RootElement, Options);
        return result.IsValid ? [] : [.. (result.Details ?? []).Where(detail => detail.Errors is not null)
            .SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Key} {error.Value}")).DefaultIfEmpty("not valid")];
    }
}
