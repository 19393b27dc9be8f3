using System.Text.Json.Nodes;

namespace CanPay.Gateway.Guide.Description;

/// <summary>Headers of requests and answers, as parts that the calls refer to.</summary>
internal static class OpenApiHeaders
{
    public static JsonObject Parameters(bool english) => new()
    {
        ["RequestId"] = Header(
            "X-Request-Id",
            english
                ? "Your own name of this request; it comes back and is in our log. One that does not fit is replaced by a name of ours."
                : "نام شما برای این درخواست؛ در پاسخ برمی‌گردد و نزد ما ثبت می‌شود. نامی را که این شکل را ندارد نادیده می‌گیریم و نام خودمان را می‌گذاریم.",
            new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = 64, ["pattern"] = "^[!-~]{1,64}$" }),
        ["Language"] = Header(
            "Accept-Language", english ? "Language of error texts: en for English, else Persian." : "زبان متن خطا: en برای انگلیسی، وگرنه فارسی.",
            new JsonObject { ["type"] = "string" }),
        ["IdempotencyKey"] = Header(
            "Idempotency-Key",
            english ? "Same key and same request, the same answer; the same key with another request is refused." : "با همان کلید و همان درخواست همان پاسخ را می‌گیرید؛ همان کلید با درخواست دیگر پذیرفته نمی‌شود.",
            new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = 255, ["pattern"] = "^[!-~]{1,255}$" }),
    };

    public static JsonObject Answers(bool english) => new()
    {
        ["RequestId"] = Answer(english ? "Name of this answer; quote it when you ask us." : "نام این پاسخ؛ در پیگیری همین را بگویید.", "string"),
        ["RateLimit"] = Answer(english ? "Requests that may come at once." : "شمار درخواست‌هایی که یک‌باره می‌پذیریم.", "integer"),
        ["RateRemaining"] = Answer(english ? "Requests that are left now." : "شمار درخواست‌هایی که اکنون مانده است.", "integer"),
        ["RateReset"] = Answer(english ? "Seconds until the whole allowance is there again." : "ثانیه‌هایی که تا پر شدن دوبارهٔ سهم مانده است.", "integer"),
        ["RetryAfter"] = Answer(english ? "Seconds to wait before the next try." : "ثانیه‌هایی که باید پیش از تلاش بعدی بگذرد.", "integer"),
    };

    private static JsonObject Header(string name, string description, JsonObject schema) => new()
    {
        ["name"] = name,
        ["in"] = "header",
        ["required"] = false,
        ["description"] = description,
        ["schema"] = schema,
    };

    private static JsonObject Answer(string description, string type) => new()
    {
        ["description"] = description,
        ["schema"] = new JsonObject { ["type"] = type },
    };
}
