using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using CanPay.Gateway.Api;
using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Guide.Description;

/// <summary>The description of the API for machines: OpenAPI 3.1, published as <c>docs/openapi.json</c>, which a test holds to this.</summary>
internal static class OpenApi
{
    public const string ProductionUrl = "https://canpay.ir";

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    /// <param name="server">Scheme, host and base of the gateway that is described.</param>
    /// <param name="english">The other language is Persian.</param>
    public static string Document(string server, bool english)
    {
        string Say(string persian, string inEnglish) => english ? inEnglish : persian;
        var document = new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = Say("درگاه پرداخت CanPay", "CanPay payment gateway"),
                ["version"] = "1.0.0",
                ["summary"] = Say("وب‌سرویس پذیرندگان", "The merchants' API"),
                ["description"] = Say(
                    "هر درخواست POST است، با بدنهٔ JSON یا فرم. عددها را می‌توانید به‌صورت متن هم بفرستید. فقط از IPهای ثبت‌شده پاسخ می‌گیرید.",
                    "Every call is a POST with a JSON or form body. Numbers may be sent as text, too. Only registered addresses are answered."),
                ["license"] = new JsonObject { ["name"] = "Apache-2.0", ["identifier"] = "Apache-2.0" },
                ["contact"] = new JsonObject { ["name"] = "CanPay", ["url"] = server + "/documents" },
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = server }),
            ["externalDocs"] = new JsonObject { ["url"] = server + "/documents", ["description"] = Say("راهنمای کامل", "The whole guide") },
            ["security"] = new JsonArray(new JsonObject(), new JsonObject { ["apiKey"] = new JsonArray() }),
            ["tags"] = new JsonArray([.. Tags.Select(tag => new JsonObject
            {
                ["name"] = tag.Name, ["description"] = Say(tag.Persian, tag.English),
            })]),
            ["paths"] = new JsonObject(Calls.All.Select(operation =>
                KeyValuePair.Create<string, JsonNode?>("/api/ipg/" + operation.Path, new JsonObject { ["post"] = Post(operation, english) }))),
            ["webhooks"] = Webhooks(english),
            ["components"] = Components(english),
        };
        return document.ToJsonString(Indented) + "\n";
    }

    private static IReadOnlyList<(string Name, string Persian, string English)> Tags { get; } =
    [
        ("payments", "ساختن، تأیید و برگشت پرداخت.", "Begin, verify and reverse payments."),
        ("refunds", "بازپرداخت پرداخت‌های تأییدشده.", "Refunds of verified payments."),
        ("read", "استعلام و فهرست‌ها؛ چیزی را تغییر نمی‌دهند.", "Inquiry and lists: they change nothing."),
    ];

    private static JsonObject Post(Operation operation, bool english)
    {
        var post = new JsonObject
        {
            ["operationId"] = operation.Path.Replace("/", "", StringComparison.Ordinal) is var name && operation.Path.Contains('/', StringComparison.Ordinal)
                ? operation.Path.Split('/') is [var first, var second] ? first + char.ToUpperInvariant(second[0]) + second[1..] : name
                : name,
            ["tags"] = new JsonArray(operation.Scope),
            ["summary"] = In(operation.Title, english),
            ["description"] = In(operation.Summary, english),
            ["parameters"] = Parameters(operation),
            ["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Bodies(operation, english) },
            ["responses"] = Responses(operation, english),
        };
        if (operation.Path == "token")
        {
            post["callbacks"] = OpenApiEvents.WayBack(english);
        }

        return post;
    }

    private static JsonArray Parameters(Operation operation)
    {
        var parameters = new JsonArray(Ref("parameters", "RequestId"), Ref("parameters", "Language"));
        if (operation.TakesIdempotencyKey)
        {
            parameters.Add(Ref("parameters", "IdempotencyKey"));
        }

        return parameters;
    }

    private static JsonObject Bodies(Operation operation, bool english)
    {
        var schema = Schemas.Request(operation, english);
        return new JsonObject
        {
            ["application/json"] = new JsonObject { ["schema"] = schema, ["example"] = JsonNode.Parse(operation.RequestExample) },
            ["application/x-www-form-urlencoded"] = new JsonObject { ["schema"] = schema.DeepClone() },
        };
    }

    private static JsonObject Responses(Operation operation, bool english)
    {
        var responses = new JsonObject
        {
            ["200"] = new JsonObject
            {
                ["description"] = english ? "Done." : "انجام شد.",
                ["headers"] = Headers(200),
                ["content"] = new JsonObject
                {
                    ["application/json"] = new JsonObject
                    {
                        ["schema"] = Schemas.Success(operation.Answer),
                        ["example"] = JsonNode.Parse(operation.AnswerExample),
                    },
                },
            },
        };
        var errors = Catalogued(Operation.CommonErrors.Concat(operation.Errors));
        foreach (var group in errors.GroupBy(refusal => refusal.HttpStatus).OrderBy(group => group.Key))
        {
            responses[group.Key.ToString(CultureInfo.InvariantCulture)] = Errors(group.Key, [.. group.OrderBy(refusal => refusal.Code)], english);
        }

        return responses;
    }

    /// <summary>Those of the names that are in the catalogue; a test says which are not.</summary>
    public static IEnumerable<Refusal> Catalogued(IEnumerable<string> names) =>
        names.Select(name => ErrorCatalogue.All.FirstOrDefault(refusal => refusal.Name == name)).OfType<Refusal>();

    private static JsonObject Errors(int status, IReadOnlyList<Refusal> refusals, bool english) => new()
    {
        ["description"] = string.Join("\n\n", refusals.Select(refusal => $"**{refusal.Code} `{refusal.Name}`** {In(refusal.Message, english)}")),
        ["headers"] = Headers(status),
        ["content"] = new JsonObject
        {
            ["application/json"] = new JsonObject
            {
                ["schema"] = Ref("schemas", "Error"),
                ["examples"] = new JsonObject(refusals.Select(refusal => KeyValuePair.Create<string, JsonNode?>(refusal.Name, new JsonObject
                {
                    ["summary"] = In(refusal.Message, english),
                    ["value"] = JsonNode.Parse(Envelope.Error(refusal, english)),
                }))),
            },
        },
    };

    private static JsonObject Headers(int status)
    {
        var headers = new JsonObject
        {
            ["X-Request-Id"] = Ref("headers", "RequestId"),
            ["X-RateLimit-Limit"] = Ref("headers", "RateLimit"),
            ["X-RateLimit-Remaining"] = Ref("headers", "RateRemaining"),
            ["X-RateLimit-Reset"] = Ref("headers", "RateReset"),
        };
        if (status is 429 or 503)
        {
            headers["Retry-After"] = Ref("headers", "RetryAfter");
        }

        return headers;
    }

    private static JsonObject Webhooks(bool english) =>
        new(Shapes.Events.Select(name => KeyValuePair.Create<string, JsonNode?>(name, OpenApiEvents.Event(name, english))));

    private static JsonObject Components(bool english)
    {
        var schemas = new JsonObject(Shapes.All.Select(shape => KeyValuePair.Create<string, JsonNode?>(shape.Name, Schemas.Of(shape, english))))
        {
            ["Error"] = Schemas.Error(english),
            ["Event"] = OpenApiEvents.Schema(english),
        };
        return new JsonObject
        {
            ["schemas"] = schemas,
            ["parameters"] = OpenApiHeaders.Parameters(english),
            ["headers"] = OpenApiHeaders.Answers(english),
            ["securitySchemes"] = new JsonObject
            {
                ["apiKey"] = new JsonObject
                {
                    ["type"] = "http",
                    ["scheme"] = "bearer",
                    ["bearerFormat"] = "cpk_live_…",
                    ["description"] = english
                        ? "Optional, beside the registered address: cpk_live_… or cpk_test_…, with the scopes payments, refunds, read."
                        : "اختیاری و در کنار IP ثبت‌شده: cpk_live_… یا cpk_test_… با دامنه‌های payments، refunds و read.",
                },
            },
        };
    }

    public static JsonObject Ref(string kind, string name) => new() { ["$ref"] = $"#/components/{kind}/{name}" };

    public static string In(Text text, bool english) => english ? text.English : text.Persian;
}
