using System.Net;
using System.Text.Json;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage;

namespace CanPay.Tests.EndToEnd;

/// <summary>What merchants may ask without changing anything: one payment, lists, themselves.</summary>
public abstract class ReadCallsTests
{
    private protected abstract EngineKind Engine { get; }

    [Fact]
    public async Task An_inquiry_tells_each_state_and_changes_none()
    {
        await using var world = await World.Start(Engine);
        using var browser = world.NewBrowser();
        var token = await world.Token("q-1", 12_000);

        var created = await Inquiry(world, new { merchant = World.Merchant, token });
        await browser.Pay(token);
        var paid = await Inquiry(world, new { merchant = World.Merchant, invoice_id = "q-1" });
        var versionThen = (await world.Payment(token)).Version;
        var again = await Inquiry(world, new { merchant = World.Merchant, token });
        Assert.Equal(versionThen, (await world.Payment(token)).Version);
        await world.Verify(token);
        var verified = await Inquiry(world, new { merchant = World.Merchant, token });

        Assert.Equal(("created", false), (Text(created, "status"), created.GetProperty("paid").GetBoolean()));
        Assert.Equal(JsonValueKind.Null, created.GetProperty("card").ValueKind);
        Assert.Equal(("authorized", true), (Text(paid, "status"), paid.GetProperty("paid").GetBoolean()));
        Assert.Equal("5022-29**-****-7122", Text(paid, "card"));
        Assert.Equal(12_000, paid.GetProperty("amount").GetInt64());
        Assert.Equal(paid.GetRawText(), again.GetRawText());
        Assert.Equal(900, (verified.GetProperty("verify_until").GetDateTimeOffset() - verified.GetProperty("paid_at").GetDateTimeOffset()).TotalSeconds);
        Assert.Equal("verified", Text(verified, "status"));
        Assert.Equal(Text(paid, "reference"), Text(verified, "reference"));
        await world.AssertHealthy();
    }

    [Fact]
    public async Task A_card_that_was_declined_is_shown_to_nobody()
    {
        await using var world = await World.Start(Engine);
        using var browser = world.NewBrowser();
        var token = await world.Token();

        await browser.Pay(token, "6037990000000006");
        var inquiry = await Inquiry(world, new { merchant = World.Merchant, token });

        Assert.Equal(1, inquiry.GetProperty("declines").GetInt32());
        Assert.Equal(JsonValueKind.Null, inquiry.GetProperty("card").ValueKind);
        Assert.Equal(JsonValueKind.Null, inquiry.GetProperty("reference").ValueKind);
    }

    [Fact]
    public async Task What_is_unknown_or_anothers_is_the_same_refusal()
    {
        await using var world = await World.Start(Engine);
        var other = await AnotherMerchant(world);
        var token = await world.Token("theirs");

        Assert.Equal("token_not_found", await Refusal(world, "inquiry", new { merchant = World.Merchant, token = new string('A', 30) }));
        Assert.Equal("token_not_found", await Refusal(world, "inquiry", new { merchant = other, token }));
        Assert.Equal("invoice_not_found", await Refusal(world, "inquiry", new { merchant = other, invoice_id = "theirs" }));
        Assert.Equal("field_missing", await Refusal(world, "inquiry", new { merchant = World.Merchant }));
        Assert.Equal("token_invalid", await Refusal(world, "inquiry", new { merchant = World.Merchant, token = "x" }));
        Assert.Equal("cursor_invalid", await Refusal(world, "transactions", new { merchant = other, cursor = token }));
        Assert.Empty(await List(world, "transactions", new { merchant = other }));
    }

    [Fact]
    public async Task Lists_are_walked_by_cursor_without_gap_or_repetition_while_payments_come()
    {
        await using var world = await World.Start(Engine);
        var tokens = new List<string>();
        for (var i = 0; i < 23; i++)
        {
            tokens.Add(await world.Token($"list-{i}", 10_000 + i));
        }

        var walked = new List<string>();
        string? cursor = null;
        do
        {
            var (_, body) = await world.Call("transactions", new { merchant = World.Merchant, limit = "5", cursor });
            var data = body.GetProperty("data");
            walked.AddRange(data.GetProperty("payments").EnumerateArray().Select(payment => Text(payment, "token")!));
            cursor = data.GetProperty("next_cursor").GetString();
            await world.Token(); // newer than all that is walked
        }
        while (cursor is not null);

        Assert.Equal(tokens.AsEnumerable().Reverse(), walked);
    }

    [Fact]
    public async Task Transactions_are_filtered_by_state_and_time()
    {
        await using var world = await World.Start(Engine);
        using var browser = world.NewBrowser();
        var first = await world.Token();
        var second = await world.Token();
        await browser.Pay(second);
        await world.Verify(second);
        var created = (await world.Payment(second)).CreatedAt;

        Assert.Equal([second], await List(world, "transactions", new { merchant = World.Merchant, status = "verified" }));
        Assert.Equal([first], await List(world, "transactions", new { merchant = World.Merchant, status = "created" }));
        Assert.Contains(second, await List(world, "transactions", new { merchant = World.Merchant, from = created }));
        Assert.DoesNotContain(second, await List(world, "transactions", new { merchant = World.Merchant, to = created }));
        Assert.Equal("status_invalid", await Refusal(world, "transactions", new { merchant = World.Merchant, status = "paid" }));
        Assert.Equal("instant_invalid", await Refusal(world, "transactions", new { merchant = World.Merchant, from = "2026-11-25" }));
        Assert.Equal("instant_invalid", await Refusal(world, "transactions", new { merchant = World.Merchant, to = "2026-11-25T10:00:00" }));
        foreach (var limit in new[] { "0", "101", "-1", "x" })
        {
            Assert.Equal("limit_invalid", await Refusal(world, "transactions", new { merchant = World.Merchant, limit }));
        }
    }

