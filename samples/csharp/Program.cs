/*
 * یک فروشگاه کوچک و کامل برای درگاه CanPay، با HttpClient و بدون SDK.
 *
 * A whole small shop: order, token, payer's page, callback, verify, deliver once. The same on the SDK is samples/Shop.
 *
 *   PORT=5096 dotnet run     the shop
 *   dotnet run settle        from cron, each minute: payers who never came back
 */
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using MiniShop;

var http = new HttpClient { Timeout = TimeSpan.FromSeconds(15) };
const long price = 150_000; // whole rials, not toman
var port = Setting("PORT", "5096");
var gateway = Setting("CANPAY_URL", "http://127.0.0.1:5080").TrimEnd('/');
var merchant = Setting("CANPAY_MERCHANT", "111-222-333-444");
var shop = Setting("SHOP_URL", $"http://127.0.0.1:{port}").TrimEnd('/');
var data = Setting("SHOP_DATA", "data");
Directory.CreateDirectory(Path.Combine(data, "orders"));
Directory.CreateDirectory(Path.Combine(data, "paid"));
Directory.CreateDirectory(Path.Combine(data, "claimed"));
var words = new Dictionary<string, string>
{
    ["paid"] = "پرداخت شد",
    ["cancelled"] = "پرداخت لغو شد",
    ["failed"] = "پرداخت انجام نشد",
    ["open"] = "در انتظار پرداخت",
    ["unknown"] = "نتیجه هنوز روشن نیست؛ دوباره می‌پرسیم",
};

if (args is ["settle"])
{
    foreach (var file in Directory.GetFiles(Path.Combine(data, "orders")))
    {
        if (Find(Path.GetFileName(file)) is { } order)
        {
            Console.WriteLine($"{order.InvoiceId} {await Settle(order)}");
        }
    }

    return;
}

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var app = builder.Build();
app.Urls.Add($"http://127.0.0.1:{port}");
app.MapGet("/", () => Html(200, "فروشگاه نمونه", $"<p>چای لاهیجان، {price:N0} ریال</p><form method=\"post\" action=\"/pay\"><button>پرداخت</button></form>"));
app.MapPost("/pay", Pay);
app.MapGet("/callback", (HttpRequest request) => Callback(name => request.Query[name]));
app.MapPost("/callback", async (HttpRequest request) =>
{
    var form = await request.ReadFormAsync();
    return await Callback(name => form[name]);
});
app.MapGet("/orders/{invoice}", Show);
app.Run();

// ---- the gateway ----------------------------------------------------------------------------------------------------

