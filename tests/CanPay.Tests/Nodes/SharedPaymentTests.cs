using System.Net;
using CanPay.Tests.EndToEnd;

namespace CanPay.Tests.Nodes;

/// <summary>Two nodes on one database: any of them may take any request of any payment.</summary>
public sealed class SharedPaymentTests(SharedPaymentTests.TwoNodes nodes) : IClassFixture<SharedPaymentTests.TwoNodes>
{
    private const int AtOnce = 5;

    private Installation All => nodes.Installation;

    [Fact]
    public async Task One_token_paid_in_two_tabs_on_two_nodes_at_once_is_charged_once_and_both_tabs_see_it()
    {
        const int tokens = 50;
        var before = (await All.Books()).Count;
        var made = new List<string>();
        for (var i = 0; i < tokens / AtOnce; i++)
        {
            made.AddRange(await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(PayInTwoTabs)));
        }

        var list = string.Join(',', made.Select(token => $"'{token}'"));
        Assert.Equal(tokens, await All.Count($"authorizations a JOIN payments p ON p.id = a.payment_id WHERE p.token IN ({list})"));
        Assert.Equal(tokens, await All.Count($"payments WHERE status = 'Authorized' AND token IN ({list})"));
        var rrns = await All.Ask($"SELECT rrn FROM payments WHERE token IN ({list})");
        Assert.Equal(
            rrns.Order(StringComparer.Ordinal),
            (await All.Books()).Skip(before).Where(entry => rrns.Contains(entry.Rrn)).Select(entry => entry.Rrn).Order(StringComparer.Ordinal));

        // The control: it was a race. Each node asked the network for some, by the trace numbers of its own.
        var blocks = await All.Ask($"SELECT DISTINCT ((a.stan::int - 1) / 200)::text FROM authorizations a JOIN payments p ON p.id = a.payment_id WHERE p.token IN ({list})");
        Assert.True(blocks.Count >= 2, $"Only one node ever won: blocks {string.Join(',', blocks)}");
        await All.UntilNothingIsUnderWay();
        await All.AssertClean();