    [Fact]
    public async Task Unverified_shows_what_is_paid_and_waits_and_nothing_else()
    {
        await using var world = await World.Start(Engine);
        using var browser = world.NewBrowser();
        var (open, waiting, verified, later) = (await world.Token(), await world.Token(), await world.Token(), await world.Token());
        foreach (var token in new[] { waiting, verified, later })
        {
            await browser.Pay(token);
        }

        await world.Verify(verified);

        Assert.Equal([waiting, later], await List(world, "unverified", new { merchant = World.Merchant }));
        var (_, body) = await world.Call("unverified", new { merchant = World.Merchant, limit = 1 });
        Assert.Equal([later], await List(world, "unverified", new { merchant = World.Merchant, cursor = body.GetProperty("data").GetProperty("next_cursor").GetString() }));
        Assert.NotNull(await world.Payment(open));
    }

    [Fact]
    public async Task What_can_be_verified_no_more_is_not_shown_as_waiting()
    {
        await using var world = await World.Start(Engine, "--Payments:VerifyWindowSeconds=1");
        using var browser = world.NewBrowser();
        var token = await world.Token();
        await browser.Pay(token);
        await world.UntilStatus(token, PaymentStatus.Reversed);

        Assert.Empty(await List(world, "unverified", new { merchant = World.Merchant }));
        var inquiry = await Inquiry(world, new { merchant = World.Merchant, token });
        Assert.Equal(("reversed", "not_verified", false), (Text(inquiry, "status"), Text(inquiry, "return_cause"), inquiry.GetProperty("paid").GetBoolean()));
        Assert.Equal("5022-29**-****-7122", Text(inquiry, "card"));
    }

    [Fact]
    public async Task A_ping_shows_who_calls_from_where_and_what_is_left()
    {
        await using var world = await World.Start(Engine);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/ipg/ping")
        {
            Content = new FormUrlEncodedContent([new("merchant", World.Merchant)]),
        };
        request.Headers.Add("X-Request-Id", "my-own-17");
        using var answer = await world.Http.SendAsync(request);
        var data = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("data");

        Assert.Equal("127.0.0.1", Text(data, "address"));
        Assert.Equal(World.Merchant, Text(data.GetProperty("merchant"), "code"));
        Assert.Equal(JsonValueKind.Null, data.GetProperty("key").ValueKind);
        Assert.Equal("my-own-17", answer.Headers.GetValues("X-Request-Id").Single());
        Assert.Equal("2000", answer.Headers.GetValues("X-RateLimit-Limit").Single());
        Assert.InRange(int.Parse(answer.Headers.GetValues("X-RateLimit-Remaining").Single(), System.Globalization.CultureInfo.InvariantCulture), 1, 2000);
        Assert.Single(answer.Headers.GetValues("X-RateLimit-Reset"));
    }

    [Theory]
    [InlineData("/api/ipg/none")]
    [InlineData("/api/ipg/token")]
    public async Task Each_answer_has_a_request_id_also_a_refusal_and_a_hostile_one_is_not_repeated(string path)
    {
        await using var world = await World.Start(Engine);
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.TryAddWithoutValidation("X-Request-Id", "a b<script>");
        using var answer = await world.Http.SendAsync(request);

        Assert.Matches("^[0-9A-Z]{26}$", answer.Headers.GetValues("X-Request-Id").Single());
    }

    private static async Task<string> AnotherMerchant(World world)
    {
        const string code = "999-888-777-666";
        await using var books = await world.NewBooks();
        var row = SomeMerchant.Row(code);
        row.Addresses = "127.0.0.0/8";
        books.Merchants.Add(row);
        await books.SaveChangesAsync();
        return code;
    }

    private static async Task<JsonElement> Inquiry(World world, object body)
    {
        var (status, answer) = await world.Call("inquiry", body);
        Assert.Equal(HttpStatusCode.OK, status);
        return answer.GetProperty("data");
    }

    private static async Task<List<string>> List(World world, string call, object body)
    {
        var (status, answer) = await world.Call(call, body);
        Assert.Equal(HttpStatusCode.OK, status);
        return [.. answer.GetProperty("data").GetProperty("payments").EnumerateArray().Select(payment => Text(payment, "token")!)];
    }

    private static async Task<string?> Refusal(World world, string call, object body) =>
        Text((await world.Call(call, body)).Body, "error");

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}

public sealed class SqliteReadCallsTests : ReadCallsTests
{
    private protected override EngineKind Engine => EngineKind.Sqlite;
}

public sealed class PostgresReadCallsTests : ReadCallsTests
{
    private protected override EngineKind Engine => EngineKind.Postgres;
}
