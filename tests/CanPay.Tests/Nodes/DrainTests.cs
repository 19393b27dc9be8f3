using System.Collections.Concurrent;
using System.Text.Json;
using CanPay.Tests.EndToEnd;

namespace CanPay.Tests.Nodes;

/// <summary>A node that is told to stop leaves without anybody noticing.</summary>
public sealed class DrainTests
{
    [Fact]
    public async Task A_node_leaves_under_load_without_one_failed_request()
    {
        await using var all = await Installation.Start(nodes: 2, ("Http__DrainSeconds", "300"), ("Checkout__QuickAnswerMs", "2000"));
        using var balancer = new Balancer([all[0], all[1]]);
        using var stop = new CancellationTokenSource();
        var payers = Task.WhenAll(Enumerable.Range(0, 6).Select(_ => balancer.Load(stop.Token)));
        await Processes.Until("both nodes serve", () => Task.FromResult(balancer.Served[0] > 50 && balancer.Served[1] > 50));

        await all[0].Process.Signal("TERM");
        await Processes.Until("the balancer turns away from the node", () => Task.FromResult(!balancer.Uses(0) && balancer.UnderWay[0] == 0));
        Assert.False(all[0].Process.HasExited);
        using (var answer = await all[0].Http.GetAsync("/health/live"))
        {
            Assert.True(answer.IsSuccessStatusCode, "A node that drains still serves.");
            Assert.True(answer.Headers.ConnectionClose, "A node that drains ends its connections.");
        }

        // The time to drain is over: how long that takes is the operator's setting, not this machine's speed.
        await all[0].Process.Signal("TERM");
        Assert.Equal(0, await all[0].Process.Exited());
        var alone = balancer.Served[1];
        await Processes.Until("the other node goes on", () => Task.FromResult(balancer.Served[1] > alone + 50));
        await stop.CancelAsync();
        await payers;

        Assert.Empty(balancer.Failures);
        await all.UntilNothingIsUnderWay();
        await all.AssertClean();
    }

    [Fact]
    public async Task Without_draining_the_same_client_sees_failures()
    {
        await using var all = await Installation.Start(nodes: 2, ("Http__DrainSeconds", "0"), ("Checkout__QuickAnswerMs", "2000"));
        using var balancer = new Balancer([all[0], all[1]]);
        using var stop = new CancellationTokenSource();
        var payers = Task.WhenAll(Enumerable.Range(0, 6).Select(_ => balancer.Load(stop.Token)));
        await Processes.Until("both nodes serve", () => Task.FromResult(balancer.Served[0] > 50 && balancer.Served[1] > 50));

        // The control: no check comes between the end of the node and the next requests.
        balancer.Looks = false;
        await all[0].Process.Signal("TERM");
        await Processes.Until("requests fail", () => Task.FromResult(!balancer.Failures.IsEmpty));
        await stop.CancelAsync();
        await payers;
    }

    [Fact]
    public async Task Draining_ends_by_itself_and_at_once_by_a_second_SIGTERM_or_SIGINT()
    {
        await using var all = await Installation.Start(nodes: 2, ("Http__DrainSeconds", "300"));
        var brief = await all.StartNode(("Http__DrainSeconds", "1"));

        await all[0].Process.Signal("TERM");
        await Processes.Until("it drains", async () => !await Processes.IsReady(all[0].Http));
        Assert.Contains("\"name\":\"node\",\"fine\":false", await Health(all[0]), StringComparison.Ordinal);
        await all[0].Process.Signal("TERM");
        await all[1].Process.Signal("INT");
        await brief.Process.Signal("TERM");

        Assert.Equal(0, await all[0].Process.Exited());
        Assert.Equal(0, await all[1].Process.Exited());
        Assert.Equal(0, await brief.Process.Exited());
        Assert.Contains("still serving for 1 s", brief.Process.Said, StringComparison.Ordinal);
    }

    private static async Task<string> Health(Node node)
    {
        using var answer = await node.Http.GetAsync("/health/ready");
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Spreads requests over the nodes whose last check went well, as a load balancer does.</summary>
    private sealed class Balancer : IDisposable
    {
        private readonly Node[] _nodes;
        private readonly bool[] _isReady;
        private readonly CancellationTokenSource _stop = new();
        private int _next;

        public Balancer(Node[] nodes)
        {
            _nodes = nodes;
            _isReady = [.. nodes.Select(_ => true)];
            Served = new int[nodes.Length];
            for (var i = 0; i < nodes.Length; i++)
            {
                _ = Look(i);
            }
        }

        public int[] Served { get; }

        public int[] UnderWay { get; } = new int[2];

        /// <summary>What a merchant or a payer would have seen as an error.</summary>
        public ConcurrentQueue<string> Failures { get; } = new();

        /// <summary>Goes on checking the nodes.</summary>
        public bool Looks { get; set; } = true;

        public bool Uses(int node) => Volatile.Read(ref _isReady[node]);

        /// <summary>Merchants and payers, one request after the other, each to a node that takes requests.</summary>
        public async Task Load(CancellationToken ct)
        {
            while (!ct.IsCancellationRequested)
            {
                if (await Send("token", node => node.Token()) is not { } token)
                {
                    continue;
                }

                await Send("pay", async node =>
                {
                    using var browser = node.NewBrowser();
                    var form = Browser.FormToken(await (await browser.Open(token)).Content.ReadAsStringAsync());
                    using var answer = await browser.Send(token, "pay", form, World.ApprovedCard, "12345");
                    return answer.EnsureSuccessStatusCode().StatusCode.ToString();
                });
                await Send("verify", async node => (await node.Verify(token)).Error ?? "verified");
            }
        }

        public void Dispose()
        {
            _stop.Cancel();
            _stop.Dispose();
        }

        private async Task<string?> Send(string what, Func<Node, Task<string>> request)
        {
            var node = Next();
            try
            {
                Interlocked.Increment(ref UnderWay[node]);
                var answer = await request(_nodes[node]);
                Interlocked.Increment(ref Served[node]);
                return answer;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or JsonException or InvalidOperationException or TaskCanceledException)
            {
                Failures.Enqueue($"{what} at node {node}: {e.Message} {e.InnerException?.Message}");
                await Task.Delay(20, CancellationToken.None);
                return null;
            }
            finally
            {
                Interlocked.Decrement(ref UnderWay[node]);
            }
        }

        private int Next()
        {
            while (true)
            {
                var node = (int)((uint)Interlocked.Increment(ref _next) % _nodes.Length);
                if (Uses(node))
                {
                    return node;
                }
            }
        }

        private async Task Look(int node)
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
            while (!_stop.IsCancellationRequested)
            {
                if (Looks && await Processes.IsReady(_nodes[node].Http) is var isReady && Looks)
                {
                    Volatile.Write(ref _isReady[node], isReady); // unless it was told meanwhile to look no more
                }

                await timer.WaitForNextTickAsync(CancellationToken.None);
            }
        }
    }
}
