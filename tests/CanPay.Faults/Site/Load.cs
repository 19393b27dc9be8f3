using System.Text.Json;
using CanPay.Faults.Books;

namespace CanPay.Faults.Site;

/// <summary>Shops and payers that pay one payment after the other, whatever happens to the gateway.</summary>
internal sealed class Load(IReadOnlyList<GatewayNode> nodes, MerchantLog log, int payers)
{
    /// <summary>The processes that start and recover need the machine more than the load does.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);

    private volatile bool _isEnough;
    private Task _work = Task.CompletedTask;

    public void Begin()
    {
        _isEnough = false;
        _work = Task.WhenAll(Enumerable.Range(0, payers).Select(_ => Task.Run(Live)));
    }

    /// <summary>Each finishes what it began.</summary>
    public Task End()
    {
        _isEnough = true;
        return _work;
    }

    /// <summary>Ends, whatever came of it.</summary>
    public async Task Abandon() => await End().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task Live()
    {
        while (!_isEnough)
        {
            try
            {
                await new Purchase(nodes, log).Make();
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or TimeoutException or JsonException
                or InvalidOperationException or KeyNotFoundException)
            {
                // A gateway was away, or said so: what became of this payment the books will say.
            }

            await Task.Delay(Rest);
        }
    }
}
