using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CanPay.Tests.EndToEnd;

namespace CanPay.Tests.Api;

/// <summary>One gateway for all tests of the API; each uses invoices of its own.</summary>
public sealed class ApiWorld : IAsyncLifetime
{
    internal World World { get; private set; } = null!;

    public async ValueTask InitializeAsync() => World = await World.Start("--Http:AddressRefusalsPerMinute=1000");

    public ValueTask DisposeAsync() => World.DisposeAsync();
}

public sealed class ApiTests(ApiWorld world) : IClassFixture<ApiWorld>
{
    private static int _invoices;

    private static string NewInvoice() => $"api-{Interlocked.Increment(ref _invoices)}";

    private static string TokenBody(string amount = "10000", string? callback = null, string? invoice = null, string more = "") =>
        $$"""{"merchant":"{{World.Merchant}}","amount":{{amount}},"callback_url":"{{callback ?? World.Callback}}","invoice_id":"{{invoice ?? NewInvoice()}}"{{more}}}""";

    [Theory]
    [InlineData("\"10000\"")]
    [InlineData("\"۱۰۰۰۰\"")]
    [InlineData("\"١٠٠٠٠\"")]
    [InlineData("\" 10000 \"")]
    public async Task An_amount_may_come_as_text_and_in_any_digits(string amount)
    {
        var (status, body) = await Post("token", TokenBody(amount));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(10_000, (await world.World.Payment(body.GetProperty("data").GetProperty("token").GetString()!)).Amount.Amount);
    }

    [Fact]
    public async Task The_answer_is_exactly_as_the_guide_prints_it()
    {
        var (_, body) = await Post("token", TokenBody());

        Assert.Equal(["status", "data"], body.EnumerateObject().Select(p => p.Name));
        var data = body.GetProperty("data");
        Assert.Equal(["url", "token"], data.EnumerateObject().Select(p => p.Name));
        Assert.Matches("^[A-Z0-9]{30}$", data.GetProperty("token").GetString());
        Assert.EndsWith("/ipg/" + data.GetProperty("token").GetString(), data.GetProperty("url").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"10,000\"", "amount_invalid")]
    [InlineData("1e4", "amount_invalid")]
    [InlineData("10000.0", "amount_invalid")]
    [InlineData("-10000", "amount_invalid")]
    [InlineData("\"+10000\"", "amount_invalid")]
    [InlineData("true", "amount_invalid")]
    [InlineData("[10000]", "amount_invalid")]
    [InlineData("{}", "amount_invalid")]
    [InlineData("null", "field_missing")]
    [InlineData("\"\"", "field_missing")]
    [InlineData("999", "amount_out_of_range")]
    [InlineData("0", "amount_out_of_range")]
    [InlineData("2000000001", "amount_out_of_range")]
    [InlineData("99999999999999999999999999", "amount_out_of_range")]
    public async Task A_wrong_amount_is_refused_with_its_name(string amount, string error) =>
        await Refused(HttpStatusCode.UnprocessableEntity, error, await Post("token", TokenBody(amount)), "amount");

    [Theory]
    [InlineData("//127.0.0.1/x", "callback_url_invalid")]
    [InlineData("https:127.0.0.1", "callback_url_invalid")]
    [InlineData("https:\\\\\\\\127.0.0.1\\\\x", "callback_url_invalid")]
    [InlineData("javascript:alert(1)", "callback_url_invalid")]
    [InlineData("data:text/html,x", "callback_url_invalid")]
    [InlineData("ftp://127.0.0.1/", "callback_url_invalid")]
    [InlineData("http://127.0.0.1/x#y", "callback_url_invalid")]
    [InlineData("http://user@127.0.0.1/", "callback_url_invalid")]
    [InlineData("http://@127.0.0.1/", "callback_url_invalid")]
    [InlineData("http://127.0.0.1@evil.com/", "callback_url_invalid")]
    [InlineData("http://127.0.0.1\\t/x", "callback_url_invalid")]
    [InlineData("http://127.0.0.1/a b", "callback_url_invalid")]
    [InlineData("http://127.0.0.1/\\u202Ex", "callback_url_invalid")]
    [InlineData("http://2130706433/", "callback_url_invalid")]
    [InlineData("http://0x7f.1/", "callback_url_invalid")]
    [InlineData("http://localhost./", "callback_url_invalid")]
    [InlineData("http:///x", "callback_url_invalid")]
    [InlineData("http://evil.com/", "callback_domain_not_registered")]
    [InlineData("http://evil-localhost/", "callback_domain_not_registered")]
    [InlineData("http://localhost.evil.com/", "callback_domain_not_registered")]
    [InlineData("http://127.0.0.2/", "callback_domain_not_registered")]
    [InlineData("http://[::1]/", "callback_domain_not_registered")]
    public async Task A_callback_that_is_not_the_merchants_is_refused(string url, string error) =>
        await Refused(HttpStatusCode.UnprocessableEntity, error, await Post("token", TokenBody(callback: url)));

