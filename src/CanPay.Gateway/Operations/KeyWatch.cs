using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Operations;

/// <summary>Looks now and then whether there are new card keys, so that no payment has to.</summary>
internal sealed class KeyWatch(CardVault vault, IOptions<KeyOptions> options, TimeProvider clock, ILogger<KeyWatch> log) : BackgroundService
{
    private string? _said;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.RefreshSeconds), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!vault.IsLoaded)
            {
                continue;
            }

            try
            {
                var before = vault.CurrentVersion;
                await vault.Refresh(stoppingToken);
                _said = null;
                if (vault.CurrentVersion != before)
                {
                    log.CardKeyChanged(vault.CurrentVersion);
                }
            }
            catch (StartException e) when (e.Message != _said)
            {
                _said = e.Message;
                log.CardKeysNotUsable(e.Message);
            }
            catch (StartException)
            {
                // Said before; it is tried again.
            }
            catch (Exception e) when (StoreUnavailableException.Explains(e))
            {
                // Whoever needs the database says so.
            }
        }
    }
}
