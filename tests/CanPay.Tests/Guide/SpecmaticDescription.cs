using System.Text.Json.Nodes;
using CanPay.Gateway.Guide.Description;
using CanPay.Tests.EndToEnd;

namespace CanPay.Tests.Guide;

/// <summary>
/// <c>docs/openapi.json</c> as Specmatic gets it. The answers are never touched. Of the requests is said what is true in one world only,
/// such as which merchant there is: a schema allows any text, and the gateway answers those that it knows.
/// </summary>
internal static class SpecmaticDescription
{
    /// <summary>As it is published, but for what Specmatic does not understand.</summary>
    public static JsonNode Published()
    {
        var document = JsonNode.Parse(File.ReadAllText(Path.Combine(Programs.Root, "docs", "openapi.json")))!;
        foreach (var call in Calls.All)
        {
            // In strict mode an example of an answer must have one of a request beside it.
            foreach (var (_, response) in Post(document, call.Path)["responses"]!.AsObject())
            {
                response!["content"]!["application/json"]!.AsObject().Remove("examples");
            }
        }

        // "token or invoice_id" as bare lists of required fields beside the properties: it makes a text of that.
        foreach (var schema in Schemas(document, "inquiry"))
        {
            schema.Remove("anyOf");
        }

        return document;
    }

    /// <summary>All requests that it allows are answered with 200.</summary>
    public static JsonNode Lawful(SpecmaticWorld world)
    {
        var document = Published();
        foreach (var call in Calls.All)
        {
            Only(document, call.Path, "merchant", World.Merchant);

            // Headers are read in the same way before all calls, so that one call is enough for their combinations. And an
            // Idempotency-Key at its bounds would come again with another body, which is refused.
            if (call.Path != "ping")
            {
                Post(document, call.Path).AsObject().Remove("parameters");
                Post(document, call.Path)["security"] = new JsonArray();
            }
        }

        Only(document, "token", "callback_url", World.Callback);
        Only(document, "verify", "token", world.ToVerify);
        Only(document, "verify", "amount", SpecmaticWorld.Amount);
        Only(document, "reverse", "token", world.ToReverse);
        Only(document, "reverse", "amount", SpecmaticWorld.Amount);
        Only(document, "inquiry", "token", world.Unverified);
        Only(document, "inquiry", "invoice_id", world.UnverifiedInvoice);
        Only(document, "refund/status", "refund_id", world.RefundId);

        // An invoice or a refund is made once; the shortest texts would come again with other amounts.
        Each(document, "token", schema => schema["properties"]!["invoice_id"]!["minLength"] = 20);
        Each(document, "refund", schema => schema["properties"]!["refund_id"]!["minLength"] = 20);

        // The same refund in all variations, since the same reference comes in many; and never "all that is left".
        Only(document, "refund", "token", world.ToRefund);
        Only(document, "refund", "amount", 1_000);
        Only(document, "refund", "reason", "customer_request");
        Only(document, "refund", "method", "card");
        Each(document, "refund", schema => schema["required"]!.AsArray().Add("amount"));

        // A cursor is what an answer before gave; any other text is refused.
        Each(document, "unverified", schema => schema["properties"]!.AsObject().Remove("cursor"));
        Each(document, "transactions", schema => schema["properties"]!.AsObject().Remove("cursor"));

        // Of JSON it understands two shapes to choose from. Of forms it does not, and gets the first.
        Post(document, "inquiry")["requestBody"]!["content"]!["application/json"]!["schema"] = new JsonObject
        {
            ["anyOf"] = new JsonArray(Inquiry(document, "token"), Inquiry(document, "invoice_id")),
        };
        Form(document, "inquiry")["required"]!.AsArray().Add("token");
        return document;
    }

    /// <summary>
    /// All requests that it forbids are refused with a 4xx. The gateway takes more than it describes, so that shops in loosely
    /// typed languages need no care; what it takes knowingly is allowed here, or it would count as a fault.
    /// </summary>
    public static JsonNode Unlawful()
    {
        var document = Published();
        document.AsObject().Remove("security"); // an Authorization header that is not ours is passed over
        foreach (var call in Calls.All)
        {
            var post = Post(document, call.Path);

            // A request's own name that does not fit is replaced by ours, and any language is welcome. A wrong Idempotency-Key is refused.
            var parameters = post["parameters"]!.AsArray();
            parameters.RemoveAll(parameter => parameter!["$ref"]!.GetValue<string>() != "#/components/parameters/IdempotencyKey");

            // In a form all is text: there is no other type to send.
            post["requestBody"]!["content"]!.AsObject().Remove("application/x-www-form-urlencoded");
            Each(document, call.Path, schema =>
            {
                var required = schema["required"]!.AsArray().Select(name => name!.GetValue<string>()).ToHashSet(StringComparer.Ordinal);
                foreach (var (name, property) in schema["properties"]!.AsObject())
                {
                    var types = new JsonArray(property!["type"]!.DeepClone());
                    if (name is "invoice_id" or "refund_id" && call.Path is "token" or "refund")
                    {
                        types.Add("number"); // order numbers that are numbers
                    }

                    if (!required.Contains(name))
                    {
                        types.Add("null"); // null is as good as nothing
                        if (property["enum"] is JsonArray values)
                        {
                            values.Add(null);
                        }
                    }

                    property["type"] = types.Count == 1 ? types[0]!.DeepClone() : types;
                }
            });
        }

        // With a token nobody looks at the invoice_id.
        Each(document, "inquiry", schema =>
        {
            schema["properties"]!.AsObject().Remove("invoice_id");
            schema["required"]!.AsArray().Add("token");
        });
        return document;
    }

    public static JsonNode Post(JsonNode document, string path) => document["paths"]![$"/api/ipg/{path}"]!["post"]!;

    /// <summary>Changes the schemas of a call's requests.</summary>
    public static void Each(JsonNode document, string path, Action<JsonObject> change)
    {
        foreach (var schema in Schemas(document, path))
        {
            change(schema);
        }
    }

    private static JsonObject Form(JsonNode document, string path) =>
        Post(document, path)["requestBody"]!["content"]!["application/x-www-form-urlencoded"]!["schema"]!.AsObject();

    private static List<JsonObject> Schemas(JsonNode document, string path) =>
        [.. Post(document, path)["requestBody"]!["content"]!.AsObject().Select(body => body.Value!["schema"]!.AsObject())];

    private static void Only(JsonNode document, string path, string field, JsonNode value) => Each(document, path, schema =>
        schema["properties"]![field] = new JsonObject
        {
            ["type"] = schema["properties"]![field]!["type"]!.DeepClone(),
            ["enum"] = new JsonArray(value.DeepClone()),
        });

    private static JsonObject Inquiry(JsonNode document, string by)
    {
        var properties = Form(document, "inquiry")["properties"]!;
        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { ["merchant"] = properties["merchant"]!.DeepClone(), [by] = properties[by]!.DeepClone() },
            ["required"] = new JsonArray("merchant", by),
        };
    }
}
