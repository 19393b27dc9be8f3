using System.Text.Json.Nodes;

namespace CanPay.Gateway.Guide.Description;

/// <summary>What we send to a merchant: the payer with a form, and webhooks.</summary>
internal static class OpenApiEvents
{
    /// <summary>The way back: the payer's browser posts the four fields.</summary>
    public static JsonObject WayBack(bool english) => new()
    {
        ["payerComesBack"] = new JsonObject
        {
            ["{$request.body#/callback_url}"] = new JsonObject
            {
                ["post"] = new JsonObject
                {
                    ["operationId"] = "payerComesBack",
                    ["tags"] = new JsonArray("payments"),
                    ["summary"] = english ? "The payer comes back" : "بازگشت پرداخت‌کننده",
                    ["description"] = english
                        ? "Sent by the payer's browser, so it proves nothing: call verify."
                        : "مرورگر پرداخت‌کننده آن را می‌فرستد و چیزی را ثابت نمی‌کند: verify را فراخوانی کنید.",
                    ["requestBody"] = new JsonObject
                    {
                        ["required"] = true,
                        ["content"] = new JsonObject
                        {
                            ["application/x-www-form-urlencoded"] = new JsonObject
                            {
                                ["schema"] = new JsonObject
                                {
                                    ["type"] = "object",
                                    ["properties"] = new JsonObject
                                    {
                                        ["success"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("0", "1") },
                                        ["token"] = new JsonObject { ["type"] = "string", ["pattern"] = Shapes.Token },
                                        ["amount"] = new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9]+$" },
                                        ["invoice_id"] = new JsonObject { ["type"] = "string" },
                                    },
                                    ["required"] = new JsonArray("success", "token", "amount", "invoice_id"),
                                },
                            },
                        },
                    },
                    ["responses"] = Received(english ? "The shop's own page." : "صفحهٔ فروشگاه."),
                },
            },
        },
    };

    public static JsonObject Event(string name, bool english) => new()
    {
        ["post"] = new JsonObject
        {
            ["operationId"] = "on" + string.Concat(name.Split('.', '_').Select(word => char.ToUpperInvariant(word[0]) + word[1..])),
            ["tags"] = new JsonArray(name == "payment.refunded" ? "refunds" : "payments"),
            ["summary"] = name,
            ["description"] = english
                ? "Signed after Standard Webhooks: check webhook-signature over id.timestamp.body before you believe it."
                : "با استاندارد Standard Webhooks امضا می‌شود؛ پیش از اعتماد، webhook-signature را روی id.timestamp.body بررسی کنید.",
            ["parameters"] = new JsonArray(
                Header("webhook-id", new JsonObject { ["type"] = "string", ["pattern"] = "^evt_" }),
                Header("webhook-timestamp", new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9]+$" }),
                Header("webhook-signature", new JsonObject { ["type"] = "string", ["pattern"] = "^v1," })),
            ["requestBody"] = new JsonObject
            {
                ["required"] = true,
                ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = OpenApi.Ref("schemas", "Event") } },
            },
            ["responses"] = Received(english ? "Any 2xx: you have it." : "هر 2xx یعنی رسید."),
        },
    };

    public static JsonObject Schema(bool english) => new()
    {
        ["type"] = "object",
        ["description"] = english ? "Something that happened to a payment." : "رویدادی در زندگی یک پرداخت.",
        ["properties"] = new JsonObject
        {
            ["type"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. Shapes.Events.Select(name => JsonValue.Create(name))]) },
            ["id"] = new JsonObject { ["type"] = "string", ["pattern"] = "^evt_[0-9a-z]{26}$" },
            ["created_at"] = new JsonObject { ["type"] = "string", ["format"] = "date-time" },
            ["test"] = new JsonObject { ["type"] = "boolean" },
            ["data"] = new JsonObject
            {
                ["allOf"] = new JsonArray(
                    OpenApi.Ref("schemas", "Payment"),
                    new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["refund"] = OpenApi.Ref("schemas", "Refund") } }),
            },
        },
        ["required"] = new JsonArray("type", "id", "created_at", "test", "data"),
    };

    private static JsonObject Header(string name, JsonObject schema) => new()
    {
        ["name"] = name,
        ["in"] = "header",
        ["required"] = true,
        ["schema"] = schema,
    };

    private static JsonObject Received(string description) => new() { ["200"] = new JsonObject { ["description"] = description } };
}