// Repeating is safe for token and verify. Null: no usable answer, nobody knows what became of it.
async Task<JsonElement?> Ask(string operation, object body)
{
    JsonElement? answer = null;
    for (var attempt = 0; attempt < 3; attempt++)
    {
        await Task.Delay(attempt * 300);
        try
        {
            using var response = await http.PostAsJsonAsync($"{gateway}/api/ipg/{operation}", body);
            var read = await response.Content.ReadFromJsonAsync<JsonElement>();
            if (read.ValueKind is JsonValueKind.Object && read.TryGetProperty("status", out var status)
                && status.ValueKind is JsonValueKind.True or JsonValueKind.False)
            {
                answer = read;
                if ((int)response.StatusCode is < 500 and not 429)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or JsonException)
        {
            // no connection, no answer in time, or no JSON: once more
        }
    }

    return answer;
}

// ---- orders: one file each, and one more when it is paid --------------------------------------------------------------

string Draft(object content)
{
    var draft = Path.Combine(data, "draft." + RandomNumberGenerator.GetHexString(16));
    File.WriteAllText(draft, JsonSerializer.Serialize(content));
    return draft;
}

// Whoever reads sees the old or the new one, never a half.
void Save(Order order) => File.Move(Draft(order), Path.Combine(data, "orders", order.InvoiceId), overwrite: true);

// The number comes from outside: it must not become another file's name.
Order? Find(string? invoice) => invoice is { Length: 24 } && invoice.All(char.IsAsciiHexDigitLower)
    && Path.Combine(data, "orders", invoice) is var file && File.Exists(file)
        ? JsonSerializer.Deserialize<Order>(File.ReadAllText(file)) : null;

string? PaidReference(Order order) => Path.Combine(data, "paid", order.InvoiceId) is var file && File.Exists(file)
    ? JsonSerializer.Deserialize<string>(File.ReadAllText(file)) : null;

// True for exactly one caller, however many come at once: CreateNew takes a name that exists from nobody (File.Move without
// overwriting looks first and moves then, which two may do at once). In SQL: a unique insert.
bool MarkPaid(Order order, string reference)
{
    File.Move(Draft(reference), Path.Combine(data, "paid", order.InvoiceId), overwrite: true); // the same from all of them
    var claim = Path.Combine(data, "claimed", order.InvoiceId);
    try
    {
        using var mine = new FileStream(claim, FileMode.CreateNew);
        return true;
    }
    catch (IOException) when (File.Exists(claim))
    {
        return false;
    }
}

void Deliver(Order order, string reference) => File.AppendAllText(Path.Combine(data, "delivered.log"), $"{order.InvoiceId} {reference}\n");

// Asks the gateway what became of an order. May be called at any time, any number of times.
async Task<string> Settle(Order order)
{
    if (PaidReference(order) is not null)
    {
        return "paid";
    }

    if (order.Status != "open" || order.Token is null)
    {
        return order.Status;
    }

    // With the amount: should the payment be of another one, nothing is verified.
    if (await Ask("verify", new { merchant, token = order.Token, amount = order.Amount }) is not { } answer)
    {
        return "unknown";
    }

    if (answer.GetProperty("status").GetBoolean())
    {
        var verified = answer.GetProperty("data");
        if (Text(verified, "invoice_id") != order.InvoiceId || Text(verified, "amount") != order.Amount.ToString(CultureInfo.InvariantCulture))
        {
            return "unknown";
        }

        var reference = Text(verified, "reference");
        if (MarkPaid(order, reference))
        {
            Deliver(order, reference);
        }

        return "paid";
    }

    var status = Text(answer, "error") switch
    {
        "payment_not_paid" => "open",
        "payment_cancelled" => "cancelled",
        "payment_failed" or "payment_expired" or "payment_returned" => "failed",
        _ => "unknown", // it says nothing of the payment: ask again later, deliver nothing
    };
    if (status is "cancelled" or "failed")
    {
        Save(order with { Status = status });
    }

    return status;
}

// ---- pages ------------------------------------------------------------------------------------------------------------

async Task<IResult> Pay()
{
    var order = new Order(RandomNumberGenerator.GetHexString(24, lowercase: true), price, null, "open");
    Save(order); // before anybody else hears of it
    var answer = await Ask(
        "token", new { merchant, amount = order.Amount, callback_url = $"{shop}/callback", invoice_id = order.InvoiceId });
    if (answer is not { } said)
    {
        return Html(502, "پرداخت شروع نشد", "<p>درگاه پرداخت پاسخ نداد. کمی بعد دوباره تلاش کنید.</p>");
    }

    if (!said.GetProperty("status").GetBoolean())
    {
        return Html(
            502, "پرداخت شروع نشد",
            $"<p>{E(Text(said, "code"))} {E(Text(said, "error"))}</p><p>{E(Text(said, "message"))} {E(Text(said, "description"))}</p>");
    }

    Save(order with { Token = Text(said.GetProperty("data"), "token") });
    return new SeeOther(Text(said.GetProperty("data"), "url"));
}

// What the browser brings is a hint that anybody can send. It is compared, then the gateway is asked.
async Task<IResult> Callback(Func<string, string?> field)
{
    if (Find(field("invoice_id")) is not { Token: not null } order || field("token") != order.Token
        || field("amount") != order.Amount.ToString(CultureInfo.InvariantCulture))
    {
        return Html(400, "سفارشی با این مشخصات پیدا نشد", "<p>اگر مبلغی کسر شده باشد، خودکار به کارت شما برمی‌گردد.</p>");
    }

    await Settle(order); // also after success=0: only the gateway knows whether the payer cancelled
    return new SeeOther($"/orders/{order.InvoiceId}");
}

// An order that is not decided asks again each time that it is looked at.
async Task<IResult> Show(string invoice)
{
    if (Find(invoice) is not { } order)
    {
        return Html(404, "سفارش پیدا نشد", "");
    }

    var status = await Settle(order);
    return Html(
        200, words[status],
        $"<p data-status=\"{status}\">سفارش {E(invoice)}، {order.Amount:N0} ریال</p>"
        + (status is "paid" ? $"<p>شماره پیگیری: {E(PaidReference(order)!)}</p>" : "")
        + (status is "open" or "unknown" ? "<meta http-equiv=\"refresh\" content=\"5\">" : "")
        + "<p><a href=\"/\">بازگشت به فروشگاه</a></p>");
}

static string Setting(string name, string otherwise) =>
    Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : otherwise;

static string Text(JsonElement parent, string name) => parent.TryGetProperty(name, out var value) ? value.ToString() : "";

static string E(string text) => HtmlEncoder.Default.Encode(text);

static IResult Html(int status, string title, string body) => Results.Content(
    $"<!doctype html><html lang=\"fa\" dir=\"rtl\"><meta charset=\"utf-8\"><title>{title}</title><h1>{title}</h1>{body}</html>",
    "text/html; charset=utf-8", statusCode: status);

namespace MiniShop
{
    /// <param name="InvoiceId">Also the order's address: unguessable.</param>
    internal sealed record Order(string InvoiceId, long Amount, string? Token, string Status);

    internal sealed class SeeOther(string url) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = 303;
            httpContext.Response.Headers.Location = url;
            return Task.CompletedTask;
        }
    }
}
