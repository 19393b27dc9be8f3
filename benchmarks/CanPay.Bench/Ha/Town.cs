using System.Collections.Concurrent;
using System.Globalization;

namespace CanPay.Bench.Ha;

/// <summary>Payers that pay one payment after the other, until it is enough; each then finishes what it began.</summary>
internal sealed class Town(Site site, Ledger ledger, int payers) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentQueue<Purchase> _purchases = [];
    private readonly CancellationTokenSource _patience = new();
    private volatile bool _isEnough;
    private Task _work = Task.CompletedTask;

    public IReadOnlyCollection<Purchase> Purchases => _purchases;

    public void Open() => _work = Task.WhenAll(Enumerable.Range(0, payers).Select(payer => Task.Run(() => Live(payer))));

    public void Close()
    {
        _isEnough = true;
        _patience.CancelAfter(Patience);
        _work.Wait();
    }

    public void Dispose() => _patience.Dispose();

    private async Task Live(int payer)
    {
        for (var i = 0; !_isEnough; i++)
        {
            var purchase = new Purchase(site.Http, ledger, string.Create(CultureInfo.InvariantCulture, $"{payer}-{i}"), payer);
            _purchases.Enqueue(purchase);
            await purchase.Make(_patience.Token);
            await Task.Delay(Rest);
        }
    }
}