    [Theory]
    [InlineData("http://localhost/")]
    [InlineData("https://shop.localhost:8443/back?order=5&x=a%20b")]
    [InlineData("HTTP://LOCALHOST/Back")]
    public async Task A_callback_of_the_merchant_is_kept_as_it_was_sent(string url)
    {
        var (status, body) = await Post("token", TokenBody(callback: url));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(url, (await world.World.Payment(body.GetProperty("data").GetProperty("token").GetString()!)).CallbackUrl.OriginalString);
    }

    [Theory]
    [InlineData(",\"mobile\":\"9123456789\"", "mobile_invalid")]
    [InlineData(",\"mobile\":\"0912345678\"", "mobile_invalid")]
    [InlineData(",\"mobile\":{}", "mobile_invalid")]
    public async Task A_wrong_mobile_is_refused(string mobile, string error) =>
        await Refused(HttpStatusCode.UnprocessableEntity, error, await Post("token", TokenBody(more: mobile)));

    [Theory]
    [InlineData("\"mobile\":\"۰۹۱۲۳۴۵۶۷۸۹\"")]
    [InlineData("\"mobile\":null")]
    [InlineData("\"mobile\":\"\"")]
    [InlineData("\"unknown\":{\"a\":[1]}")]
    public async Task What_is_optional_or_unknown_disturbs_nobody(string more) =>
        Assert.Equal(HttpStatusCode.OK, (await Post("token", TokenBody(more: "," + more))).Status);

    [Theory]
    [InlineData("\\u0000")]
    [InlineData("a\\nb")]
    [InlineData("a\\u202Eb")]
    [InlineData("   ")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task A_wrong_invoice_is_refused(string invoice) =>
        await Refused(HttpStatusCode.UnprocessableEntity, "invoice_id_invalid", await Post("token", TokenBody(invoice: invoice)));

    [Fact]
    public async Task The_same_request_again_gives_the_same_token_and_another_is_refused()
    {
        var invoice = NewInvoice();
        var first = await Post("token", TokenBody(invoice: invoice));
        var again = await Post("token", TokenBody("\"10000\"", invoice: invoice));
        var other = await Post("token", TokenBody("20000", invoice: invoice));

        Assert.Equal(first.Body.GetRawText(), again.Body.GetRawText());
        await Refused(HttpStatusCode.Conflict, "duplicate_invoice", other);
    }

    [Fact]
    public async Task A_number_for_invoice_id_is_the_text_of_it()
    {
        var number = Random.Shared.Next(1_000_000, int.MaxValue);
        var (_, body) = await Post("token",
            $$"""{"merchant":"{{World.Merchant}}","amount":10000,"callback_url":"{{World.Callback}}","invoice_id":{{number}}}""");

        Assert.Equal($"{number}", (await world.World.Payment(body.GetProperty("data").GetProperty("token").GetString()!)).InvoiceId);
    }

    [Fact]
    public async Task Twenty_same_requests_at_once_make_one_payment()
    {
        var body = TokenBody();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Post("token", body)));

