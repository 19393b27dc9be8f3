using System.Text.Json.Nodes;
using CanPay.Gateway.Api;

namespace CanPay.Gateway.Guide.Description;

/// <summary>JSON schemas (2020-12) of what goes in and out.</summary>
internal static class Schemas
{
    /// <summary>What may be sent. Other fields are ignored.</summary>
    public static JsonObject Request(Operation operation, bool english)
    {
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(operation.Request.Select(field => KeyValuePair.Create<string, JsonNode?>(field.Name, Of(field, english)))),
            ["required"] = new JsonArray([.. operation.Request.Where(field => field.Required).Select(field => JsonValue.Create(field.Name))]),
        };
        if (operation.Path == "inquiry")
        {
            schema["anyOf"] = new JsonArray(
                new JsonObject { ["required"] = new JsonArray("token") }, new JsonObject { ["required"] = new JsonArray("invoice_id") });
        }

        return schema;
    }

    /// <summary>An answer's shape: every field is there, and later ones may come.</summary>
    public static JsonObject Of(Shape shape, bool english) => new()
    {
        ["type"] = "object",
        ["title"] = OpenApi.In(shape.Title, english),
        ["properties"] = new JsonObject(shape.Fields.Select(field => KeyValuePair.Create<string, JsonNode?>(field.Name, Of(field, english)))),
        ["required"] = new JsonArray([.. shape.Fields.Select(field => JsonValue.Create(field.Name))]),
    };

    public static JsonObject Success(string shape) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["status"] = new JsonObject { ["const"] = true },
            ["data"] = OpenApi.Ref("schemas", shape),
        },
        ["required"] = new JsonArray("status", "data"),
    };

    public static JsonObject Error(bool english) => new()
    {
        ["type"] = "object",
        ["description"] = english ? "The five keys of every error." : "پنج کلید هر خطا.",
        ["properties"] = new JsonObject
        {
            ["status"] = new JsonObject { ["const"] = false },
            ["error"] = new JsonObject
            {
                ["type"] = "string",
                ["description"] = english ? "Stable name." : "نام ثابت خطا.",
                ["enum"] = new JsonArray([.. ErrorCatalogue.All.Select(refusal => JsonValue.Create(refusal.Name))]),
            },
            ["code"] = new JsonObject
            {
                ["type"] = "integer",
                ["description"] = english ? "Stable number." : "شمارهٔ ثابت خطا.",
                ["enum"] = new JsonArray([.. ErrorCatalogue.All.Select(refusal => JsonValue.Create(refusal.Code))]),
            },
            ["message"] = new JsonObject { ["type"] = "string", ["description"] = english ? "What is wrong." : "چه شده است." },
            ["description"] = new JsonObject { ["type"] = "string", ["description"] = english ? "What to do." : "چه باید کرد." },
        },
        ["required"] = new JsonArray("status", "error", "code", "message", "description"),
    };

    public static JsonObject Of(Field field, bool english)
    {
        if (field is { Kind: Kind.Object, Nullable: true })
        {
            return new JsonObject
            {
                ["description"] = OpenApi.In(field.Meaning, english),
                ["oneOf"] = new JsonArray(OpenApi.Ref("schemas", field.Of!), new JsonObject { ["type"] = "null" }),
            };
        }

        if (field.Kind is Kind.Object)
        {
            var reference = OpenApi.Ref("schemas", field.Of!);
            reference["description"] = OpenApi.In(field.Meaning, english);
            return reference;
        }

        var type = field.Kind switch
        {
            Kind.Rials or Kind.Whole => "integer",
            Kind.Flag => "boolean",
            Kind.List or Kind.Texts => "array",
            _ => "string",
        };
        var schema = new JsonObject
        {
            ["type"] = field.Nullable ? new JsonArray(type, "null") : type,
            ["description"] = OpenApi.In(field.Meaning, english),
        };
        Constrain(schema, field);
        return schema;
    }

    private static void Constrain(JsonObject schema, Field field)
    {
        switch (field.Kind)
        {
            case Kind.Rials or Kind.Whole:
                schema["format"] = "int64";
                schema["minimum"] = field.Min ?? 0;
                Set("maximum", field.Max);
                break;
            case Kind.Instant:
                schema["format"] = "date-time";
                break;
            case Kind.List:
                schema["items"] = OpenApi.Ref("schemas", field.Of!);
                break;
            case Kind.Texts:
                schema["items"] = new JsonObject { ["type"] = "string" };
                break;
        }

        Set("pattern", field.Pattern);
        Set("maxLength", field.MaxLength);
        if (field.MaxLength is not null)
        {
            schema["minLength"] = 1;
        }

        if (field.OneOf.Count > 0)
        {
            schema["enum"] = new JsonArray([.. field.OneOf.Select(value => JsonValue.Create(value)), .. field.Nullable ? [null] : Array.Empty<JsonNode?>()]);
        }

        if (field.Default is { } text)
        {
            schema["default"] = field.Kind is Kind.Whole ? long.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : text;
        }

        void Set(string name, JsonNode? value)
        {
            if (value is not null)
            {
                schema[name] = value;
            }
        }
    }
}
