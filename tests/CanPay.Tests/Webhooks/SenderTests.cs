using System.Net;
using CanPay.Gateway;
using CanPay.Gateway.Webhooks;
using Microsoft.Extensions.Options;

namespace CanPay.Tests.Webhooks;

/// <summary>One exchange with an endpoint, over a real socket.</summary>
public sealed class SenderTests : IAsyncLifetime
{
    private readonly WebhookSecret _secret = WebhookSecret.New();
    private readonly WebhookSecret _old = WebhookSecret.New();
    private Receiver _receiver = null!;

    public async ValueTask InitializeAsync() => _receiver = await Receiver.Start();

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    [Fact]
    public async Task What_arrives_is_signed_with_both_secrets_and_says_who_sends_it()
    {
        var agent = "";
        _receiver.Answer = (_, context) =>
        {
            agent = context.Request.Headers.UserAgent.ToString() + " " + context.Request.ContentType;
            return Task.CompletedTask;
        };

        var outcome = await Send(_receiver.Url);

        Assert.Equal((AttemptOutcome.Delivered, 200), (outcome.Outcome, outcome.HttpStatus));
        var got = Assert.Single(_receiver.Got);
        Assert.Equal([true, true, false], WebhookJudge.Takes(got.With(_secret.Reveal()), got.With(_old.Reveal()), got.With(WebhookSecret.New().Reveal())));
        Assert.Equal("CanPay-Webhooks/1 application/json; charset=utf-8", agent);
    }

    [Theory]
    [InlineData(200, "Delivered")]
    [InlineData(202, "Delivered")]
    [InlineData(204, "Delivered")]
    [InlineData(400, "Failed")]
    [InlineData(404, "Failed")]
    [InlineData(429, "Failed")]
    [InlineData(500, "Failed")]
    [InlineData(503, "Failed")]
    [InlineData(410, "Gone")]
    public async Task The_status_decides(int status, string outcome)
    {
        _receiver.Answer = (_, context) =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        };

        var sent = await Send(_receiver.Url);

        Assert.Equal((outcome, (int?)status, (string?)null), (sent.Outcome.ToString(), sent.HttpStatus, sent.Note));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_not_followed(int status)
    {
        await using var elsewhere = await Receiver.Start();
        _receiver.Answer = (_, context) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = elsewhere.Url.AbsoluteUri;
            return Task.CompletedTask;
        };

        var sent = await Send(_receiver.Url);

        Assert.Equal((AttemptOutcome.Failed, (int?)status, "redirects are not followed"), (sent.Outcome, sent.HttpStatus, sent.Note));
        Assert.Empty(elsewhere.Got);
    }

    [Fact]
    public async Task Who_does_not_answer_is_not_waited_for()
    {
        var gone = new TaskCompletionSource();
        _receiver.Answer = async (_, context) =>
        {
            context.RequestAborted.Register(() => gone.TrySetResult());
            await gone.Task;
        };

        var sent = await Send(_receiver.Url);

        Assert.Equal((AttemptOutcome.Failed, (int?)null, "no answer in 1 s"), (sent.Outcome, sent.HttpStatus, sent.Note));
        await gone.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_answer_without_end_is_read_no_further_than_the_limit_and_its_status_counts()
    {
        var written = 0L;
        var gone = new TaskCompletionSource();
        _receiver.Answer = async (_, context) =>
        {
            var block = new byte[16 * 1024];
            try
            {
                while (!context.RequestAborted.IsCancellationRequested)
                {
                    await context.Response.Body.WriteAsync(block, context.RequestAborted);
                    written += block.Length;
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
            }

            gone.TrySetResult();
        };

        var sent = await Send(_receiver.Url);

        Assert.Equal(AttemptOutcome.Delivered, sent.Outcome);
        await gone.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.True(written < 64 * 1024 * 1024, $"{written} bytes were taken");
    }

    [Fact]
    public async Task Who_is_not_there_is_said_to_be_not_there()
    {
        var url = new Uri($"http://127.0.0.1:{FreePorts.Next()}/hook");

        var sent = await Send(url);

        Assert.Equal((AttemptOutcome.Failed, "no connection"), (sent.Outcome, sent.Note));
    }

    [Fact]
    public async Task A_name_is_resolved_once_for_a_connection_and_what_was_judged_is_connected_to()
    {
        var answers = new Queue<IPAddress>([IPAddress.Loopback, IPAddress.Parse("10.0.0.1")]);
        var asked = 0;
        Task<IPAddress[]> Rebinding(string host, CancellationToken ct)
        {
            asked++;
            return Task.FromResult<IPAddress[]>([answers.Dequeue()]);
        }

        var url = new Uri($"http://localhost:{_receiver.Url.Port}/hook");
        using var http = new HttpClient(new WebhookHttp(Sandbox, Rebinding).Handler());
        Assert.Equal(AttemptOutcome.Delivered, (await Send(url, http)).Outcome);
        Assert.Equal(1, asked);

        using var later = new HttpClient(new WebhookHttp(Sandbox, Rebinding).Handler());
        var refused = await Send(url, later);
        Assert.Equal((AttemptOutcome.Failed, "not connected to: it is not https"), (refused.Outcome, refused.Note));
        Assert.Single(_receiver.Got);
    }

    internal static AddressRules Sandbox { get; } = new(new HashSet<int> { 443 }, allowLoopback: true, () => []);

    private async Task<SendOutcome> Send(Uri url, HttpClient? http = null)
    {
        using var own = new HttpClient(new WebhookHttp(Sandbox, Dns.GetHostAddressesAsync).Handler());
        var sender = new WebhookSender(http ?? own, Options.Create(new WebhookOptions { TimeoutSeconds = 1 }), TimeProvider.System);
        return await sender.Send(url, "evt_1", """{"type":"webhook.ping","data":{}}"""u8.ToArray(), [_secret, _old], CancellationToken.None);
    }
}