        Assert.Single(answers.Select(answer => answer.Body.GetRawText()).Distinct());
    }

    [Fact]
    public async Task A_form_is_taken_like_json()
    {
        using var response = await world.World.Http.PostAsync("/api/ipg/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["merchant"] = World.Merchant,
            ["amount"] = "۱۰۰۰۰",
            ["callback_url"] = World.Callback,
            ["invoice_id"] = NewInvoice(),
        }));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("APPLICATION/JSON; charset=\"UTF-8\"")]
    [InlineData("text/json")]
    [InlineData("")]
    public async Task Json_is_recognised_by_what_php_calls_it(string contentType) =>
        Assert.Equal(HttpStatusCode.OK, (await Post("token", TokenBody(), contentType)).Status);

    [Fact]
    public async Task A_byte_order_mark_does_not_matter() =>
        Assert.Equal(HttpStatusCode.OK, (await Post("token", "\uFEFF" + TokenBody())).Status);

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/json; charset=windows-1256")]
    [InlineData("nonsense")]
    public async Task Another_media_type_is_refused(string contentType) =>
        await Refused(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type", await Post("token", TokenBody(), contentType));

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("{\"amount\":1000,\"amount\":2000}")]
    [InlineData("{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}}")]
    [InlineData("{\"a\":\"\\uD800\"}")]
    public async Task A_body_that_cannot_be_read_is_refused(string body) =>
        await Refused(HttpStatusCode.BadRequest, "malformed_body", await Post("token", body));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_large_body_is_refused_however_it_comes(bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/ipg/token")
        {
            Content = new StringContent(TokenBody(more: $",\"x\":\"{new string('x', 17_000)}\""), Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await world.World.Http.SendAsync(request);

        await Refused(HttpStatusCode.RequestEntityTooLarge, "body_too_large", (response.StatusCode, await Json(response)));
    }

    [Theory]
    [InlineData("GET", "/api/ipg/token", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    [InlineData("PUT", "/api/ipg/verify", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    [InlineData("OPTIONS", "/api/ipg/token", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    [InlineData("POST", "/api/ipg/unknown", HttpStatusCode.NotFound, "unknown_path")]
    [InlineData("GET", "/api", HttpStatusCode.NotFound, "unknown_path")]
    [InlineData("GET", "/api/ipg/token/x", HttpStatusCode.NotFound, "unknown_path")]
    public async Task The_frameworks_own_errors_have_the_five_keys(string method, string path, HttpStatusCode status, string error)
    {
        using var response = await world.World.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        await Refused(status, error, (response.StatusCode, await Json(response)));
        if (status is HttpStatusCode.MethodNotAllowed)
        {
            Assert.Equal(["POST"], response.Content.Headers.Allow);
        }
    }

    [Fact]
    public async Task English_is_spoken_to_who_prefers_it()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/ipg/verify") { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        request.Headers.AcceptLanguage.ParseAdd("en-US,en;q=0.9,fa;q=0.5");
        using var response = await world.World.Http.SendAsync(request);

        Assert.Equal("A required field is missing.", (await Json(response)).GetProperty("message").GetString());
    }

    [Fact]
    public async Task Unknown_suspended_and_wrong_address_are_one_refusal()
    {
        var unknown = await Post("token", TokenBody().Replace(World.Merchant, "999-999-999-999", StringComparison.Ordinal));
        await AddMerchants();
        var suspended = await Post("token", TokenBody().Replace(World.Merchant, "suspended", StringComparison.Ordinal));
        var elsewhere = await Post("token", TokenBody().Replace(World.Merchant, "elsewhere", StringComparison.Ordinal));

        await Refused(HttpStatusCode.Forbidden, "access_denied", unknown);
        Assert.Contains("127.0.0.1", unknown.Body.GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.Equal(unknown.Body.GetRawText(), suspended.Body.GetRawText());
        Assert.Equal(unknown.Body.GetRawText(), elsewhere.Body.GetRawText());
    }

    [Fact]
    public async Task A_bare_forwarding_header_is_not_believed()
    {
        await AddMerchants();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/ipg/token")
        {
            Content = new StringContent(TokenBody().Replace(World.Merchant, "elsewhere", StringComparison.Ordinal), Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Forwarded-For", "192.0.2.7");
        using var response = await world.World.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    /// <summary>A merchant that calls from 192.0.2.7, through the proxies 127.0.0.1 and 198.51.100.1.</summary>
    [Theory]
    [InlineData("192.0.2.7", true)]
    [InlineData("192.0.2.7, 198.51.100.1", true)]
    [InlineData("::ffff:192.0.2.7", true)]
    [InlineData("192.0.2.7:4711", true)]
    [InlineData("192.0.2.7, 203.0.113.9", false)]
    [InlineData("192.0.2.7, 203.0.113.9, 198.51.100.1", false)]
    [InlineData("203.0.113.9", false)]
    [InlineData("garbage", false)]
    [InlineData("", false)]
    public async Task Through_trusted_proxies_the_caller_is_who_the_nearest_of_them_saw(string forwarded, bool isAdmitted)
    {
        await using var behind = await World.Start("--Http:TrustedProxies=127.0.0.0/8, 198.51.100.1");
        await using (var books = await behind.NewBooks())
        {
            books.Merchants.Add(SomeMerchant.Row("elsewhere", addresses: "192.0.2.7"));
            await books.SaveChangesAsync();
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/ipg/token")
        {
            Content = new StringContent(TokenBody().Replace(World.Merchant, "elsewhere", StringComparison.Ordinal), Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwarded);
        using var response = await behind.Http.SendAsync(request);

        Assert.Equal(isAdmitted, response.IsSuccessStatusCode);
    }

    [Fact]
    public async Task An_idempotency_key_gives_the_same_answer_to_the_same_request_and_an_error_to_another()
    {
        var invoice = NewInvoice();
        var first = await Post("token", TokenBody(invoice: invoice), key: "key-1");
        var again = await Post("token", TokenBody("\"۱۰۰۰۰\"", invoice: invoice), key: "key-1");
        var other = await Post("token", TokenBody(invoice: NewInvoice()), key: "key-1");

        Assert.Equal(HttpStatusCode.OK, first.Status);
        Assert.Equal(first.Body.GetRawText(), again.Body.GetRawText());
        await Refused(HttpStatusCode.Conflict, "idempotency_key_reused", other);
        await Refused(HttpStatusCode.UnprocessableEntity, "idempotency_key_invalid", await Post("token", TokenBody(), key: new string('k', 256)));
    }

    [Fact]
    public async Task Verify_takes_the_token_under_the_name_of_the_guides_table()
    {
        var token = await PaidToken();

        var (status, _) = await Post("verify", $$"""{"merchant":"{{World.Merchant}}","amount":"{{token}}"}""");

        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task Verify_with_another_amount_verifies_nothing()
    {
        var token = await PaidToken();

        var wrong = await Post("verify", $$"""{"merchant":"{{World.Merchant}}","token":"{{token}}","amount":20000}""");
        var right = await Post("verify", $$"""{"merchant":"{{World.Merchant}}","token":"{{token}}","amount":"10000"}""");

        await Refused(HttpStatusCode.UnprocessableEntity, "amount_mismatch", wrong);
        Assert.False(right.Body.GetProperty("data").GetProperty("already_verified").GetBoolean());
    }

    [Theory]
    [InlineData("\"token\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"", HttpStatusCode.NotFound, "token_not_found")]
    [InlineData("\"token\":\"short\"", HttpStatusCode.UnprocessableEntity, "token_invalid")]
    [InlineData("\"amount\":10000", HttpStatusCode.UnprocessableEntity, "field_missing")]
    public async Task A_wrong_token_is_refused(string fields, HttpStatusCode status, string error) =>
        await Refused(status, error, await Post("verify", $$"""{"merchant":"{{World.Merchant}}",{{fields}}}"""));

    [Fact]
    public async Task Another_merchants_token_is_not_found()
    {
        await AddMerchants();
        var token = await PaidToken();

        await Refused(HttpStatusCode.NotFound, "token_not_found", await Post("verify", $$"""{"merchant":"neighbour","token":"{{token}}"}"""));
        Assert.Equal(Gateway.Payments.PaymentStatus.Authorized, (await world.World.Payment(token)).Status);
    }

    [Fact]
    public async Task Plain_http_is_for_merchants_that_may()
    {
        await using var books = await world.World.NewBooks();
        var row = SomeMerchant.Row("https-only");
        row.AllowHttpCallback = false;
        books.Merchants.Add(row);
        await books.SaveChangesAsync();

        await Refused(
            HttpStatusCode.UnprocessableEntity, "callback_url_insecure",
            await Post("token", TokenBody(callback: "http://localhost/").Replace(World.Merchant, "https-only", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("{\"merchant\":{}}", "merchant_invalid")]
    [InlineData("{\"merchant\":true}", "merchant_invalid")]
    [InlineData("{}", "field_missing")]
    public async Task A_wrong_merchant_code_is_refused(string body, string error) =>
        await Refused(HttpStatusCode.UnprocessableEntity, error, await Post("verify", body));

    [Fact]
    public async Task A_payment_under_way_is_not_verified_yet()
    {
        using var browser = world.World.NewBrowser();
        var token = await world.World.Token();
        var paying = browser.Pay(token, "6273530000010002");
        await world.World.UntilStatus(token, Gateway.Payments.PaymentStatus.Authorizing);

        await Refused(HttpStatusCode.Conflict, "payment_in_progress", await world.World.Verify(token));
        await paying;
    }

    [Fact]
    public async Task A_store_that_is_away_is_said_and_when_to_come_back()
    {
        await using var closed = await World.Start();
        ((IDisposable)closed.Store).Dispose();

        using var response = await closed.Http.PostAsync("/api/ipg/token", new StringContent(TokenBody(), Encoding.UTF8, "application/json"));

        await Refused(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable", (response.StatusCode, await Json(response)));
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_defect_is_an_error_that_tells_nothing()
    {
        await using var books = await world.World.NewBooks();
        books.Merchants.Add(SomeMerchant.Row("broken", addresses: "no-address"));
        await books.SaveChangesAsync();

        var answer = await Post("token", TokenBody().Replace(World.Merchant, "broken", StringComparison.Ordinal));

        await Refused(HttpStatusCode.InternalServerError, "internal_error", answer);
        Assert.DoesNotContain("no-address", answer.Body.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unpaid_payment_is_not_verified() => await Refused(
        HttpStatusCode.Conflict, "payment_not_paid", await world.World.Verify(await world.World.Token()));

    [Theory]
    [InlineData("POST /api/ipg/token HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}")]
    [InlineData("POST /api/ipg/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n{body}")]
    [InlineData("POST /api/ipg/token HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: Application/Json;Charset=UTF-8\r\ntransfer-encoding: chunked\r\n\r\n{hex}\r\n{body}\r\n0\r\n\r\n")]
    public async Task Old_clients_are_served(string request)
    {
        var body = TokenBody();
        var answer = await Raw(request.Replace("{length}", $"{body.Length}", StringComparison.Ordinal).Replace("{hex}", $"{body.Length:x}", StringComparison.Ordinal).Replace("{body}", body, StringComparison.Ordinal));

        Assert.Contains(" 200 OK", answer, StringComparison.Ordinal);
        Assert.Contains("\"status\":true", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_requests_are_told_when_to_come_back()
    {
        await using var strict = await World.Start("--Http:MerchantRequestsPerSecond=1", "--Http:MerchantBurst=1");
        await strict.Token();

        using var response = await strict.Http.PostAsync("/api/ipg/token", new StringContent(TokenBody(), Encoding.UTF8, "application/json"));

        await Refused(HttpStatusCode.TooManyRequests, "too_many_requests", (response.StatusCode, await Json(response)));
        Assert.True(response.Headers.RetryAfter!.Delta > TimeSpan.Zero);
    }

    [Fact]
    public async Task Who_guesses_hears_only_that_it_was_too_much_and_disturbs_nobody()
    {
        await using var strict = await World.Start("--Http:AddressRefusalsPerMinute=2");
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(HttpStatusCode.NotFound, (await strict.Verify(new string('A', 30))).Status);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await strict.Verify(new string('A', 30))).Status);
        Assert.NotNull(await strict.Token());
    }

    private async Task<string> PaidToken()
    {
        using var browser = world.World.NewBrowser();
        var token = await world.World.Token();
        await browser.Pay(token);
        return token;
    }

    private async Task AddMerchants()
    {
        await using var books = await world.World.NewBooks();
        foreach (var (code, status, addresses) in new[]
        {
            ("suspended", "Suspended", "127.0.0.0/8"), ("elsewhere", "Active", "192.0.2.0/24"), ("neighbour", "Active", "127.0.0.1"),
        })
        {
            if (!books.Merchants.Any(row => row.Code == code))
            {
                books.Merchants.Add(SomeMerchant.Row(code, status, addresses));
            }
        }

        await books.SaveChangesAsync();
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> Post(
        string operation, string body, string contentType = "application/json", string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/ipg/{operation}") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        if (contentType.Length > 0)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var response = await world.World.Http.SendAsync(request);
        return (response.StatusCode, await Json(response));
    }

    private static async Task<JsonElement> Json(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

    private static Task Refused(
        HttpStatusCode status, string error, (HttpStatusCode Status, JsonElement Body) answer, string? field = null)
    {
        Assert.Equal((status, error), (answer.Status, answer.Body.GetProperty("error").GetString()));
        Assert.Equal(["status", "error", "code", "message", "description"], answer.Body.EnumerateObject().Select(p => p.Name));
        Assert.False(answer.Body.GetProperty("status").GetBoolean());
        Assert.Equal(Gateway.Api.ErrorCatalogue.All.Single(refusal => refusal.Name == error).Code, answer.Body.GetProperty("code").GetInt32());
        Assert.DoesNotContain("{", answer.Body.GetProperty("description").GetString(), StringComparison.Ordinal);
        if (field is not null)
        {
            Assert.Contains(field, answer.Body.GetProperty("message").GetString() + answer.Body.GetProperty("description").GetString(), StringComparison.Ordinal);
        }

        return Task.CompletedTask;
    }

    private async Task<string> Raw(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, world.World.Http.BaseAddress!.Port);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(request));
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync();
    }
}
