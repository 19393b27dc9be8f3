using System.Globalization;
using System.Security.Cryptography;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Kernel;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Cards;

/// <summary>
/// Codes by SMS, by which a payer proves to have the mobile that the shop named. A code is good once, for one payment in one
/// browser. Whether there are cards plays no part in what is sent, said or waited for.
/// </summary>
internal sealed class OneTimeCodes(IWalletStore store, ISmsSender sms, CardVault vault, IOptions<CardsOptions> options, TimeProvider clock)
{
    private const int Codes = 1_000_000;
    private const int CodeLength = 6;

    /// <summary>What the page may offer.</summary>
    public bool AreThere => sms.IsThere;

    /// <summary>Keyed hash of a mobile: what stands for it wherever it is not needed itself.</summary>
    public string Owner(string mobile) => vault.Hash("mobile", mobile);

    /// <param name="host">Ours, as the payer sees it: phones offer the code on this page only.</param>
    /// <returns>False where nothing was sent: a limit, or the provider. The payer sees the same.</returns>
    public async Task<bool> Send(
        long paymentId, long merchantId, string mobile, string browserHash, string address, string host, CancellationToken ct)
    {
        var limits = new CodeLimits(
            TimeSpan.FromSeconds(options.Value.CodesApartSeconds),
            options.Value.CodesPerMobileAndDay,
            options.Value.CodesPerAddressAndHour,
            options.Value.CodesPerMerchantAndHour);
        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var code = RandomNumberGenerator.GetInt32(Codes).ToString("000000", CultureInfo.InvariantCulture);
        var now = clock.Now();
        var sent = new SentCode(
            id, paymentId, merchantId, Owner(mobile), browserHash, address, Hash(id, code), now, now.AddSeconds(options.Value.CodeSeconds));
        return await store.TryAdd(sent, limits, ct)
            && await sms.Send(mobile, $"کن‌پی\nکد نمایش کارت‌های شما: {code}\nاین کد را به هیچ‌کس نگویید.\n@{host} #{code}", ct);
    }

    /// <summary>This browser has proved the mobile, at this payment.</summary>
    /// <returns>The proof, or null.</returns>
    public async Task<SentCode?> Proof(long paymentId, string browserHash, CancellationToken ct) =>
        await store.Find(paymentId, browserHash, ct) is { ProvedAt: not null } proof ? proof : null;

    /// <summary>Takes a try. True with the right code.</summary>
    public async Task<bool> TryProve(long paymentId, string browserHash, string code, CancellationToken ct)
    {
        var plain = Digits.Fold(code).Trim();
        return plain.Length == CodeLength && Digits.IsAll(plain)
            && await store.Find(paymentId, browserHash, ct) is { } sent
            && await store.TryProve(sent.Id, Hash(sent.Id, plain), options.Value.CodeTries, clock.Now(), ct);
    }

    private string Hash(string id, string code) => vault.Hash("one-time-code/" + id, code);
}