        async Task<string> PayInTwoTabs(int i)
        {
            var token = await All[i % 2].Token();
            var cookies = new CookieContainer();
            using var first = All[i % 2].NewBrowser(cookies);
            using var second = All[(i + 1) % 2].NewBrowser(cookies);
            var form = Browser.FormToken(await (await first.Open(token)).Content.ReadAsStringAsync());
            Assert.Contains("cc-number", await (await second.Open(token)).Content.ReadAsStringAsync(), StringComparison.Ordinal);

            var pages = await Task.WhenAll(new[] { first, second }.Select(async tab =>
                await (await tab.Send(token, "pay", form, World.ApprovedCard, "12345")).Content.ReadAsStringAsync()));

            Assert.All(pages, page => Assert.True(
                page.Contains("پرداخت انجام شد", StringComparison.Ordinal) || page.Contains("در حال پرداخت", StringComparison.Ordinal), page));
            await Task.WhenAll(Node.UntilPaid(first, token), Node.UntilPaid(second, token));
            return token;
        }
    }

    [Fact]
    public async Task Another_browser_at_the_other_node_is_refused_and_learns_nothing()
    {
        var token = await All[0].Token();
        using var payer = All[0].NewBrowser();
        using var other = All[1].NewBrowser();
        var form = Browser.FormToken(await (await other.Open(token)).Content.ReadAsStringAsync());
        await payer.Pay(token);

        var page = await (await other.Send(token, "pay", form, World.ApprovedCard, "12345")).Content.ReadAsStringAsync();

        Assert.Contains("مرورگر دیگری", page, StringComparison.Ordinal);
        Assert.DoesNotContain("-7122", page, StringComparison.Ordinal);
        Assert.Equal(1, await All.Count($"authorizations a JOIN payments p ON p.id = a.payment_id WHERE p.token = '{token}'"));
    }

    [Fact]
    public async Task Verified_on_both_nodes_at_once_a_payment_is_verified_once_and_both_are_told_the_same()
    {
        const int payments = 60;
        var tokens = new List<string>();
        for (var i = 0; i < payments / AtOnce; i++)
        {
            tokens.AddRange(await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(k => All[k % 2].PaidToken())));
        }

        var firstAt = new int[2];
        for (var i = 0; i < payments; i++)
        {
            var (one, other) = (i % 2, (i + 1) % 2);
            var answers = await Task.WhenAll(All[one].Verify(tokens[i]), All[other].Verify(tokens[i]));

            Assert.All(answers, answer => Assert.True(answer.IsVerified, answer.Error));
            Assert.Equal(answers[0].Reference, answers[1].Reference);
            var first = Assert.Single(answers, answer => !answer.AlreadyVerified);
            firstAt[first == answers[0] ? one : other]++;
        }

        var list = string.Join(',', tokens.Select(token => $"'{token}'"));
        Assert.Equal(payments, await All.Count($"transfers t JOIN payments p ON p.id = t.payment_id WHERE t.template = 'verification' AND p.token IN ({list})"));
        Assert.All(firstAt, count => Assert.True(count > 0, "One node was always first: there was no race."));
    }

    [Fact]
    public async Task A_page_opened_on_one_node_is_submitted_on_the_other()
    {
        foreach (var (opens, takes) in new[] { (0, 1), (1, 0) })
        {
            var token = await All[opens].Token();
            var cookies = new CookieContainer();
            using var opened = All[opens].NewBrowser(cookies);
            using var submitted = All[takes].NewBrowser(cookies);
            var form = Browser.FormToken(await (await opened.Open(token)).Content.ReadAsStringAsync());

            await submitted.Send(token, "pay", form, World.ApprovedCard, "12345");

            await Node.UntilPaid(opened, token);
        }
    }

    [Fact]
    public async Task Without_the_cookie_of_the_other_node_the_same_form_is_refused()
    {
        var token = await All[0].Token();
        using var opened = All[0].NewBrowser();
        using var stranger = All[1].NewBrowser();
        var form = Browser.FormToken(await (await opened.Open(token)).Content.ReadAsStringAsync());

        var answer = await stranger.Send(token, "pay", form, World.ApprovedCard, "12345");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(0, await All.Count($"authorizations a JOIN payments p ON p.id = a.payment_id WHERE p.token = '{token}'"));
    }

    [Fact]
    public async Task A_payment_begun_on_one_node_ends_on_the_page_of_the_other()
    {
        var token = await All[0].Token();
        var cookies = new CookieContainer();
        using var begins = All[0].NewBrowser(cookies);
        using var waits = All[1].NewBrowser(cookies);

        var waiting = await begins.Pay(token, Installation.SlowCard);
        var elsewhere = await (await waits.Open(token)).Content.ReadAsStringAsync();
        await Node.UntilPaid(waits, token);

        Assert.Contains("http-equiv=\"refresh\"", waiting, StringComparison.Ordinal);
        Assert.Contains("http-equiv=\"refresh\"", elsewhere, StringComparison.Ordinal);
        Assert.True((await All[1].Verify(token)).IsVerified);
    }

    [Fact]
    public async Task Each_node_has_its_own_line_and_no_trace_number_is_given_twice()
    {
        for (var i = 0; i < 10; i++)
        {
            await Task.WhenAll(All[0].PaidToken(), All[1].PaidToken());
        }

        Assert.Contains("signed on", All[0].Process.Said, StringComparison.Ordinal);
        Assert.Contains("signed on", All[1].Process.Said, StringComparison.Ordinal);
        Assert.True(await All.Count("network_messages WHERE event = 'signed_on'") >= 2);
        Assert.Empty(await All.Ask("SELECT stan FROM authorizations GROUP BY stan HAVING count(*) > 1"));
        Assert.Empty((await All.Books()).Where(entry => entry.Kind == CanPay.Simulator.Entry.Purchase)
            .GroupBy(entry => entry.Stan, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key));
        Assert.True(
            (await All.Ask("SELECT DISTINCT ((stan::int - 1) / 200)::text FROM authorizations")).Count >= 2, "Both nodes took numbers from one block.");
    }

    public sealed class TwoNodes : IAsyncLifetime
    {
        internal Installation Installation { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Installation = await Installation.Start(
            nodes: 2, ("Simulator__SlowApprovalSeconds", "1.5"), ("Checkout__QuickAnswerMs", "300"));

        public ValueTask DisposeAsync() => Installation.DisposeAsync();
    }
}
