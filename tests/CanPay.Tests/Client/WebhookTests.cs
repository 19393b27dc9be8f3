using System.Net;
using System.Text;
using CanPay.Client;
using CanPay.Client.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using ClientWebhooks = CanPay.Client.Webhooks;

namespace CanPay.Tests.Client;

public sealed class WebhookTests
{
    // The vector of the Standard Webhooks' own test suite.
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Timestamp = "1614265330";
    private const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private const string OtherSecret = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private static readonly byte[] Body = """{"test": 2432232314}"""u8.ToArray();
    private static readonly DateTimeOffset SentAt = DateTimeOffset.FromUnixTimeSeconds(1_614_265_330);

    [Fact]
    public void A_ping_is_signed_and_there_is_nothing_to_do()
    {
        var body = """{"type":"webhook.ping","id":"evt_1","created_at":"2021-02-25T14:55:30.000Z","test":true,"data":{}}"""u8.ToArray();
        var webhooks = new ClientWebhooks([Secret], clock: new FakeTimeProvider(SentAt));

        Assert.Null(webhooks.Read(Id, Timestamp, ClientWebhooks.Sign(Secret, Id, SentAt, body), body, out var problem));
        Assert.Equal(WebhookProblem.Ping, problem);
        Assert.Null(webhooks.Read(Id, Timestamp, ClientWebhooks.Sign(OtherSecret, Id, SentAt, body), body, out problem));
        Assert.Equal(WebhookProblem.SignatureWrong, problem);
    }

    [Fact]
    public void The_published_vector_is_signed_as_published() => Assert.Equal(Signature, ClientWebhooks.Sign(Secret, Id, SentAt, Body));

