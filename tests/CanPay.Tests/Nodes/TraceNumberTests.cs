using System.Globalization;
using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Tests.Payments;
using CanPay.Tests.Storage;
using Microsoft.Extensions.Time.Testing;

namespace CanPay.Tests.Nodes;

/// <summary>Trace numbers of several nodes: the same is not given twice, neither at once nor when the numbers come round.</summary>
public sealed class TraceNumberTests : IAsyncDisposable
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private readonly PostgresStoreEngine _engine = new();
    private readonly FakeTimeProvider _clock = new(SomePayment.Start);

    [Fact]
    public async Task Two_nodes_at_once_never_give_the_same()
    {
        using var one = new TraceNumbers(_engine.Acquiring, _clock);
        using var other = new TraceNumbers((IAcquiringStore)_engine.Another(), _clock);

        var given = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => (i % 2 == 0 ? one : other).Next(Ct)));

        Assert.Equal(given.Length, given.Distinct().Count());
    }

    [Fact]
    public async Task A_node_that_was_idle_does_not_give_numbers_that_have_come_round_elsewhere()
    {
        const int inABlock = 200;
        using var idle = new TraceNumbers(_engine.Acquiring, _clock);
        var first = await Number(idle);
        Assert.Equal(first + 1, await Number(idle)); // while its block is fresh

        // Others use up all numbers and are where the idle node's block lies.
        await _engine.Acquiring.ReserveTraceNumbers(999_999, Ct);
        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.NotInRange(await Number(idle), first, first + inABlock - 1);
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private static async Task<int> Number(TraceNumbers numbers) => int.Parse((await numbers.Next(Ct)).Stan, CultureInfo.InvariantCulture);
}
