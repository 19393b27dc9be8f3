using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using CanPay.Gateway;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage.Postgres;
using CanPay.Simulator;
using CanPay.Tests.EndToEnd;

namespace CanPay.Tests.Nodes;

/// <summary>A node that dies, and one that stands still and comes back: the others finish its work, and it cannot undo theirs.</summary>
public sealed class LostNodeTests
{
    private static readonly string[] Cards = [World.ApprovedCard, World.ApprovedCard, "6037990000000006", Installation.LostAnswerCard];

    private static readonly (string Key, string Value)[] Impatient =
    [
        ("Acquiring__AnswerTimeoutSeconds", "2"), ("Acquiring__ResolveGraceSeconds", "1"), ("Jobs__LeaseSeconds", "4"),
        ("Simulator__SlowApprovalSeconds", "1.5"), ("Checkout__QuickAnswerMs", "200"),
    ];

    [Fact]
    public async Task A_node_killed_under_load_leaves_nothing_that_the_other_does_not_finish()
    {
        await using var all = await Installation.Start(nodes: 2, Impatient);
        var verified = new ConcurrentDictionary<string, string>();
        using var stop = new CancellationTokenSource();
        var load = Task.WhenAll(Enumerable.Range(0, 6).Select(payer => Load(all[payer % 2], payer, verified, stop.Token)));
        await Processes.Until("payments are verified on both nodes", () => Task.FromResult(verified.Count >= 10));

        // Some whose answer only the dying node will ever get.
        var orphans = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            var token = await all[0].Token();
            using var browser = all[0].NewBrowser();
            await browser.Pay(token, Installation.SlowCard);
            return token;
        }));
        await all[0].Process.Kill();
        var list = string.Join(',', orphans.Select(token => $"'{token}'"));
        var underWay = await all.Count($"payments WHERE status = 'Authorizing' AND token IN ({list})");
        var verifiedBefore = verified.Count;
        await Processes.Until("the other node goes on", () => Task.FromResult(verified.Count > verifiedBefore + 5));
        await stop.CancelAsync();
        await load;
        await all.UntilNothingIsUnderWay();

        Assert.True(underWay > 0, "Nothing was under way on the node when it was killed.");
        Assert.Equal(underWay, await all.Count($"payments WHERE status = 'Reversed' AND token IN ({list})"));
        var books = await all.Books();
        foreach (var rrn in await all.Ask($"SELECT rrn FROM payments WHERE status = 'Reversed' AND token IN ({list})"))
        {
            Assert.Single(books, entry => entry is { Kind: Entry.Purchase, Outcome: Entry.Approved } && entry.Rrn == rrn);
            Assert.Single(books, entry => entry is { Kind: Entry.Reversal, Outcome: Entry.Reversed } && entry.Rrn == rrn);
        }

        foreach (var (token, reference) in verified)
        {
            Assert.Equal(reference, (await all[1].Verify(token)).Reference);
        }

        await all.AssertClean();
    }

    [Fact]
    public async Task A_node_that_stood_still_past_every_deadline_is_fenced_out_when_it_comes_back()
    {
        await using var all = await Installation.Start(
            nodes: 1, [.. Impatient, ("Acquiring__AnswerTimeoutSeconds", "4"), ("Jobs__LeaseSeconds", "6")]);
        await using var database = new PostgresDatabase(all.ConnectionString);
        await using var store = new PostgresStore(database, new StorageOptions());

        // A reversal that the first node has claimed and sent, a purchase that it has sent, and a form that is sent to it.
        var form = await Form(all[0], await all[0].Token());
        await all.Network.Signal("STOP");
        var reversing = await Paid(all[0], World.ApprovedCard);
        await Processes.Until("the first node has sent the reversal", async () =>
            await store.Find(reversing, default) is { Status: PaymentStatus.Reversing, LeaseEpoch: > 0 });
        var authorizing = await Paid(all[0], World.ApprovedCard);
        await all[0].Process.Signal("STOP");
        var late = form.Submit();

        // The network does all that it was asked; only nobody reads its answers.
        await all.Network.Signal("CONT");
        await all.StartNode();
        await all.UntilNothingIsUnderWay();
        using (var cancels = all[1].NewBrowser(form.Cookies))
        {
            await cancels.Send(form.Token, "cancel", form.Key);
        }

        var before = await Told(all);
        await all[0].Process.Signal("CONT");
        var page = await late;
        await Processes.Until("the node that stood still is told that it came too late", () => Task.FromResult(
            all[0].Process.Said.Contains("came after the payment was taken for unknown", StringComparison.Ordinal)
            && (all[0].Process.Said.Contains("Reversed, Moved", StringComparison.Ordinal)
                || all[0].Process.Said.Contains("kept False", StringComparison.Ordinal))));

        Assert.Equal(before, await Told(all));
        Assert.Equal(PaymentStatus.Reversed, (await store.Find(reversing, default))!.Status);
        Assert.Equal(PaymentStatus.Reversed, (await store.Find(authorizing, default))!.Status);
        Assert.Equal(PaymentStatus.Cancelled, (await store.Find(form.Token, default))!.Status);
        Assert.DoesNotContain("""name="success" value="1" """.Trim(), page, StringComparison.Ordinal);
        var books = await all.Books();
        Assert.Equal(2, books.Count(entry => entry.Kind == Entry.Purchase));
        Assert.Equal(2, books.Count(entry => entry is { Kind: Entry.Reversal, Outcome: Entry.Reversed }));
        Assert.Contains(books, entry => entry is { Kind: Entry.Reversal, Repeats: > 0 });
        Assert.Equal("payment_returned", (await all[0].Verify(authorizing)).Error);
        await all.AssertClean();
    }

    /// <summary>What no node may add to or change any more.</summary>
    private static Task<List<string>> Told(Installation all) => all.Ask(
        """
        SELECT 'payment ' || id || ' ' || status || ' ' || version FROM payments
        UNION ALL SELECT 'transition ' || payment_id || ' ' || version || ' ' || to_status FROM transitions
        UNION ALL SELECT 'transfer ' || reference || ' ' || amount_rials FROM transfers
        ORDER BY 1
        """);

    private static async Task<string> Paid(Node node, string card)
    {
        var token = await node.Token();
        using var browser = node.NewBrowser();
        await browser.Pay(token, card);
        return token;
    }

    private static async Task<OpenForm> Form(Node node, string token)
    {
        var cookies = new CookieContainer();
        using var browser = node.NewBrowser(cookies);
        return new OpenForm(node, token, cookies, Browser.FormToken(await (await browser.Open(token)).Content.ReadAsStringAsync()));
    }

    private static async Task Load(Node node, int payer, ConcurrentDictionary<string, string> verified, CancellationToken ct)
    {
        for (var i = payer; !ct.IsCancellationRequested; i++)
        {
            try
            {
                var token = await node.Token(1_000 + payer);
                using var browser = node.NewBrowser();
                await browser.Pay(token, Cards[i % Cards.Length]);
                if (await node.Verify(token) is { Reference: { } reference })
                {
                    verified[token] = reference;
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or JsonException or InvalidOperationException)
            {
                // The node was killed: what became of this one, the books will say.
                await Task.Delay(20, CancellationToken.None);
            }
        }
    }

    private sealed record OpenForm(Node Node, string Token, CookieContainer Cookies, string Key)
    {
        public async Task<string> Submit()
        {
            using var browser = Node.NewBrowser(Cookies);
            return await (await browser.Send(Token, "pay", Key, World.ApprovedCard, "12345")).Content.ReadAsStringAsync();
        }
    }
}