    [Theory]
    [InlineData(Id, Timestamp, Signature, nameof(WebhookProblem.Unreadable))] // signed, but no event of ours
    [InlineData(Id, Timestamp, "v1,AAAA " + Signature, nameof(WebhookProblem.Unreadable))]
    [InlineData(Id, Timestamp, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLawdd", nameof(WebhookProblem.SignatureWrong))]
    [InlineData(Id, Timestamp, "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", nameof(WebhookProblem.SignatureWrong))]
    [InlineData(Id, Timestamp, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", nameof(WebhookProblem.SignatureWrong))]
    [InlineData("msg_other", Timestamp, Signature, nameof(WebhookProblem.SignatureWrong))]
    [InlineData(Id, "1614265331", Signature, nameof(WebhookProblem.SignatureWrong))]
    [InlineData(null, Timestamp, Signature, nameof(WebhookProblem.HeadersMissing))]
    [InlineData(Id, "yesterday", Signature, nameof(WebhookProblem.HeadersMissing))]
    [InlineData(Id, "99999999999999", Signature, nameof(WebhookProblem.HeadersMissing))]
    [InlineData(Id, Timestamp, null, nameof(WebhookProblem.HeadersMissing))]
    public void Only_what_is_signed_is_believed(string? id, string? timestamp, string? signature, string expected)
    {
        var webhooks = new ClientWebhooks([Secret], clock: new FakeTimeProvider(SentAt));

        Assert.Null(webhooks.Read(id, timestamp, signature, Body, out var problem));
        Assert.Equal(expected, problem.ToString());
    }

    [Theory]
    [InlineData(300, nameof(WebhookProblem.Unreadable))]
    [InlineData(-300, nameof(WebhookProblem.Unreadable))]
    [InlineData(301, nameof(WebhookProblem.TimeWrong))]
    [InlineData(-301, nameof(WebhookProblem.TimeWrong))]
    public void Five_minutes_are_tolerated(int seconds, string expected)
    {
        var webhooks = new ClientWebhooks([Secret], clock: new FakeTimeProvider(SentAt.AddSeconds(seconds)));

        webhooks.Read(Id, Timestamp, Signature, Body, out var problem);
        Assert.Equal(expected, problem.ToString());
    }

    [Fact]
    public void While_a_secret_is_replaced_either_is_believed()
    {
        var clock = new FakeTimeProvider(SentAt);
        foreach (var secrets in new[] { new[] { OtherSecret, Secret }, [Secret, OtherSecret] })
        {
            new ClientWebhooks(secrets, clock: clock).Read(Id, Timestamp, Signature, Body, out var problem);
            Assert.Equal(WebhookProblem.Unreadable, problem);
        }

        new ClientWebhooks([OtherSecret], clock: clock).Read(Id, Timestamp, Signature, Body, out var none);
        Assert.Equal(WebhookProblem.SignatureWrong, none);
    }

    [Theory]
    [InlineData("whsec_")]
    [InlineData("whsec_not base64!")]
    public void A_secret_that_cannot_be_read_is_told_at_once(string secret)
    {
        Assert.Throws<ArgumentException>(() => new ClientWebhooks([secret]));
        Assert.Throws<ArgumentException>(() => new ClientWebhooks([]));
    }

    [Fact]
    public void An_event_is_read_with_what_this_client_does_not_know_yet()
    {
        var body = Encoding.UTF8.GetBytes(
            """
            {"type":"payment.refunded","id":"evt_1","created_at":"2026-11-25T10:00:00.123Z","test":true,"new":[1],"data":{"token":"T","invoice_id":"47",
            "amount":10000,"status":"frozen","paid":true,"refunded":4000,"unheard":{},"refund":{"refund_id":"r","token":"T","amount":4000,"status":"succeeded",
            "method":"cash"}}}
            """);
        var webhooks = new ClientWebhooks([Secret], clock: new FakeTimeProvider(SentAt));

        var read = webhooks.Read(Id, Timestamp, ClientWebhooks.Sign(Secret, Id, SentAt, body), body, out _);

        Assert.NotNull(read);
        Assert.Equal((Id, WebhookTypes.PaymentRefunded, true), (read.Id, read.Type, read.IsTest));
        Assert.Equal((PaymentStatus.Unknown, 4_000L), (read.Payment.Status, read.Payment.RefundedRials));
        Assert.Equal((RefundStatus.Succeeded, RefundMethod.Unknown), (read.Refund!.Status, read.Refund.Method));
    }

    [Fact]
    public async Task An_application_takes_payers_back_and_hears_the_gateway()
    {
        var gateway = new FakeGateway();
        await using var app = await Start(gateway, out var callbacks, out var events);
        using var browser = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        var client = app.Services.GetRequiredService<CanPayClient>();
        var token = (await client.RequestTokenAsync(new TokenRequest(10_000, new Uri("https://shop.test/callback"), "47"))).Token;
        var paid = gateway.Pay(token);
        var fields = new Dictionary<string, string> { ["success"] = "1", ["token"] = token, ["amount"] = "10000", ["invoice_id"] = "47" };

        await browser.PostAsync("/callback", new FormUrlEncodedContent(fields));
        await browser.GetAsync("/callback?" + await new FormUrlEncodedContent(fields).ReadAsStringAsync());
        await browser.PostAsync("/callback?" + await new FormUrlEncodedContent(fields).ReadAsStringAsync(), null);
        var genuine = await browser.SendAsync(gateway.Webhook(new Uri(browser.BaseAddress, "/hook"), Secret, WebhookTypes.PaymentPaid, token));
        var forged = await browser.SendAsync(gateway.Webhook(new Uri(browser.BaseAddress, "/hook"), OtherSecret, WebhookTypes.PaymentPaid, token));
        var failing = await browser.SendAsync(gateway.Webhook(new Uri(browser.BaseAddress, "/hook"), Secret, WebhookTypes.PaymentFailed, token));
        var huge = await browser.PostAsync("/hook", new ByteArrayContent(new byte[300_000]));

        Assert.Equal([paid, paid, null], callbacks);
        Assert.Equal(HttpStatusCode.NoContent, genuine.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, forged.StatusCode);
        Assert.Equal(HttpStatusCode.InternalServerError, failing.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, huge.StatusCode);
        var heard = Assert.Single(events);
        Assert.Equal((WebhookTypes.PaymentPaid, PaymentStatus.Authorized, token), (heard.Type, heard.Payment.Status, heard.Payment.Token));
    }

    private static Task<WebApplication> Start(FakeGateway gateway, out List<PaymentCallback?> callbacks, out List<WebhookEvent> events)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddCanPay(options =>
        {
            options.BaseUrl = gateway.Options.BaseUrl;
            options.Merchant = gateway.Options.Merchant;
            options.WebhookSecrets.Add(Secret);
        }).ConfigurePrimaryHttpMessageHandler(() => gateway);
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var (cameBack, heard) = (new List<PaymentCallback?>(), new List<WebhookEvent>());
        app.MapCanPayCallback("/callback", (_, callback) =>
        {
            cameBack.Add(callback);
            return Task.FromResult(Microsoft.AspNetCore.Http.Results.NoContent());
        });
        app.MapCanPayWebhook("/hook", (_, happened) =>
        {
            if (happened.Type == WebhookTypes.PaymentFailed)
            {
                throw new InvalidOperationException("The shop's database is away.");
            }

            heard.Add(happened);
            return Task.CompletedTask;
        });
        (callbacks, events) = (cameBack, heard);
        return Started();

        async Task<WebApplication> Started()
        {
            await app.StartAsync();
            return app;
        }
    }
}
